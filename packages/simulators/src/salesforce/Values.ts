/** A value as the JSON of the API has it; CSV writes it in its own way. */
export type Value = string | number | boolean | null

/** A number from 0 up to, not including, 1 that depends on nothing but what is given: rows are made when they are read. */
export const chance = (seed: number, object: number, n: number, salt: number): number => {
  let mixed =
    (seed ^ Math.imul(object + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35)) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}

/** One of the items. */
export const pick = <A>(items: ReadonlyArray<A>, share: number): A => items[Math.floor(share * items.length)] as A

/** A stamp as the REST API writes it: `2026-05-01T07:25:37.000+0000`. */
export const stampOf = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}.000+0000`

/** A calendar date. */
export const dateOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10)

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** A value as Bulk API 2.0 writes it in CSV: everything quoted, null as nothing, stamps with a Z. */
export const csvOf = (value: Value, isStamp: boolean): string => {
  if (value === null) return '""'
  if (typeof value === "string") return quoted(isStamp ? value.replace("+0000", "Z") : value)
  return quoted(String(value))
}
