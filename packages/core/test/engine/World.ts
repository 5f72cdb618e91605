import { assert } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import type { Connector, Refusal } from "@crochet/core"
import {
  Access,
  Connectors,
  CoreServices,
  DestinationPolicy,
  Destinations,
  DestinationStore,
  Dispatcher,
  Events,
  Integrations,
  TestAccounts,
  AuthorizationStore,
  type Authorizations,
  IntegrationStore,
  KeyStore,
  Maintenance,
  OutboxStore,
  PortableCrypto,
  Replayer,
  ReplayEngine,
  Replays,
  ReplayStore,
  RevocationStore,
  RunEngine,
  SyncStore,
  Syncs,
  Transport
} from "@crochet/core"
import * as MemoryAuthorizationStore from "../../src/store/memory/MemoryAuthorizationStore.ts"
import * as MemoryDestinationStore from "../../src/store/memory/MemoryDestinationStore.ts"
import * as MemoryIntegrationStore from "../../src/store/memory/MemoryIntegrationStore.ts"
import * as MemoryKeyStore from "../../src/store/memory/MemoryKeyStore.ts"
import * as MemoryOutboxStore from "../../src/store/memory/MemoryOutboxStore.ts"
import { empty, type MemoryState } from "../../src/store/memory/MemoryState.ts"
import * as MemoryReplayStore from "../../src/store/memory/MemoryReplayStore.ts"
import * as MemoryRevocationStore from "../../src/store/memory/MemoryRevocationStore.ts"
import * as MemorySyncStore from "../../src/store/memory/MemorySyncStore.ts"
import { login, makeApp, makeInbox, type App, type Inbox } from "./Harness.ts"

/** Everything that is stored, as text: two equal ones mean that nothing was written in between. */
export const dump = (state: MemoryState): string =>
  JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value instanceof Uint8Array ? [...value].join() : value
  )

/** Core over stores that the test can look into. */
export const world = (options: {
  readonly people?: number
  readonly connector?: (connector: Connector.Connector) => Connector.Connector
  readonly limits?: TestAccounts.TestAccountLimits
  /** Instead of deliveries: their polling makes months of a TestClock slow. */
  readonly maintenance?: Maintenance.MaintenanceSettings
  readonly replaying?: Partial<ReplayEngine.ReplaySettings>
  readonly replays?: (store: ReplayStore.ReplayStore["Service"]) => ReplayStore.ReplayStore["Service"]
  readonly sync?: (store: SyncStore.SyncStore["Service"]) => SyncStore.SyncStore["Service"]
}) => {
  const state = empty()
  const { app, connector } = makeApp(
    Array.from({ length: options.people ?? 3 }, (_, i) => ({ id: `p${i}`, name: `Name ${i}` }))
  )
  const inbox = makeInbox()
  const stores = Context.make(KeyStore.KeyStore, MemoryKeyStore.make(state)).pipe(
    Context.add(IntegrationStore.IntegrationStore, MemoryIntegrationStore.make(state)),
    Context.add(AuthorizationStore.AuthorizationStore, MemoryAuthorizationStore.make(state)),
    Context.add(RevocationStore.RevocationStore, MemoryRevocationStore.make(state)),
    Context.add(DestinationStore.DestinationStore, MemoryDestinationStore.make(state)),
    Context.add(SyncStore.SyncStore, (options.sync ?? ((store) => store))(MemorySyncStore.make(state))),
    Context.add(OutboxStore.OutboxStore, MemoryOutboxStore.make(state)),
    Context.add(ReplayStore.ReplayStore, (options.replays ?? ((store) => store))(MemoryReplayStore.make(state)))
  )
  const replayer = Replayer.Replayer.layer({
    ...ReplayEngine.defaultSettings("test"),
    workers: 0,
    everyMillis: 500,
    ...options.replaying
  })
  const loop: Layer.Layer<
    ReplayEngine.ReplayEngine,
    Dispatcher.InvalidDispatcherOptions,
    | Layer.Services<ReturnType<typeof Dispatcher.Dispatcher.layer>>
    | Layer.Services<ReturnType<typeof Replayer.Replayer.layer>>
    | Authorizations.Authorizations
    | TestAccounts.TestAccounts
  > =
    options.maintenance === undefined
      ? Layer.merge(replayer, Dispatcher.Dispatcher.layer())
      : Layer.merge(
          ReplayEngine.ReplayEngine.layer(ReplayEngine.defaultSettings("test")),
          Maintenance.Maintenance.layer(options.maintenance)
        )
  const layer = loop.pipe(
    Layer.provideMerge(
      CoreServices.layer({
        masterKey: Redacted.make(new Uint8Array(32).fill(7)),
        apps: { baseUrl: () => undefined, oauthClient: () => undefined },
        runs: RunEngine.defaultSettings("test"),
        testAccounts: options.limits ?? TestAccounts.defaultLimits
      })
    ),
    Layer.provideMerge(
      Layer.mergeAll(
        Layer.succeedContext(stores),
        PortableCrypto.layer,
        Connectors.Connectors.layer([options.connector?.(connector) ?? connector]),
        Layer.succeed(DestinationPolicy.DestinationPolicy, {
          check: (url) => Effect.succeed(url.startsWith("https://") ? null : "The URL is not https.")
        }),
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make(() => Effect.die(new Error("the made-up app has no HTTP")))
        ),
        Layer.succeed(Transport.Transport, {
          post: (request) =>
            Effect.sync(() => {
              const event = JSON.parse(new TextDecoder().decode(request.body)) as Inbox["events"][number]
              const status = inbox.answer(event)
              if (status === 200) inbox.events.push(event)
              return { status }
            })
        })
      )
    )
  )
  return { app, inbox, state, layer }
}

