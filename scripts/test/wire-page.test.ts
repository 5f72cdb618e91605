import { readFileSync } from "node:fs"
import { EventType } from "@crochet/core"
import { createCrochet } from "@crochet/runtime-node"
import { assert, describe, it } from "vitest"

const page = readFileSync(new URL("../../docs/wire.md", import.meta.url), "utf8")

describe("docs/wire.md", () => {
  it("names every call of the interface, and none that is not there", async () => {
    const crochet = await createCrochet({ connectors: [], database: "sqlite::memory:" })
    try {
      const { paths } = (await (await crochet.handler(new Request("http://host/openapi.json"))).json()) as {
        paths: Record<string, object>
      }
      const served = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/v1.0/", "")}`)
      )
      const described = [...page.matchAll(/^\| `((?:GET|POST) [\w.]+)` \|/gm)].map((match) => match[1]!)
      assert.deepStrictEqual(described.sort(), served.sort())
    } finally {
      await crochet.close()
    }
  })

  it("names every event type", () => {
    assert.deepStrictEqual(
      EventType.eventTypes.filter((type) => !page.includes(`\`${type}\``)),
      []
    )
  })
})
