import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { SyncStore } from "@crochet/core"
import { Integrations, RunEngine, Syncs, type Run } from "@crochet/core"
import { layer, login, makeApp, makeInbox, type Person, type App, type Inbox } from "./Harness.ts"

export const people = (count: number): ReadonlyArray<Person> =>
  Array.from({ length: count }, (_, i) => ({ id: `p${i}`, name: `Name ${i}` }))

/** Connects the made-up app and starts its sync; `run` reads what is queued, `delta` runs another delta, `settle` delivers. */
export const connect = Effect.gen(function* () {
  const { key, principal } = yield* login
  const integrations = yield* Integrations.Integrations
  const syncs = yield* Syncs.Syncs
  const engine = yield* RunEngine.RunEngine
  const integration = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
  const start = (request: Partial<Syncs.StartRequest> = {}) =>
    syncs.start(principal, key, integration.id, {
      dataType: "employee",
      destination: "https://receiver.test/hook",
      ...request
    })
  const settle = Effect.forEach(
    Array.from({ length: 20 }),
    () => Effect.andThen(TestClock.adjust("500 millis"), Effect.yieldNow),
    { discard: true }
  )
  const run = Effect.gen(function* () {
    while (yield* engine.runNext) yield* Effect.void
    yield* settle
  })
  const sync = (request: Partial<Syncs.StartRequest> = {}) =>
    Effect.gen(function* () {
      const { run: started } = yield* start(request)
      yield* run
      return yield* syncs.run(principal, started.id)
    })
  const delta = sync({ syncType: "delta_sync" })
  return { principal, key, integration, integrations, syncs, engine, start, run, sync, delta, settle }
})

/** Runs a test against a made-up company of so many people. */
export const scenario = (
  count: number,
  test: (
    world: { readonly app: App; readonly inbox: Inbox } & Effect.Success<typeof connect>
  ) => Effect.Effect<void, unknown, SyncStore.SyncStore>,
  settings: Partial<RunEngine.RunSettings> = {}
) => {
  const { app, connector } = makeApp(people(count))
  const inbox = makeInbox()
  return Effect.flatMap(connect, (world) => test({ ...world, app, inbox })).pipe(
    Effect.provide(layer(connector, inbox, settings))
  )
}

export const types = (inbox: Inbox, run?: Run.Run) =>
  inbox.events.filter((event) => run === undefined || event.syncRunId === run.id).map((event) => event.eventType)
export const records = (inbox: Inbox, run: Run.Run, type: string) =>
  inbox.events
    .filter((event) => event.syncRunId === run.id && event.eventType === type)
    .map((event) => event.recordId)
    .sort()
export const closing = ["sync.events.processed", "sync.events.allEmitted", "sync.events.allConsumed"]
