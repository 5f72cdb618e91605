import { randomBytes } from "node:crypto"
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from "node:fs"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { SettingsError } from "./SettingsError.ts"
import { masterKeyOf } from "./SettingValue.ts"

/** Why a key file cannot be used, and what to do about it. */
export const problem = (setting: string, text: string, resolution: string): SettingsError =>
  new SettingsError({ problems: [{ setting, problem: text, resolution }] })

/** Work on the key file; what the file system says becomes words. */
export const guarded = <A>(file: string, work: () => A): Effect.Effect<A, SettingsError> =>
  Effect.try({
    try: work,
    catch: (error) => {
      if (error instanceof SettingsError) return error
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown"
      return problem(
        file,
        `cannot be read or made (${code}).`,
        "Check the permissions of its folder, or set CROCHET_MASTER_KEY."
      )
    }
  })

/** Where the key is that a rotation goes to. */
export const nextOf = (file: string): string => `${file}.next`

/** Puts a key into a file that is not there yet, whole or not at all; false when somebody else was first. */
const make = (file: string): boolean => {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`
  const handle = openSync(draft, "wx", 0o600)
  try {
    writeSync(handle, `${randomBytes(32).toString("base64")}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  } finally {
    rmSync(draft, { force: true })
    flushFolder(file)
  }
}

const flushFolder = (file: string): void => {
  // Windows opens no folders.
  if (process.platform === "win32") return
  const folder = openSync(dirname(file), "r")
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The first key, unless another process made one at the same time. */
export const makeFirst = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  make(file)
}

/** The key that a rotation goes to, unless one was begun already. */
export const makeNext = (file: string): void => void make(nextOf(file))

const readOne = (file: string): Redacted.Redacted<Uint8Array> => {
  // Windows has no such modes: its stat says 0666 for every file.
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw problem(file, "other users can read the master key.", `Run: chmod 600 ${file}`)
  }
  const key = masterKeyOf(readFileSync(file, "utf8"))
  if (key !== undefined) return key
  throw problem(
    file,
    "does not hold 32 bytes in base64.",
    "Restore the file from your backup; a new key cannot open the existing database."
  )
}

/** The keys of the file: the one that a rotation goes to first, if there is one. */
export const read = (
  file: string
): readonly [Redacted.Redacted<Uint8Array>, ...Array<Redacted.Redacted<Uint8Array>>] => {
  const current = readOne(file)
  try {
    return existsSync(nextOf(file)) ? [readOne(nextOf(file)), current] : [current]
  } catch (error) {
    // It became the key between the two looks.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [readOne(file)]
    throw error
  }
}

/** Puts the next key in the place of the key, which stays beside it under its id; null when there is no next one. */
export const promoteNext = (file: string, oldId: string): string | null => {
  if (!existsSync(nextOf(file))) return null
  const aside = `${file}.${oldId}`
  // The key's name is never without a file.
  if (!existsSync(aside)) linkSync(file, aside)
  renameSync(nextOf(file), file)
  flushFolder(file)
  return aside
}
