import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Connector } from "@crochet/core"
import { createCrochet, type ReceivedEvent } from "@crochet/runtime-node"
import { assert, it } from "vitest"
import { fencesOf } from "../check-snippets.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The connector of docs/connectors.md, as a reader copies it. */
const documented = async (): Promise<Connector.Connector> => {
  const [fence] = fencesOf(readFileSync(join(root, "docs/connectors.md"), "utf8"))
  // Inside of the repository, so that its imports are found.
  const folder = mkdtempSync(join(root, "scripts/test/.connector-"))
  try {
    writeFileSync(join(folder, "acme.ts"), fence!.code)
    return (await import(pathToFileURL(join(folder, "acme.ts")).href)).acme
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The app that the page imagines: pages of two, changes since an instant, deletions. */
const startAcme = async () => {
  const person = (id: string, changed: string, left: string | null = null) => ({
    id,
    given: `Given ${id}`,
    family: "Example",
    mail: `${id}@acme.example`,
    left,
    changed
  })
  const state = { people: ["a", "b", "c"].map((id) => person(id, "1")), removed: [] as Array<string>, asOf: "1" }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://acme")
    const answer = (body: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
    if (request.headers.authorization !== "Bearer good") return void response.writeHead(401).end("{}")
    if (url.pathname === "/v1/company") return void answer({ id: "1", name: "Acme" })
    const since = url.searchParams.get("changed_since") ?? ""
    const from = Number(url.searchParams.get("cursor") ?? 0)
    const found = state.people.filter(({ changed }) => changed > since)
    answer({
      people: found.slice(from, from + 2),
      ...(since === "" ? {} : { removed: state.removed }),
      next: from + 2 < found.length ? String(from + 2) : null,
      asOf: state.asOf
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { person, server, state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

it("the connector of docs/connectors.md lists, follows changes and deletions, and says why a key is refused", async () => {
  const acme = await startAcme()
  let ended = (_: ReadonlyArray<string>) => {}
  let events: Array<string> = []
  const nextRun = () => new Promise<ReadonlyArray<string>>((resolve) => void (ended = resolve))
  const onEvent = ({ eventType, recordId }: ReceivedEvent) => {
    if (recordId !== undefined) events.push(`${eventType} ${recordId}`)
    if (eventType !== "sync.events.allConsumed") return
    ended(events.sort())
    events = []
  }
  const crochet = await createCrochet({
    connectors: [await documented()],
    database: "sqlite::memory:",
    baseUrls: { "acme-people": acme.url },
    egressAllow: ["127.0.0.0/8"],
    onEvent
  })
  try {
    const account = { appId: "acme-people", originOrgId: "acme", settings: { tenant: "acme" } }
    const refused = await crochet.integrations
      .import({ ...account, credentials: { apiKey: "bad" } })
      .catch((error: unknown) => error)
    assert.include(refused, { status: 422, code: "auth.invalid_credentials" })

    const initial = nextRun()
    const { integrationId } = await crochet.integrations.import({ ...account, credentials: { apiKey: "good" } })
    assert.deepStrictEqual(await initial, ["record.new a", "record.new b", "record.new c"])

    acme.state.people = [
      { ...acme.person("a", "2"), given: "Renamed" },
      acme.person("b", "2", "2026-01-31"),
      acme.person("d", "2")
    ]
    acme.state.removed = ["c"]
    acme.state.asOf = "2"
    const delta = nextRun()
    await crochet.syncs.start({ integrationId, dataType: "employee", syncType: "delta_sync" })
    assert.deepStrictEqual(await delta, ["record.deleted b", "record.deleted c", "record.modified a", "record.new d"])
  } finally {
    await crochet.close()
    acme.server.closeAllConnections()
    acme.server.close()
  }
})
