import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { AuditStore } from "../store/AuditStore.ts"
import { AuthorizationStore } from "../store/AuthorizationStore.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { KeyStore } from "../store/KeyStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { ReplayStore } from "../store/ReplayStore.ts"
import { RevocationStore } from "../store/RevocationStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import * as Database from "./Database.ts"
import type { Dialect } from "./Dialect.ts"
import { migrate, type SchemaTooNew } from "./Migrations.ts"
import * as PostgresDialect from "./PostgresDialect.ts"
import * as SqlAuditStore from "./SqlAuditStore.ts"
import * as SqlAuthorizationStore from "./SqlAuthorizationStore.ts"
import * as SqlDestinationStore from "./SqlDestinationStore.ts"
import * as SqlIntegrationStore from "./SqlIntegrationStore.ts"
import * as SqlKeyStore from "./SqlKeyStore.ts"
import * as SqliteDialect from "./SqliteDialect.ts"
import * as SqlOutboxStore from "./SqlOutboxStore.ts"
import * as SqlReplayStore from "./SqlReplayStore.ts"
import * as SqlRevocationStore from "./SqlRevocationStore.ts"
import * as SqlSyncStore from "./SqlSyncStore.ts"
import type { Stores } from "../store/Stores.ts"

export type { Stores }

/** The storage ports on a client and its dialect, after the schema was brought up to date. */
const layerWith = (dialectOf: (sql: SqlClient) => Dialect): Layer.Layer<Stores, SqlError | SchemaTooNew, SqlClient> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const dialect = dialectOf(sql)
      yield* migrate(sql, dialect)
      const database = Database.make(sql, dialect)
      return Context.make(KeyStore, SqlKeyStore.make(database)).pipe(
        Context.add(IntegrationStore, SqlIntegrationStore.make(database)),
        Context.add(AuthorizationStore, SqlAuthorizationStore.make(database)),
        Context.add(RevocationStore, SqlRevocationStore.make(database)),
        Context.add(DestinationStore, SqlDestinationStore.make(database)),
        Context.add(SyncStore, SqlSyncStore.make(database)),
        Context.add(OutboxStore, SqlOutboxStore.make(database)),
        Context.add(ReplayStore, SqlReplayStore.make(database)),
        Context.add(AuditStore, SqlAuditStore.make(database))
      )
    })
  )

/** The storage ports on any SQLite client that begins its transactions with `BEGIN IMMEDIATE`. */
export const layerSqlite = layerWith(SqliteDialect.make)

/**
 * The storage ports on any PostgreSQL client whose connections begin with `PostgresDialect.startupParameters`; version
 * 14 or newer.
 */
export const layerPostgres = (options?: PostgresDialect.PostgresOptions) =>
  layerWith((sql) => PostgresDialect.make(sql, options))
