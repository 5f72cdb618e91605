import {
  AccessLive,
  type Connector,
  Connectors,
  CoreServices as Core,
  type DestinationPolicy,
  Dispatcher,
  type KeyStore,
  PortableCrypto,
  RunEngine,
  Scheduler,
  type Transport,
  Vault
} from "@crochet/core"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { Settings } from "./config/Settings.ts"
import * as FunctionDestinations from "./server/FunctionDestinations.ts"
import * as WaysOut from "./server/WaysOut.ts"
import * as SqliteStore from "./sqlite/SqliteStore.ts"

/** The services that the HTTP interface calls. */
export type CoreServices = Core.Services | Connectors.Connectors | KeyStore.KeyStore

/** The guarded ways to apps and receivers. */
export type WaysOutServices = HttpClient.HttpClient | Transport.Transport | DestinationPolicy.DestinationPolicy

/** What a runtime is made of. */
export interface RuntimeOptions {
  readonly settings: Settings
  readonly masterKey: Redacted.Redacted<Uint8Array>
  readonly connectors: ReadonlyArray<Connector.Connector>
  /** Functions of this process that get events, by the name after `function:`. */
  readonly functions?: ReadonlyMap<string, FunctionDestinations.Receiver>
}

const workers = 4
const everyMillis = 1000

const storage = (settings: Settings) => Layer.merge(SqliteStore.layer({ path: settings.databasePath }), PortableCrypto.layer)

/**
 * The whole machine in one process: database, vault, services, sync engine with its timetable, deliveries. When it is
 * closed, runs and events are given back and the database is closed last.
 */
export const layer = (options: RuntimeOptions) => {
  const { connectors, functions, masterKey, settings } = options
  const waysOut = functions === undefined ? WaysOut.layer(settings) : FunctionDestinations.layer(functions).pipe(Layer.provideMerge(WaysOut.layer(settings)))
  return Layer.mergeAll(Scheduler.Scheduler.layer({ workers, everyMillis }), Dispatcher.Dispatcher.layer()).pipe(
    Layer.provideMerge(
      Core.layer({
        masterKey,
        apps: {
          baseUrl: (appId) => settings.baseUrls[appId],
          oauthClient: (appId) => settings.oauth[appId]
        },
        runs: RunEngine.defaultSettings(`${process.pid}-${crypto.randomUUID()}`),
        testAccounts: { atOnce: settings.testAccounts.limit, days: settings.testAccounts.days }
      })
    ),
    Layer.provideMerge(Layer.mergeAll(storage(settings), waysOut, Connectors.Connectors.layer(connectors)))
  )
}

/** Only what works on API keys: database, vault, access. */
export const layerAccess = (options: Pick<RuntimeOptions, "settings" | "masterKey">) =>
  AccessLive.layer.pipe(Layer.provide(Vault.Vault.layer(options.masterKey)), Layer.provideMerge(storage(options.settings)))
