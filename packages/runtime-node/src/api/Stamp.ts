import * as Schema from "effect/Schema"

/** A point in time on the wire: RFC 3339 UTC with milliseconds. */
export const Stamp = Schema.String.annotate({ format: "date-time", examples: ["2026-05-01T07:25:37.000Z"] })

/** Epoch milliseconds as a stamp. */
export function stamp(millis: number): string
export function stamp(millis: number | null): string | null
export function stamp(millis: number | null): string | null {
  return millis === null ? null : new Date(millis).toISOString()
}
