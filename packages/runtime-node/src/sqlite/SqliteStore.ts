import { mkdirSync } from "node:fs"
import { dirname } from "node:path"
import { SqlStore } from "@crochet/core/sql"
import type { Migrations } from "@crochet/core/sql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import * as SqliteClient from "./SqliteClient.ts"

/** The folder or the file cannot be made, opened or written. */
export class NotWritable extends Schema.TaggedError<NotWritable>()("NotWritable", {}) {}
/** The file holds something else. */
export class NotADatabase extends Schema.TaggedError<NotADatabase>()("NotADatabase", {}) {}
/** The file was written by a later version of the program. */
export class TooNew extends Schema.TaggedError<TooNew>()("TooNew", { found: Schema.Int, known: Schema.Int }) {}
/** Another process holds the file's lock. */
export class Locked extends Schema.TaggedError<Locked>()("Locked", {}) {}
/** SQLite's thread does not start. */
export class NoThread extends Schema.TaggedError<NoThread>()("NoThread", { detail: Schema.String }) {}
/** Anything else, e.g. a damaged file or a full disk. */
export class Broken extends Schema.TaggedError<Broken>()("Broken", { detail: Schema.String }) {}

/** Why the database cannot be used, and what to do about it. */
export class SqliteError extends Schema.TaggedError<SqliteError>()("SqliteError", {
  path: Schema.String,
  reason: Schema.Union([NotWritable, NotADatabase, TooNew, Locked, NoThread, Broken])
}) {
  override get message(): string {
    switch (this.reason._tag) {
      case "NotWritable":
        return `${this.path} cannot be opened for writing. Give the process write access to the file and its folder, or choose another path`
      case "NotADatabase":
        return `${this.path} is not a SQLite database. Choose another path, or move the file away`
      case "TooNew":
        return (
          `${this.path} has schema version ${this.reason.found}, this program knows ${this.reason.known}. ` +
          `Start the version that wrote it, or a later one: schemas only go forward`
        )
      case "Locked":
        return `${this.path} is locked by another process. Stop that one first`
      case "NoThread":
        return (
          `${this.path} cannot be opened, as SQLite's thread does not start: ${this.reason.detail}. If you bundle your ` +
          `program, leave @crochet/runtime-node out of the bundle (as an external package), so that its files stay together`
        )
      case "Broken":
        return `${this.path} cannot be used: ${this.reason.detail}. Free disk space, or restore the file from a backup`
    }
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html */
const codes = { busy: 5, locked: 6, readOnly: 8, cannotOpen: 14, notADatabase: 26 } as const

const reasonOf = (error: SqlError | Migrations.SchemaTooNew): SqliteError["reason"] => {
  if (error._tag === "SchemaTooNew") return new TooNew({ found: error.found, known: error.known })
  const { cause } = error.reason
  const code = typeof cause === "object" && cause !== null && "errno" in cause ? Number(cause.errno) & 0xff : undefined
  switch (code) {
    case codes.readOnly:
    case codes.cannotOpen:
      return new NotWritable()
    case codes.notADatabase:
      return new NotADatabase()
    case codes.busy:
    case codes.locked:
      return new Locked()
    default:
      return code === undefined && error.reason._tag === "ConnectionError"
        ? new NoThread({ detail: cause instanceof Error ? cause.message : error.message })
        : new Broken({ detail: error.message })
  }
}

/**
 * The storage ports in a SQLite file, which is made (with its folder) when it is not there and brought up to date
 * when it is old. `:memory:` keeps everything in memory.
 */
export const layer = (options: SqliteClient.SqliteOptions): Layer.Layer<SqlStore.Stores, SqliteError> => {
  const folder = Layer.effectDiscard(
    Effect.try({
      try: () => {
        if (options.path !== ":memory:") mkdirSync(dirname(options.path), { recursive: true })
      },
      catch: () => new SqliteError({ path: options.path, reason: new NotWritable() })
    })
  )
  const stores = SqlStore.layerSqlite.pipe(
    Layer.provide(SqliteClient.layer(options)),
    Layer.catch((error) =>
      Layer.effectContext(Effect.fail(new SqliteError({ path: options.path, reason: reasonOf(error) })))
    )
  )
  return stores.pipe(Layer.provide(folder))
}
