import { resolve } from "node:path"
import * as Redacted from "effect/Redacted"
import type { CrochetConfig } from "./defineConfig.ts"
import type { SettingReader } from "./SettingReader.ts"
import { oneOf, wholeNumber } from "./SettingValue.ts"

/** Whether a server that may lose commits in a crash is refused (`strict`) or taken. */
export type Durability = "strict" | "relaxed"

/** An embedded SQLite file. */
export interface SqliteSettings {
  readonly kind: "sqlite"
  /** Absolute, or `:memory:`. */
  readonly path: string
}

/** A PostgreSQL server. */
export interface PostgresSettings {
  readonly kind: "postgres"
  /** With user and password. */
  readonly url: Redacted.Redacted
  /** `host:port/database`: all of the URL that is ever shown. */
  readonly server: string
  /** Connections of this process at most. */
  readonly pool: number
  readonly durability: Durability
  /** How long a start waits for a server that cannot be reached yet. */
  readonly waitMillis: number
  /** How long a statement may take, and how long the server may say nothing. */
  readonly answerMillis: number
}

/** Where everything is kept. */
export type DatabaseSettings = SqliteSettings | PostgresSettings

/** What `sslmode` may say. */
const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const

/** Part of the URL that may be percent-encoded, or undefined. */
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host) || host.startsWith("/")

const postgresOf = (text: string): Pick<PostgresSettings, "url" | "server"> | undefined => {
  const url = URL.parse(text)
  if (url === null) return undefined
  const host = decoded(url.hostname) || url.searchParams.get("host")
  const user = decoded(url.username) || url.searchParams.get("user")
  const database = decoded(url.pathname.slice(1)) || url.searchParams.get("dbname") || user
  const mode = url.searchParams.get("sslmode")
  if (!host || !user || !database || decoded(url.password) === undefined) return undefined
  if (mode !== null && !sslModes.some((known) => known === mode)) return undefined
  // A server on another machine is asked for TLS; one that has none is taken, unless the mode says otherwise.
  if (mode === null && !isLoopback(host)) url.searchParams.set("sslmode", "prefer")
  const port = url.port || url.searchParams.get("port") || "5432"
  return { url: Redacted.make(url.href, { label: "database URL" }), server: `${host}:${port}/${database}` }
}

/** The path of a SQLite URL: absolute, or `:memory:`. */
const pathOf = (text: string, directory: string): string | undefined => {
  const path = /^sqlite:(?:\/\/(?=\/|\.))?(.+)$/.exec(text)?.[1]
  return path === undefined || path === ":memory:" ? path : resolve(directory, path)
}

/** What a database URL says; undefined for what cannot be one. */
const parse = (
  text: string,
  directory: string,
  postgres: Omit<PostgresSettings, "kind" | "url" | "server">
): DatabaseSettings | undefined => {
  if (/^postgres(ql)?:\/\//.test(text)) {
    const found = postgresOf(text)
    return found === undefined ? undefined : { kind: "postgres", ...found, ...postgres }
  }
  const path = pathOf(text, directory)
  return path === undefined ? undefined : { kind: "sqlite", path }
}

/** Reads where everything is kept; a SQLite file in the directory by default. */
export const read = ({ check, value }: SettingReader, config: CrochetConfig, directory: string): DatabaseSettings => {
  const pool = check(
    value("CROCHET_POSTGRES_POOL", "postgres.pool", config.postgres?.pool),
    10,
    wholeNumber(2, 500),
    "is not a number of connections.",
    "Give how many connections this process may open, from 2 on, e.g. 10."
  )
  const durability = check<Durability>(
    value("CROCHET_POSTGRES_DURABILITY", "postgres.durability", config.postgres?.durability),
    "strict",
    oneOf(["strict", "relaxed"]),
    "is not a degree of durability.",
    "Give strict, or relaxed to take a server that may lose the last commits in a crash."
  )
  const seconds = check(
    value("CROCHET_POSTGRES_WAIT", "postgres.waitSeconds", config.postgres?.waitSeconds),
    60,
    wholeNumber(0, 86_400),
    "is not a number of seconds.",
    "Give for how many seconds a start waits for the server, e.g. 60; 0 does not wait."
  )
  const answer = check(
    value("CROCHET_POSTGRES_ANSWER", "postgres.answerSeconds", config.postgres?.answerSeconds),
    60,
    wholeNumber(1, 86_400),
    "is not a number of seconds.",
    "Give in how many seconds the server must have answered a statement, e.g. 60."
  )
  return check<DatabaseSettings>(
    value("CROCHET_DATABASE_URL", "databaseUrl", config.databaseUrl),
    { kind: "sqlite", path: resolve(directory, ".crochet", "crochet.db") },
    (text) => parse(text, directory, { pool, durability, waitMillis: seconds * 1000, answerMillis: answer * 1000 }),
    "is not a database URL.",
    "Give sqlite:<path of a file>, e.g. sqlite:./.crochet/crochet.db, or postgres://user:password@host:5432/database " +
      `with special characters of the password percent-encoded; sslmode is one of ${sslModes.join(", ")}.`
  )
}

/** The database as an operator may see it: path, or `host:port/database`. */
export const describe = (database: DatabaseSettings): string =>
  database.kind === "sqlite" ? database.path : `postgres://${database.server}`
