/**
 * A first sync of Salesforce contacts by Bulk API from the simulator, over HTTP, through the engine into SQLite: records
 * per second, and the most memory that the process had (target: under 400 MB for a million).
 *
 *   node --conditions=@crochet/source benchmarks/src/bulk.ts [contacts]
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { FetchHttpClient } from "effect/http"
import { connector } from "@crochet/connector-salesforce"
import {
  Access,
  Connectors,
  CoreServices,
  DestinationPolicy,
  Integrations,
  IntegrationsLive,
  RunEngine,
  Syncs,
  Transport
} from "@crochet/core"
import { NodeCrypto } from "@crochet/runtime-node"
import { stores } from "./Database.ts"
import { howMany } from "./HowMany.ts"

interface App {
  readonly url: string
  readonly tokenUrl: string
  readonly accessToken: string
  readonly refreshToken: string
}

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)
const count = howMany(100_000)
const folder = mkdtempSync(join(tmpdir(), "crochet-bulk-"))
process.once("exit", () => rmSync(folder, { recursive: true, force: true }))

const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, "bulk-app.ts"), String(count)], {
  stdio: ["pipe", "pipe", "inherit"]
})
const app = await new Promise<App>((resolve, reject) => {
  createInterface(child.stdout).once("line", (line) => resolve(JSON.parse(line) as App))
  child.once("exit", (code) => reject(new Error(`The simulator ended with ${code}`)))
})

const environment = Layer.mergeAll(
  stores("SQLite", folder),
  NodeCrypto.layer,
  Connectors.Connectors.layer([connector]),
  Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
  // The simulator is on this machine, where the guard of the real way out would not let anybody go.
  FetchHttpClient.layer,
  Layer.succeed(Transport.Transport, { post: () => Effect.succeed({ status: 200 }) })
)
const layer = CoreServices.layer({
  masterKey: Redacted.make(new Uint8Array(32).fill(1)),
  apps: {
    baseUrl: () => app.url,
    oauthClient: () => ({ clientId: "bench", clientSecret: Redacted.make("bench"), tokenUrl: app.tokenUrl })
  },
  // Nothing is delivered here: the outbox may grow.
  runs: { ...RunEngine.defaultSettings("bench"), maxBacklog: Number.POSITIVE_INFINITY },
  testAccounts: IntegrationsLive.defaultLimits
}).pipe(Layer.provideMerge(environment))

const program = Effect.gen(function* () {
  const access = yield* Access.Access
  const { created } = yield* access.bootstrap()
  const principal = yield* access.authenticate(created!)
  const integrations = yield* Integrations.Integrations
  const integration = yield* integrations.import(principal, {
    appId: "salesforce",
    originOrgId: "org",
    settings: { instanceUrl: "https://bench.my.salesforce.com", bulkFrom: "1000" },
    credentials: { accessToken: app.accessToken, refreshToken: app.refreshToken }
  })
  const syncs = yield* Syncs.Syncs
  const engine = yield* RunEngine.RunEngine
  const { run } = yield* syncs.start(principal, created!, integration.id, {
    dataType: "crm_contacts",
    models: ["crm_contact_info", "crm_contact_emails", "crm_contact_phones", "crm_contact_addresses"],
    destination: "https://receiver.example/hook",
    syncType: "initial_sync"
  })
  const before = megabytes(process.memoryUsage.rss())
  const started = performance.now()
  yield* engine.runNext
  const seconds = (performance.now() - started) / 1000
  const ended = yield* syncs.run(principal, run.id)
  if (ended.emitted !== count) {
    return yield* Effect.die(
      new Error(`${ended.status}, ${ended.emitted} of ${count}: ${JSON.stringify(ended.issues)}`)
    )
  }
  // The kernel's own high-water mark, in kilobytes: no sampling can miss a peak.
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  return { seconds, before, peak, calls: ended.counts.calls }
})

const { before, calls, peak, seconds } = await Effect.runPromise(Effect.scoped(Effect.provide(program, layer)))
console.log(`Bulk: ${count.toLocaleString("en")} Salesforce contacts, four models, Node ${process.versions.node}`)
console.table([
  {
    "records/s": Math.round(count / seconds),
    seconds: seconds.toFixed(1),
    "API calls": calls,
    "peak resident MB": peak,
    "before the run MB": before,
    "database MB": megabytes(statSync(join(folder, "bench.db")).size)
  }
])
child.stdin.end()
