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

/** Whether it is an object of text, finite numbers, flags and nulls only: most maps are, and that is quickly said. */
export const isFlat = (value: unknown): boolean => {
  if (!isPlainObject(value)) return false
  for (const key of Object.keys(value)) {
    const one = value[key]
    if (typeof one !== "string" && one !== null && typeof one !== "boolean" && !Number.isFinite(one)) return false
  }
  return true
}

const canonicalEntries = (value: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } => {
  const keys = Object.keys(value)
  const entries: Record<string, unknown> = {}
  if (keys.some(isUnsafe)) {
    const safe = rename(keys)
    const original = new Map(keys.map((key) => [safe.get(key) ?? key, key]))
    for (const [name, key] of [...original].sort(([a], [b]) => (a < b ? -1 : 1))) entries[name] = canonical(value[key])
  } else {
    // Without a comparator: sorts by UTF-16 code unit.
    for (const key of keys.sort()) entries[key] = canonical(value[key])
  }
  return entries
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

const isUnsafe = (key: string): boolean => {
  const first = key.charCodeAt(0)
  // Nearly all keys begin with a letter: the expression is for the others.
  return first === underscore ? key === "__proto__" : first <= nine && /^(?:0|[1-9]\d*)$/.test(key)
}

const underscore = "_".charCodeAt(0)
const nine = "9".charCodeAt(0)

const isPlainObject = (value: unknown): value is { readonly [key: string]: unknown } => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
