import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as CanonicalFill from "./CanonicalFill.ts"
import * as OpenMap from "./OpenMap.ts"
import { annotationKey, type Sensitivity } from "./Sensitivity.ts"
import * as Stamp from "./Stamp.ts"

const absent = Effect.succeed(null)

/**
 * A field of a model that may be absent: `null` on the wire, optional for mappers (absent and `undefined` decode to
 * `null`). The sensitivity defaults to `none`.
 */
export const optional = <S extends Schema.Top>(schema: S, sensitivity: Sensitivity = "none") =>
  Schema.NullOr(schema)
    .annotate({ [annotationKey]: sensitivity, [CanonicalFill.annotationKey]: CanonicalFill.absentToNull })
    .pipe(Schema.withDecodingDefault(absent))

/** Text, verbatim as the app has it. */
export const text = (sensitivity?: Sensitivity) => optional(Schema.String, sensitivity)

/** A number; money too, as a JSON number that prints as the app's decimal text. */
export const number = (sensitivity?: Sensitivity) => optional(Schema.Finite, sensitivity)

/** `true` or `false`; for fields that were published as such. Elsewhere `flag` says "unknown" without a null. */
export const boolean = (sensitivity?: Sensitivity) => optional(Schema.Boolean, sensitivity)

/** The description is for the JSON Schema and the reference, where both kinds are strings. */
const instant = (description: string) => Schema.String.annotate({ format: "date-time", description }).check(Stamp.check)

const pointInTime = instant("A point in time")
const calendarDate = instant("A calendar date, as midnight UTC")

/** A point in time: RFC 3339 UTC with milliseconds, `2026-05-01T07:25:37.000Z`. */
export const dateTime = (sensitivity?: Sensitivity) => optional(pointInTime, sensitivity)

/** A calendar date, sent as midnight UTC of that day because typed consumers parse stamps: `2026-05-01T00:00:00.000Z`. */
export const date = (sensitivity?: Sensitivity) => optional(calendarDate, sensitivity)

/** A closed set of values plus `NOT_SPECIFIED`, as a plain schema: the items of a list of enum values. */
export const oneOf = <const L extends string>(values: ReadonlyArray<L>) => {
  const members: ReadonlyArray<L | "NOT_SPECIFIED"> = [...values, "NOT_SPECIFIED"]
  return Schema.Literals(members)
}

/**
 * A closed set of values plus `NOT_SPECIFIED`, which is also what absent, `undefined` and `null` decode to: the source
 * says nothing, or something that cannot be mapped (`rawValues` tells the two apart).
 */
export const enumeration = <const L extends string>(values: ReadonlyArray<L>, sensitivity: Sensitivity = "none") => {
  const members = oneOf<L>(values)
  return Schema.optional(Schema.NullOr(members)).pipe(
    Schema.decodeTo(
      members.annotate({
        [annotationKey]: sensitivity,
        [CanonicalFill.annotationKey]: CanonicalFill.absentToNotSpecified
      }),
      {
        decode: SchemaGetter.transformOptional<L | "NOT_SPECIFIED", L | "NOT_SPECIFIED" | null | undefined>((given) =>
          Option.some(Option.getOrUndefined(given) ?? "NOT_SPECIFIED")
        ),
        encode: SchemaGetter.transform<L | "NOT_SPECIFIED", L | "NOT_SPECIFIED">((value) => value)
      }
    )
  )
}

/** A three-valued flag: `TRUE`, `FALSE`, `NOT_SPECIFIED`. */
export const flag = (sensitivity?: Sensitivity) => enumeration(["TRUE", "FALSE"], sensitivity)

/** A list; `null` when the source says nothing, as on Knit's wire. */
export const list = <S extends Schema.Top>(item: S, sensitivity?: Sensitivity) =>
  optional(Schema.Array(item), sensitivity)

/** A map with keys that only the account knows, e.g. custom fields; canonical as `OpenMap.canonical` says. */
export const openMap = (sensitivity: Sensitivity = "personal") =>
  Schema.Record(Schema.String, Schema.UndefinedOr(Schema.Json)).pipe(
    Schema.decodeTo(
      Schema.JsonObject.annotate({ [annotationKey]: sensitivity, [CanonicalFill.annotationKey]: OpenMap.canonical }),
      {
        decode: SchemaGetter.transform(OpenMap.canonicalObject),
        encode: SchemaGetter.transform((value) => value)
      }
    )
  )
