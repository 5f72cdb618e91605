import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** How finely an app compares instants. */
export type Granularity = "millisecond" | "second" | "minute" | "day"

/** How an app wants instants to be written: ISO 8601 as fine as the granularity, epoch numbers, or a function. */
export type Format = "iso" | "seconds" | "milliseconds" | ((epochMillis: number) => string | number)

const sizes: { readonly [G in Granularity]: number } = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  day: 86_400_000
}

/** The length of a granule in milliseconds. */
export const sizeOf = (granularity: Granularity): number => sizes[granularity]

/** The beginning of the granule. */
export const floor = (millis: number, granularity: Granularity): number =>
  Math.floor(millis / sizes[granularity]) * sizes[granularity]

/** An instant as the app wants to read it. */
export const format = (millis: number, as: Format, granularity: Granularity): string | number => {
  if (typeof as === "function") return as(millis)
  if (as === "milliseconds") return millis
  if (as === "seconds") return Math.floor(millis / 1_000)
  const text = DateTime.formatIso(DateTime.makeUnsafe(millis))
  if (granularity === "day") return text.slice(0, 10)
  return granularity === "millisecond" ? text : `${text.slice(0, 19)}Z`
}

/**
 * Epoch milliseconds of what an app wrote: ISO 8601 with any offset (without one it is read as UTC), or an epoch number,
 * in seconds when `unit` says so. `undefined` for anything else.
 */
export const parse = (value: unknown, unit: "seconds" | "milliseconds" = "milliseconds"): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value * (unit === "seconds" ? 1_000 : 1) : undefined
  if (typeof value !== "string") return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return parse(Number(text), unit)
  const [, date, time, offset] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/.exec(text) ??
    []
  if (date === undefined) return undefined
  const zone = offset === undefined || !/^[+-]/.test(offset) ? "Z" : offset.replace(/^(...):?(..)?$/, "$1:$2")
  const iso = `${date}T${time?.replace(",", ".") ?? "00:00:00"}${zone.endsWith(":") ? `${zone}00` : zone}`
  return Option.getOrUndefined(Option.map(DateTime.make(iso), DateTime.toEpochMillis))
}
