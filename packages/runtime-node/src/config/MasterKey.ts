import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import type { MasterKeys } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as KeyFile from "./KeyFile.ts"
import type { Settings } from "./Settings.ts"
import type { SettingsError } from "./SettingsError.ts"

/** Where the key file of an embedded database is. */
export const fileOf = (databasePath: string): string => join(dirname(databasePath), "master.key")

type Place = Pick<Settings, "masterKey" | "masterKeysOld" | "databasePath">

const inMemory = ":memory:"

/**
 * The master keys: the settings, else the key file beside the database, which the first start makes with mode 0600,
 * together with the one that a rotation moves to. Keys in files are looked at again when the database names another.
 *
 * Refuses a key file that others can read or that does not hold 32 bytes, and a database whose key file is gone: a new
 * key would not open it.
 */
export const load = (settings: Place): Effect.Effect<MasterKeys.MasterKeySource, SettingsError> =>
  Effect.suspend(() => {
    if (settings.masterKey !== null) {
      return Effect.succeed<MasterKeys.MasterKeySource>({ keys: [settings.masterKey, ...settings.masterKeysOld] })
    }
    if (settings.databasePath === inMemory) {
      return Effect.succeed<MasterKeys.MasterKeySource>({ keys: [Redacted.make(new Uint8Array(randomBytes(32)))] })
    }
    const file = fileOf(settings.databasePath)
    return KeyFile.guarded(file, () => {
      if (!existsSync(file)) {
        if (existsSync(settings.databasePath)) {
          throw KeyFile.problem(
            "CROCHET_MASTER_KEY",
            `the database ${settings.databasePath} exists, but its key file ${file} does not.`,
            "Restore the key file from your backup, or set CROCHET_MASTER_KEY. Without the key the database cannot be opened."
          )
        }
        KeyFile.makeFirst(file)
      }
      const keys = KeyFile.read(file)
      const reload = Effect.catch(
        KeyFile.guarded(file, () => KeyFile.read(file)),
        (error) => Effect.as(Effect.logWarning(error.message), keys)
      )
      return { keys, reload }
    })
  })

/** How the operator goes to another master key: with settings it is theirs to give, a key file makes one. */
export const prepareRotation = (
  settings: Place,
  underway: boolean
): Effect.Effect<MasterKeys.MasterKeySource, SettingsError> =>
  settings.masterKey !== null || settings.databasePath === inMemory || underway
    ? load(settings)
    : Effect.andThen(
        KeyFile.guarded(fileOf(settings.databasePath), () => KeyFile.makeNext(fileOf(settings.databasePath))),
        load(settings)
      )

/**
 * After a rotation: the next key becomes the key, the one before is put aside for restoring old backups. Returns where,
 * null when nothing was to do.
 */
export const finishRotation = (settings: Place, oldId: string): Effect.Effect<string | null, SettingsError> =>
  settings.masterKey !== null || settings.databasePath === inMemory
    ? Effect.succeed(null)
    : KeyFile.guarded(fileOf(settings.databasePath), () => KeyFile.promoteNext(fileOf(settings.databasePath), oldId))

/** Whether a rotation of the key file was begun and is not done. */
export const isRotating = (settings: Place): boolean =>
  settings.masterKey === null &&
  settings.databasePath !== inMemory &&
  existsSync(KeyFile.nextOf(fileOf(settings.databasePath)))
