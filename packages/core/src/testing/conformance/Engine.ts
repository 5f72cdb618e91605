import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import * as HttpClient from "effect/http/HttpClient"
import type { Connector } from "../../connector/Connector.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import { Transport } from "../../delivery/Transport.ts"
import { DestinationPolicy } from "../../destination/DestinationPolicy.ts"
import { Connectors } from "../../service/Connectors.ts"
import * as CoreServices from "../../service/CoreServices.ts"
import * as MemoryStore from "../../store/memory/MemoryStore.ts"
import type { MemoryState } from "../../store/memory/MemoryState.ts"
import { SyncStore } from "../../store/SyncStore.ts"
import { defaultSettings } from "../../sync/RunEngine.ts"
import { Crypto } from "../../vault/Crypto.ts"
import { SeededRandom } from "../simulation/SeededRandom.ts"
import * as SimulatedCrypto from "../simulation/SimulatedCrypto.ts"
import { isAbsent, type RunningApp } from "./Sandbox.ts"
import { textOf } from "./Written.ts"

/** Where a check steps in. */
export interface Hooks {
  /** After each committed page. */
  onPage: Effect.Effect<void> | undefined
  /** Between each listing of the connector and the engine. */
  listing: ((pages: ReturnType<AnyResource["list"]>) => typeof pages) | undefined
}

/** The connector, with the hook in its listings. */
const hooked = (connector: Connector, hooks: Hooks): Connector => ({
  ...connector,
  resources: connector.resources.map((resource) => ({
    ...resource,
    list: (context) => {
      const pages = resource.list(context)
      return hooks.listing === undefined ? pages : hooks.listing(pages)
    }
  }))
})

const stores = (state: MemoryState, hooks: Hooks) => {
  const all = MemoryStore.over(state)
  const sync = Context.get(all, SyncStore)
  const commitPage: typeof sync.commitPage = (lease, page) =>
    Effect.tap(sync.commitPage(lease, page), () => hooks.onPage ?? Effect.void)
  return Context.add(all, SyncStore, { ...sync, commitPage })
}

const ears = (written: Array<string>) =>
  Layer.mergeAll(
    Logger.layer([
      Logger.make(({ cause, fiber, message }) => {
        written.push(textOf([message, Cause.pretty(cause), fiber.getRef(References.CurrentLogAnnotations)]))
      })
    ]),
    Layer.succeed(
      Tracer.Tracer,
      Tracer.make({
        span: (given) => {
          const span = new Tracer.NativeSpan(given)
          const attribute = span.attribute.bind(span)
          span.attribute = (key, value) => {
            written.push(textOf([key, value]))
            attribute(key, value)
          }
          return span
        }
      })
    )
  )

const deaf = Layer.mergeAll(Logger.layer([]), Layer.succeed(References.TracerEnabled, false))

/** The real engine on stores in memory, talking to the app; nothing is delivered. */
export const layer = ({
  app,
  client,
  connector,
  hooks,
  listening,
  seed,
  state,
  written
}: {
  readonly app: RunningApp
  readonly client: HttpClient.HttpClient
  readonly connector: Connector
  readonly hooks: Hooks
  readonly listening: boolean
  readonly seed: number
  readonly state: MemoryState
  /** Takes what is logged, and what spans carry, as text. */
  readonly written: Array<string>
}) =>
  CoreServices.layer({
    masterKey: Redacted.make(new Uint8Array(32).fill(7)),
    apps: {
      baseUrl: () => app.baseUrl ?? undefined,
      oauthClient: () =>
        isAbsent(app.oauth)
          ? undefined
          : { clientId: app.oauth.client.clientId, clientSecret: Redacted.make(app.oauth.client.clientSecret) }
    },
    // Checks wait for hours, and nobody else is there who would take a run over: its lease need not be renewed often.
    runs: { ...defaultSettings("conformance"), leaseMillis: 60_000 },
    testAccounts: { atOnce: null, days: null }
  }).pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        Layer.succeedContext(stores(state, hooks)),
        Layer.succeed(
          Crypto,
          SimulatedCrypto.make(new SeededRandom(seed, "crypto"), SimulatedCrypto.portableHmac, () => undefined)
        ),
        Connectors.layer([hooked(connector, hooks)]),
        Layer.succeed(DestinationPolicy, { check: () => Effect.succeed(null) }),
        Layer.succeed(HttpClient.HttpClient, client),
        Layer.succeed(Transport, { post: () => Effect.die(new Error("nothing is delivered")) }),
        listening ? ears(written) : deaf
      )
    )
  )
