import { accessSync, constants, existsSync } from "node:fs"
import { dirname } from "node:path"
import { KeyStore } from "@crochet/core"
import * as Effect from "effect/Effect"
import { describe, type PostgresSettings } from "../config/DatabaseSettings.ts"
import * as MasterKey from "../config/MasterKey.ts"
import type { Settings } from "../config/Settings.ts"
import * as PostgresStore from "../postgres/PostgresStore.ts"
import * as Runtime from "../Runtime.ts"
import { bad, type Check, fromSettings, good } from "./Check.ts"

/** Opens the database with the master key; what failed, if anything. */
const open = (settings: Settings): Effect.Effect<ReadonlyArray<Check> | undefined> =>
  Effect.gen(function* () {
    const masterKey = yield* Effect.result(MasterKey.load(settings))
    if (masterKey._tag === "Failure") return fromSettings("Master key", masterKey.failure)
    const opened = yield* Effect.result(
      Effect.flatMap(KeyStore.KeyStore, (keys) => keys.workspaces).pipe(
        Effect.provide(Runtime.layerAccess({ settings, masterKey: masterKey.success })),
        Effect.timeout("10 seconds")
      )
    )
    if (opened._tag === "Success") return undefined
    const remedy =
      settings.database.kind === "sqlite"
        ? "Check the file's permissions, the free space, and that the master key belongs to it."
        : "Check the server, and that the master key belongs to the database."
    return [bad("Database", `${describe(settings.database)}: ${opened.failure.message}`, remedy)]
  })

const file = (path: string, settings: Settings): Effect.Effect<ReadonlyArray<Check>> =>
  Effect.gen(function* () {
    if (path !== ":memory:" && !existsSync(path)) {
      let folder = dirname(path)
      while (!existsSync(folder)) folder = dirname(folder)
      try {
        accessSync(folder, constants.W_OK)
        const key = settings.masterKey === null ? `the first start makes it: ${MasterKey.fileOf(path)}` : "set"
        return [good("Database", `the first start makes it: ${path}`), good("Master key", key)]
      } catch {
        return [
          bad(
            "Database",
            `${folder} cannot be written to`,
            "Give this user the right to write there, or set CROCHET_DATABASE_URL."
          )
        ]
      }
    }
    const opened = yield* open(settings)
    return opened ?? [good("Database", path), good("Master key", "opens the database")]
  })

const server = (database: PostgresSettings, settings: Settings): Effect.Effect<ReadonlyArray<Check>> =>
  Effect.gen(function* () {
    const found = yield* Effect.result(PostgresStore.examine(database))
    if (found._tag === "Failure") {
      const [problem = "", ...remedy] = found.failure.message.split(". ")
      return [bad("Database", problem, `${remedy.join(". ")}.`)]
    }
    const { schemaVersion, version } = found.success
    const at = `PostgreSQL ${version} at ${database.server}`
    const missing = PostgresStore.gapOf(found.success)
    const wall =
      missing === undefined
        ? good("Row-level security", "keeps workspaces apart, for this user too")
        : bad("Row-level security", missing.gap, missing.remedy)
    const masterKey = yield* Effect.result(MasterKey.load(settings))
    if (masterKey._tag === "Failure")
      return [good("Database", at), wall, ...fromSettings("Master key", masterKey.failure)]
    // Opening would make or change tables.
    if (schemaVersion !== PostgresStore.knownSchemaVersion) {
      const next = schemaVersion === 0 ? "makes its tables" : "brings its tables up to date"
      return [good("Database", `${at}; the next start ${next}`), wall, good("Master key", "set")]
    }
    const opened = yield* open(settings)
    return opened ?? [good("Database", at), wall, good("Master key", "opens the database")]
  })

/** Looks at database and master key. Makes nothing. */
export const examine = (settings: Settings): Effect.Effect<ReadonlyArray<Check>> =>
  settings.database.kind === "sqlite" ? file(settings.database.path, settings) : server(settings.database, settings)
