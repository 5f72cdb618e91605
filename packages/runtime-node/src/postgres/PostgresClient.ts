import { readFileSync } from "node:fs"
import type { ConnectionOptions } from "node:tls"
import { PostgresDialect } from "@crochet/core/sql"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import * as PostgresSocket from "./PostgresSocket.ts"

/** How the server is reached. */
export interface PostgresClientOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; never shown. */
  readonly url: Redacted.Redacted
  /** Connections of this process at most; 10 by default. */
  readonly maxConnections?: number | undefined
  /**
   * How long a statement may take. A living server ends it by itself; from one that says nothing the connection is taken
   * away a second later, and whether what was asked of it was done is unknown. No limit by default.
   */
  readonly answerMillis?: number | undefined
}

/** What a living server has to say that it ended a statement. */
const graceMillis = 1000

/**
 * Every statement of the stores has an index to go by and touches as many rows as it names. So its plan is settled once
 * and holds for tables of any size: one that was made while a table was empty must not read it whole when it is full.
 */
const planner = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  // Compiling a statement takes longer than running it.
  jit: "off",
  max_parallel_workers_per_gather: "0"
}

/** A process that stands still, or whose machine is gone, must not keep others from what it had locked. */
const patience = {
  idle_in_transaction_session_timeout: "8s",
  tcp_keepalives_idle: "5",
  tcp_keepalives_interval: "2",
  tcp_keepalives_count: "3"
}

/** The authority that `sslrootcert` names; Node's own ones are asked otherwise. */
const tls = (url: Redacted.Redacted): { readonly ssl?: ConnectionOptions } => {
  const parameters = URL.parse(Redacted.value(url))?.searchParams
  const file = parameters?.get("sslrootcert")
  return file === undefined || file === null || parameters?.get("sslmode") === "disable"
    ? {}
    : { ssl: { ca: readFileSync(file) } }
}

const unreadable = (cause: unknown): SqlError =>
  new SqlError({ reason: new ConnectionError({ cause, message: "sslrootcert cannot be read", operation: "connect" }) })

/** An effect/sql client with a pool that replaces connections that broke. */
export const layer = (options: PostgresClientOptions): Layer.Layer<SqlClient, SqlError> =>
  Layer.unwrap(
    Effect.map(Effect.try({ try: () => tls(options.url), catch: unreadable }), (ssl) => {
      const { answerMillis, url } = options
      const limited =
        answerMillis === undefined
          ? { keepAlive: "10 seconds" as const }
          : { stream: () => PostgresSocket.open(url, answerMillis + graceMillis) }
      const limits = answerMillis === undefined ? {} : { statement_timeout: String(answerMillis) }
      return PgClient.layer({
        url,
        ...ssl,
        ...limited,
        applicationName: "crochet",
        maxConnections: options.maxConnections ?? 10,
        startupParameters: { ...planner, ...patience, ...limits, ...PostgresDialect.startupParameters }
      })
    })
  )
