import * as Schema from "effect/Schema"
import type { Migrations } from "@crochet/core/sql"
import type { SqlError } from "effect/sql/SqlError"

/** Nobody answers there, or not in time. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", { detail: Schema.String }) {}
/** The server has no TLS although it must, or its certificate cannot be trusted. */
export class Untrusted extends Schema.TaggedError<Untrusted>()("Untrusted", { detail: Schema.String }) {}
/** Wrong user or password, or `pg_hba.conf` says no. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", {}) {}
/** There is no such database. */
export class NoDatabase extends Schema.TaggedError<NoDatabase>()("NoDatabase", {}) {}
/** The role may not do what the program needs. */
export class NotAllowed extends Schema.TaggedError<NotAllowed>()("NotAllowed", {}) {}
/** The server takes no writes: a standby, or `default_transaction_read_only`. */
export class ReadOnly extends Schema.TaggedError<ReadOnly>()("ReadOnly", {}) {}
/** The server is older than what the statements need. */
export class TooOld extends Schema.TaggedError<TooOld>()("TooOld", { version: Schema.String }) {}
/** The database keeps text in another encoding than UTF-8. */
export class WrongEncoding extends Schema.TaggedError<WrongEncoding>()("WrongEncoding", { encoding: Schema.String }) {}
/** A setting of the server lets a crash undo what was committed. */
export class NotDurable extends Schema.TaggedError<NotDurable>()("NotDurable", { setting: Schema.String }) {}
/** A pooler between keeps back what a connection begins with: nothing would be seen of any workspace. */
export class SettingsLost extends Schema.TaggedError<SettingsLost>()("SettingsLost", {}) {}
/** The tables were written by a later version of the program. */
export class TooNew extends Schema.TaggedError<TooNew>()("TooNew", { found: Schema.Int, known: Schema.Int }) {}
/** Anything else. */
export class Broken extends Schema.TaggedError<Broken>()("Broken", { detail: Schema.String }) {}

/** Why the server cannot be used, and what to do about it. Names `host:port/database`, never user or password. */
export class PostgresError extends Schema.TaggedError<PostgresError>()("PostgresError", {
  server: Schema.String,
  reason: Schema.Union([
    Unreachable,
    Untrusted,
    Refused,
    NoDatabase,
    NotAllowed,
    ReadOnly,
    TooOld,
    WrongEncoding,
    NotDurable,
    SettingsLost,
    TooNew,
    Broken
  ])
}) {
  override get message(): string {
    const { reason } = this
    const at = `Postgres at ${this.server}`
    switch (reason._tag) {
      case "Unreachable":
        return `${at} cannot be reached: ${reason.detail}. Start it, or correct host and port in CROCHET_DATABASE_URL`
      case "Untrusted":
        return (
          `${at}: no trusted encrypted connection: ${reason.detail}. Name the authority's file with ` +
          `sslrootcert=<path> in CROCHET_DATABASE_URL, or choose another sslmode`
        )
      case "Refused":
        return `${at} refuses the login. Correct user and password in CROCHET_DATABASE_URL, or the server's pg_hba.conf`
      case "NoDatabase":
        return `${at}: there is no such database. Make it with createdb, or correct CROCHET_DATABASE_URL`
      case "NotAllowed":
        return `${at}: the user lacks a right. Make it the owner of the database, or GRANT CREATE, USAGE ON SCHEMA to it`
      case "ReadOnly":
        return `${at} takes no writes: it is a standby or read only. Name the primary in CROCHET_DATABASE_URL`
      case "TooOld":
        return `${at} is version ${reason.version}. Use PostgreSQL 14 or newer`
      case "WrongEncoding":
        return `${at} keeps text as ${reason.encoding}. Make a database with ENCODING 'UTF8' and TEMPLATE template0`
      case "NotDurable":
        return (
          `${at} has ${reason.setting}: a crash could undo deliveries and pages that were committed. ` +
          `Turn it on, or set CROCHET_POSTGRES_DURABILITY=relaxed`
        )
      case "SettingsLost":
        return (
          `${at}: what a connection begins with does not arrive (crochet.workspace). Connect directly, ` +
          `or through a pooler in session mode that passes startup parameters on`
        )
      case "TooNew":
        return (
          `${at} has schema version ${reason.found}, this program knows ${reason.known}. ` +
          `Start the version that wrote it, or a later one: schemas only go forward`
        )
      case "Broken":
        return `${at} cannot be used: ${reason.detail}`
    }
  }
}

/** The code of a Node error or SQLSTATE that lies under an error of the driver. */
const codeOf = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : ""

const messageOf = (cause: unknown, fallback: string): string =>
  cause instanceof Error && cause.message !== "" ? cause.message : fallback

const isTls = (code: string, message: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|^EPROTO$/.test(code) || /TLS/.test(message)

/** Tells an error of the driver or the migrations in terms that an operator can act on. */
export const reasonOf = (error: SqlError | Migrations.SchemaTooNew): PostgresError["reason"] => {
  if (error._tag === "SchemaTooNew") return new TooNew({ found: error.found, known: error.known })
  const { reason } = error
  const code = codeOf(reason.cause)
  const detail = messageOf(reason.cause, reason.message ?? reason._tag)
  if (code === "3D000") return new NoDatabase()
  if (code === "25006") return new ReadOnly()
  switch (reason._tag) {
    case "AuthenticationError":
      return new Refused()
    case "AuthorizationError":
      return new NotAllowed()
    case "ConnectionError":
      return isTls(code, detail) ? new Untrusted({ detail }) : new Unreachable({ detail })
    default:
      return new Broken({ detail })
  }
}
