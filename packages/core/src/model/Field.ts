import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { annotationKey, type Sensitivity } from "./Sensitivity.ts"

const absent = Effect.succeed(null)

/**
 * A field of a model that may be absent: `null` on the wire, optional for mappers (absent and `undefined` decode to
 * `null`). The sensitivity defaults to `none`.
 */
export const optional = <S extends Schema.Top>(schema: S, sensitivity: Sensitivity = "none") =>
  Schema.NullOr(schema).annotate({ [annotationKey]: sensitivity }).pipe(Schema.withDecodingDefault(absent))

/** Text, verbatim as the app has it. */
export const text = (sensitivity?: Sensitivity) => optional(Schema.String, sensitivity)

/** A number; money too, as a JSON number that prints as the app's decimal text. */
export const number = (sensitivity?: Sensitivity) => optional(Schema.Finite, sensitivity)

const instant = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, { message: "an RFC 3339 UTC stamp with milliseconds" })
)

/** A point in time: RFC 3339 UTC with milliseconds, `2026-05-01T07:25:37.000Z`. */
export const dateTime = (sensitivity?: Sensitivity) => optional(instant, sensitivity)

/** A calendar date, sent as midnight UTC of that day because typed consumers parse stamps: `2026-05-01T00:00:00.000Z`. */
export const date = (sensitivity?: Sensitivity) => optional(instant, sensitivity)

/**
 * A closed set of values plus `NOT_SPECIFIED`, which is also the default: the source says nothing, or something that
 * cannot be mapped (`rawValues` tells the two apart).
 */
export const enumeration = <const L extends ReadonlyArray<string>>(values: L, sensitivity: Sensitivity = "none") =>
  Schema.Literals([...values, "NOT_SPECIFIED"] as readonly [...L, "NOT_SPECIFIED"])
    .annotate({ [annotationKey]: sensitivity })
    .pipe(Schema.withDecodingDefault(Effect.succeed("NOT_SPECIFIED" as const)))

/** A three-valued flag: `TRUE`, `FALSE`, `NOT_SPECIFIED`. */
export const flag = (sensitivity?: Sensitivity) => enumeration(["TRUE", "FALSE"], sensitivity)

/** A list; `null` when the source says nothing, as on Knit's wire. */
export const list = <S extends Schema.Top>(item: S, sensitivity?: Sensitivity) => optional(Schema.Array(item), sensitivity)