/** The services and the first principal. */
export const services = Effect.gen(function* () {
  const { key, principal } = yield* login
  return {
    key,
    principal,
    access: yield* Access.Access,
    destinations: yield* Destinations.Destinations,
    engine: yield* RunEngine.RunEngine,
    events: yield* Events.Events,
    integrations: yield* Integrations.Integrations,
    replays: yield* Replays.Replays,
    replayEngine: yield* ReplayEngine.ReplayEngine,
    syncs: yield* Syncs.Syncs
  }
})

/** What a test of the services works with. */
export type Services = Effect.Success<typeof services> & {
  readonly app: App
  readonly inbox: Inbox
  readonly state: MemoryState
  /** Executes what is queued and delivers it. */
  readonly run: Effect.Effect<void, unknown>
  /** The call is refused with this code, field and a remedy, and writes nothing. */
  readonly refused: (
    call: Effect.Effect<unknown, Refusal.Refusal>,
    code: string,
    field?: string
  ) => Effect.Effect<Refusal.Refusal>
}

/** Runs a test of the services in a world of its own. */
export const inWorld = (
  test: (services: Services) => Effect.Effect<void, unknown>,
  options: Parameters<typeof world>[0] = {}
) => {
  const { app, inbox, layer, state } = world(options)
  return Effect.flatMap(services, (all) =>
    test({
      ...all,
      app,
      inbox,
      state,
      run: Effect.gen(function* () {
        while (yield* all.engine.runNext) yield* Effect.void
        while (yield* all.replayEngine.runNext) yield* Effect.void
        for (let i = 0; i < 10; i++) yield* Effect.andThen(TestClock.adjust("500 millis"), Effect.yieldNow)
      }),
      refused: Effect.fnUntraced(function* (call, code, field) {
        const before = dump(state)
        const refusal = yield* Effect.orDie(Effect.flip(call))
        assert.strictEqual(refusal.code, code, refusal.msg)
        assert.strictEqual(refusal.field, field)
        assert.isAbove(refusal.resolution?.length ?? 0, 0, `${code} names no remedy`)
        assert.strictEqual(dump(state), before, `${code} changed something`)
        return refusal
      })
    })
  ).pipe(Effect.provide(layer))
}
