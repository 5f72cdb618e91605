import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import { apps } from "../../demo/Apps.ts"

const main = fileURLToPath(new URL("../../demo/main.ts", import.meta.url))

/** The demo from its sources, as `npm run demo -- --once` runs it when everything is built. */
const runDemo = (args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number | null; readonly text: string }>((resolve) => {
    const child = spawn(process.execPath, ["--conditions=@crochet/source", main, "--once", ...args])
    let text = ""
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => void (text += chunk.toString("utf8")))
    child.once("close", (code) => resolve({ code, text }))
  })

it.each(apps.map((app, at) => [app.name, at === 0 ? [] : ["--app", app.id]] as const))(
  "every claim of the demo holds with %s",
  async (name, args) => {
    const { code, text } = await runDemo(args)
    assert.notInclude(text, "✗", text)
    assert.include(text, `${name} simulator`, text)
    assert.include(text, "Everything held", text)
    assert.strictEqual(text.match(/✓/g)?.length, 17, text)
    assert.strictEqual(code, 0, text)
  }
)
