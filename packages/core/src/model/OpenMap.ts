import type * as Schema from "effect/Schema"

/**
 * The canonical form of JSON whose keys nobody declared, at every depth: keys sorted by UTF-16 code unit, `undefined`
 * as `null`, and keys that JavaScript would reorder or lose renamed.
 *
 * Renamed are integer-like keys (`4047` becomes `field_4047`) and `__proto__` (`field___proto__`): an object lists
 * integer-like keys first whatever their place in the text, so a receiver that parses and prints a body before it
 * checks the signature would get other bytes. Should the new name be taken already, the prefix is repeated.
 *
 * Idempotent. What is not JSON comes back untouched, for the schema to report.
 */
export const canonical = (value: unknown): unknown => {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(canonical)
  return isPlainObject(value) ? canonicalEntries(value) : value
}

/** `canonical` for what is known to be an object. */
export const canonicalObject = (value: { readonly [key: string]: Schema.Json | undefined }): Schema.JsonObject =>
  // Renaming, sorting and `undefined` to `null` keep JSON JSON.
  canonicalEntries(value) as Schema.JsonObject

/** The prefix of renamed keys. */
export const prefix = "field_"

const canonicalEntries = (value: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } => {
  const keys = Object.keys(value)
  const safe = keys.some(isUnsafe) ? rename(keys) : undefined
  const entries = keys.map((key) => [safe?.get(key) ?? key, canonical(value[key])] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

const rename = (keys: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const taken = new Set(keys)
  const renamed = new Map<string, string>()
  for (const key of keys.filter(isUnsafe)) {
    let name = prefix + key
    while (taken.has(name)) name = prefix + name
    taken.add(name)
    renamed.set(key, name)
  }
  return renamed
}

const isUnsafe = (key: string): boolean => key === "__proto__" || /^(?:0|[1-9]\d*)$/.test(key)

const isPlainObject = (value: unknown): value is { readonly [key: string]: unknown } => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
