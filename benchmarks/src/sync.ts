/**
 * Records per second through normalise, fingerprint, diff and sealed outbox into SQLite and Postgres (flushed at each
 * commit), against the limit of any design on this machine: JSON.parse and SHA-256 of the same texts, in one thread.
 *
 *   node --conditions=@crochet/source benchmarks/src/sync.ts [employees] [sqlite] [postgres]
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
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
import { type Kind, kinds, stores } from "./Database.ts"
import { generatedCompany } from "./GeneratedCompany.ts"
import { howMany } from "./HowMany.ts"

interface Measured {
  readonly what: string
  readonly perSecond: number
  readonly residentMegabytes: number
}

const residentMegabytes = () => Math.round(process.memoryUsage.rss() / 1_048_576)

/** The limit, measured in a process of its own: what it leaves on the heap must not count as ours. */
const limitOf = (folder: string, count: number): number =>
  Number(
    execFileSync(
      process.execPath,
      [...process.execArgv, join(import.meta.dirname, "limit.ts"), folder, String(count)],
      {
        encoding: "utf8"
      }
    )
  )

/** Writes the texts of all pages, and of those of a later day, in a process of its own: making them is the app's work. */
const writePages = (folder: string, count: number): void =>
  void execFileSync(process.execPath, [
    ...process.execArgv,
    join(import.meta.dirname, "texts.ts"),
    folder,
    String(count)
  ])

/** Syncs so many generated people into the database: initially, unchanged, and with some changed. */
const measureSync = (kind: Kind, folder: string, count: number): Promise<ReadonlyArray<Measured>> => {
  let day = "first"
  const textOf = (page: number) => readFileSync(join(folder, `${day}-${page}.json`), "utf8")
  const environment = Layer.mergeAll(
    stores(kind, folder),
    NodeCrypto.layer,
    Connectors.Connectors.layer([generatedCompany(count, textOf)]),
    Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
    Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make(() => Effect.die(new Error("no network")))
    ),
    Layer.succeed(Transport.Transport, { post: () => Effect.succeed({ status: 200 }) })
  )
  const layer = CoreServices.layer({
    masterKey: Redacted.make(new Uint8Array(32).fill(1)),
    apps: { baseUrl: () => undefined, oauthClient: () => undefined },
    // Nothing is delivered here: the outbox may grow.
    runs: {
      ...RunEngine.defaultSettings("bench"),
      maxBacklog: Number.POSITIVE_INFINITY,
      guard: { records: count, share: 1 }
    },
    testAccounts: IntegrationsLive.defaultLimits
  }).pipe(Layer.provideMerge(environment))

  const program = Effect.gen(function* () {
    const access = yield* Access.Access
    const { created } = yield* access.bootstrap()
    const principal = yield* access.authenticate(created!)
    const integrations = yield* Integrations.Integrations
    const integration = yield* integrations.import(principal, { appId: "generated", originOrgId: "org" })
    const syncs = yield* Syncs.Syncs
    const engine = yield* RunEngine.RunEngine
    const measure = Effect.fnUntraced(function* (what: string, syncType: "initial_sync" | "delta_sync") {
      const { run } = yield* syncs.start(principal, created!, integration.id, {
        dataType: "employee",
        models: ["employee_profile", "employee_orgStructure"],
        destination: "https://receiver.example/hook",
        syncType
      })
      const started = performance.now()
      yield* engine.runNext
      const millis = performance.now() - started
      const ended = yield* syncs.run(principal, run.id)
      if (ended.status !== "processed" && ended.status !== "completed") {
        return yield* Effect.die(new Error(`${what}: ${ended.status}: ${JSON.stringify(ended.issues)}`))
      }
      const perSecond = (count / millis) * 1000
      return {
        what: `${what} (${ended.emitted.toLocaleString("en")} events)`,
        perSecond,
        residentMegabytes: residentMegabytes()
      }
    })
    const results: Array<Measured> = []
    results.push(yield* measure("initial sync", "initial_sync"))
    results.push(yield* measure("unchanged re-listing", "delta_sync"))
    day = "second"
    results.push(yield* measure("re-listing, some changed", "delta_sync"))
    return results
  })
  return Effect.runPromise(Effect.scoped(Effect.provide(program, layer)))
}

const count = howMany(100_000)
const folder = mkdtempSync(join(tmpdir(), "crochet-bench-"))
process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
writePages(folder, count)
const before = limitOf(folder, count)
const measured: Array<Measured & { readonly kind: Kind }> = []
for (const kind of kinds(process.argv.slice(3))) {
  for (const one of await measureSync(kind, folder, count)) measured.push({ kind, ...one })
}
const limit = (before + limitOf(folder, count)) / 2
console.log(`Sync: ${count.toLocaleString("en")} employees of 1.2 KB, two models, Node ${process.versions.node}`)
console.table([
  { what: "limit: JSON.parse + SHA-256", "records/s": Math.round(limit), "of the limit": "1.000" },
  ...measured.map(({ kind, perSecond, residentMegabytes, what }) => ({
    what: `${kind}: ${what}`,
    "records/s": Math.round(perSecond),
    "of the limit": (perSecond / limit).toFixed(3),
    "resident MB": residentMegabytes
  }))
])
