import * as Redacted from "effect/Redacted"
import type { CrochetConfig } from "./defineConfig.ts"
import type { SettingReader } from "./SettingReader.ts"
import { masterKeyOf, masterKeysOf } from "./SettingValue.ts"

/** The keys of an installation. */
export interface KeySettings {
  /** Null: from the key file beside the database. */
  readonly masterKey: Redacted.Redacted<Uint8Array> | null
  /** Master keys that are still read: those that a rotation leaves, or the one that it will go to. */
  readonly masterKeysOld: ReadonlyArray<Redacted.Redacted<Uint8Array>>
  /** Null: the first start makes one. */
  readonly apiKey: Redacted.Redacted | null
}

/** Reads the keys. */
export const read = ({ check, problems, value }: SettingReader, config: CrochetConfig): KeySettings => {
  const masterKey = check<KeySettings["masterKey"]>(
    value("CROCHET_MASTER_KEY", "masterKey", config.masterKey),
    null,
    (text) => masterKeyOf(text),
    "is not 32 bytes in base64.",
    "Make one with: openssl rand -base64 32"
  )
  const masterKeysOld = check(
    value("CROCHET_MASTER_KEYS_OLD", "masterKeysOld", config.masterKeysOld?.join(",")),
    [],
    masterKeysOf,
    "is not a list of keys of 32 bytes in base64.",
    "Give the keys as they stood in CROCHET_MASTER_KEY, separated by commas."
  )
  if (masterKeysOld.length > 0 && masterKey === null) {
    problems.push({
      setting: "CROCHET_MASTER_KEY",
      problem: "is missing, while CROCHET_MASTER_KEYS_OLD is set.",
      resolution: "Set the key that is in use. A key file needs neither: crochet keys rotate keeps both keys there."
    })
  }
  const apiKey = check<KeySettings["apiKey"]>(
    value("CROCHET_API_KEY", "apiKey", config.apiKey),
    null,
    (text) => (/^[\x21-\x7e]{20,}$/.test(text) ? Redacted.make(text) : undefined),
    "is too short, or has spaces or other characters that a header cannot carry.",
    "Give at least 20 characters without spaces, or leave it out: the first start makes one."
  )
  return { masterKey, masterKeysOld, apiKey }
}
