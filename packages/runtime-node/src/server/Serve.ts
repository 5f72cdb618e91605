import { Access, type Connector, Dispatcher, type MasterKeys, type Refusal, type Watchdog } from "@crochet/core"
import * as Context from "effect/Context"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as DatabaseSettings from "../config/DatabaseSettings.ts"
import * as Installation from "../config/Installation.ts"
import * as MasterKey from "../config/MasterKey.ts"
import type { Settings } from "../config/Settings.ts"
import type { SettingsError } from "../config/SettingsError.ts"
import type { CoreServices } from "../Runtime.ts"
import { version } from "../Version.ts"
import { banner } from "./Banner.ts"
import * as HttpListener from "./HttpListener.ts"
import * as Logging from "./Logging.ts"

/** Makes the services of an installation. */
export type MakeCore<E> = (options: {
  readonly settings: Settings
  readonly masterKey: MasterKeys.MasterKeySource
  readonly connectors: ReadonlyArray<Connector.Connector>
  readonly ownPorts: ReadonlySet<number>
}) => Layer.Layer<CoreServices, E>

/** How long the end may take when something is stuck: what hangs may hang the end, too. */
const endMillis = 30_000

/** Fails when deliveries are stuck: whoever watches over the process is to start another one. */
const stuck = (core: Context.Context<CoreServices>): Effect.Effect<never, Watchdog.DispatcherStuck> =>
  Option.match(Context.getOption(core, Dispatcher.Dispatcher), {
    onNone: () => Effect.never,
    onSome: (dispatcher) =>
      Effect.flatMap(dispatcher.stuck, (fault) =>
        Effect.sync(() => process.exit(1)).pipe(
          Effect.delay(endMillis),
          Effect.forkDetach({ startImmediately: true }),
          Effect.andThen(Effect.fail(fault))
        )
      )
  })

/**
 * Runs the server until it is interrupted: takes no new connections then, finishes the requests under way, gives runs
 * and events back, closes the database.
 */
export const serve = <E>(
  place: Installation.Place,
  makeCore: MakeCore<E>
): Effect.Effect<void, SettingsError | Refusal.Refusal | Watchdog.DispatcherStuck | E> =>
  Effect.gen(function* () {
    const installation = yield* Installation.load(place)
    const { connectors, settings } = installation
    const run = Effect.gen(function* () {
      for (const warning of installation.warnings) yield* Effect.logWarning(warning)
      const masterKey = yield* MasterKey.load(settings)
      const ownPorts = new Set<number>()
      const core = yield* Layer.build(makeCore({ settings, masterKey, connectors, ownPorts }))
      const { created } = yield* Effect.flatMap(Access.Access, (access) =>
        access.bootstrap(settings.apiKey ?? undefined)
      ).pipe(Effect.provideContext(core))
      const listener = yield* Layer.build(HttpListener.layer(settings).pipe(Layer.provide(Layer.succeedContext(core))))
      const { address } = yield* Effect.provideContext(HttpServer.HttpServer, listener)
      if ("port" in address) ownPorts.add(address.port)
      const url = settings.publicUrl ?? HttpListener.urlOf(address, settings.host)
      yield* Console.log(
        banner({
          version,
          url,
          database: DatabaseSettings.describe(settings.database),
          connectors,
          createdKey: created
        })
      )
      yield* Effect.logInfo("Ready")
      yield* Effect.raceFirst(Effect.never, stuck(core)).pipe(
        Effect.onInterrupt(() => Effect.logInfo("Stopping: requests and runs under way are brought to an end"))
      )
    })
    yield* Effect.scoped(run).pipe(
      Effect.onInterrupt(() => Effect.logInfo("Stopped")),
      Effect.provide(Logging.layer(settings.log))
    )
  })
