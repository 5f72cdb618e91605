import {
  Auditor,
  type Access,
  AccessLive,
  type Audit,
  AuditLive,
  type Connector,
  Connectors,
  CoreServices as Core,
  type DestinationStore,
  Dispatcher,
  KeyRotation,
  type KeyStore,
  type SyncStore,
  Maintenance,
  Revoker,
  type MasterKeys,
  type OutboxStore,
  ReplayEngine,
  Replayer,
  RunEngine,
  Scheduler,
  type StoreError,
  Vault
} from "@crochet/core"
import type { SqlStore } from "@crochet/core/sql"
import * as Layer from "effect/Layer"
import type * as AddressPolicy from "./egress/AddressPolicy.ts"
import type { Settings } from "./config/Settings.ts"
import * as FunctionDestinations from "./server/FunctionDestinations.ts"
import * as MeasuredStores from "./server/MeasuredStores.ts"
import * as WaysOut from "./server/WaysOut.ts"
import * as PostgresStore from "./postgres/PostgresStore.ts"
import * as FollowingClock from "./time/FollowingClock.ts"
import * as SqliteStore from "./sqlite/SqliteStore.ts"
import * as NodeCrypto from "./vault/NodeCrypto.ts"

/** The services that the HTTP interface calls. */
export type CoreServices =
  | Audit.Audit
  | Core.Services
  | Connectors.Connectors
  | DestinationStore.DestinationStore
  | KeyStore.KeyStore
  | OutboxStore.OutboxStore

/** What a runtime is made of. */
export interface RuntimeOptions {
  readonly settings: Settings
  readonly masterKey: MasterKeys.MasterKeySource
  readonly connectors: ReadonlyArray<Connector.Connector>
  /** Functions of this process that get events, by the name after `function:`. */
  readonly functions?: ReadonlyMap<string, FunctionDestinations.Receiver> | undefined
  /** Where this process listens: no request of ours goes there. Filled while the runtime runs. */
  readonly ownPorts?: ReadonlySet<number> | undefined
}

/** Why a runtime cannot start. */
export type StartError =
  | AddressPolicy.InvalidCidr
  | Dispatcher.InvalidDispatcherOptions
  | PostgresStore.PostgresError
  | SqliteStore.SqliteError
  | StoreError.StoreError
  | Vault.VaultError

const workers = 4
const replayWorkers = 2
const everyMillis = 1000

const stores = (
  { database }: Settings,
  follow?: FollowingClock.FollowingClock["follow"]
): Layer.Layer<SqlStore.Stores, SqliteStore.SqliteError | PostgresStore.PostgresError> =>
  database.kind === "sqlite" ? SqliteStore.layer({ path: database.path }) : PostgresStore.layer({ ...database, follow })

const storage = (settings: Settings, follow?: FollowingClock.FollowingClock["follow"]) =>
  Layer.merge(stores(settings, follow), NodeCrypto.layer)

/**
 * The whole machine in one process: database, vault, services, sync engine with its timetable, deliveries. When it is
 * closed, runs and events are given back and the database is closed last.
 */
export const layer = (options: RuntimeOptions): Layer.Layer<CoreServices, StartError> => {
  const { connectors, functions, masterKey, ownPorts, settings } = options
  const owner = `${process.pid}-${crypto.randomUUID()}`
  const guarded = WaysOut.layer(settings, ownPorts ?? new Set())
  const waysOut =
    functions === undefined ? guarded : FunctionDestinations.layer(functions).pipe(Layer.provideMerge(guarded))
  const clock = FollowingClock.make()
  return Layer.mergeAll(
    Scheduler.Scheduler.layer({ workers, everyMillis }),
    Dispatcher.Dispatcher.layer(),
    Replayer.Replayer.layer({ ...ReplayEngine.defaultSettings(owner), workers: replayWorkers, everyMillis }),
    Maintenance.Maintenance.layer({ eventRetentionDays: settings.eventRetentionDays }),
    Revoker.Revoker.layer,
    Auditor.Auditor.layer({ days: settings.eventRetentionDays })
  ).pipe(
    Layer.provideMerge(AuditLive.layer),
    Layer.provideMerge(
      Core.layer({
        masterKey,
        apps: {
          baseUrl: (appId) => settings.baseUrls[appId],
          oauthClient: (appId) => settings.oauth[appId]
        },
        runs: RunEngine.defaultSettings(owner),
        returnUrls: settings.returnUrls,
        testAccounts: { atOnce: settings.testAccounts.limit, days: settings.testAccounts.days }
      })
    ),
    Layer.provideMerge(
      Layer.mergeAll(
        MeasuredStores.layer.pipe(Layer.provideMerge(storage(settings, clock.follow))),
        waysOut,
        Connectors.Connectors.layer(connectors)
      )
    ),
    Layer.provideMerge(FollowingClock.layer(clock))
  )
}

/** Only what works on the database itself: its stores, vault, access, audit log. */
export const layerAccess = (
  options: Pick<RuntimeOptions, "settings" | "masterKey">
): Layer.Layer<Access.Access | Audit.Audit | KeyStore.KeyStore | SyncStore.SyncStore, StartError> =>
  Layer.merge(AccessLive.layer, AuditLive.layer).pipe(
    Layer.provide(Vault.Vault.layer(options.masterKey)),
    Layer.provideMerge(storage(options.settings))
  )

/** Only what rotates the master key. */
export const layerRotation = (
  options: Pick<RuntimeOptions, "settings" | "masterKey">
): Layer.Layer<KeyRotation.KeyRotation | KeyStore.KeyStore, StartError> =>
  KeyRotation.KeyRotation.layer(options.masterKey).pipe(Layer.provideMerge(storage(options.settings)))
