import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Settings } from "./Settings.ts"
import { SettingsError } from "./SettingsError.ts"
import { masterKeyOf } from "./SettingValue.ts"

/** Where the key file of an embedded database is. */
export const fileOf = (databasePath: string): string => join(dirname(databasePath), "master.key")

const fail = (setting: string, problem: string, resolution: string) =>
  new SettingsError({ problems: [{ setting, problem, resolution }] })

/**
 * The master key: the setting, else the key file beside the database, which the first start makes with mode 0600.
 *
 * With Postgres it must be set. Refuses a key file that others can read or that does not hold 32 bytes, and a database whose key file is gone: a new
 * key would not open it.
 */
export const load = (
  settings: Pick<Settings, "masterKey" | "database">
): Effect.Effect<Redacted.Redacted<Uint8Array>, SettingsError> =>
  Effect.suspend(() => {
    if (settings.masterKey !== null) return Effect.succeed(settings.masterKey)
    const { database } = settings
    if (database.kind === "postgres") {
      return Effect.fail(
        fail(
          "CROCHET_MASTER_KEY",
          "is not set; with a Postgres database there is no file to keep a key in.",
          "Make one with: openssl rand -base64 32, and give the same to every process that uses this database."
        )
      )
    }
    if (database.path === ":memory:") return Effect.succeed(Redacted.make(new Uint8Array(randomBytes(32))))
    const file = fileOf(database.path)
    try {
      if (!existsSync(file)) {
        if (existsSync(database.path)) {
          return Effect.fail(
            fail(
              "CROCHET_MASTER_KEY",
              `the database ${database.path} exists, but its key file ${file} does not.`,
              "Restore the key file from your backup, or set CROCHET_MASTER_KEY. Without the key the database cannot be opened."
            )
          )
        }
        const bytes = randomBytes(32)
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        writeFileSync(file, `${bytes.toString("base64")}\n`, { mode: 0o600, flag: "wx" })
        return Effect.succeed(Redacted.make(new Uint8Array(bytes)))
      }
      // Windows has no such modes: its stat says 0666 for every file.
      if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
        return Effect.fail(fail(file, "other users can read the master key.", `Run: chmod 600 ${file}`))
      }
      const key = masterKeyOf(readFileSync(file, "utf8"))
      return key === undefined
        ? Effect.fail(
            fail(
              file,
              "does not hold 32 bytes in base64.",
              "Restore the file from your backup; a new key cannot open the existing database."
            )
          )
        : Effect.succeed(key)
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown"
      return Effect.fail(
        fail(
          file,
          `cannot be read or made (${code}).`,
          "Check the permissions of its folder, or set CROCHET_MASTER_KEY."
        )
      )
    }
  })
