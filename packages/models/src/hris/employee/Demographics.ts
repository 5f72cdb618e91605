import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Ethnicity as US employers report it. */
export const Ethnicity = [
  "ASIAN",
  "BLACK",
  "HISPANIC_OR_LATINO",
  "INDIGENOUS_AMERICAN",
  "PACIFIC_ISLANDER",
  "WHITE",
  "TWO_OR_MORE",
  "OTHER",
  "DECLINED"
] as const

/**
 * What is off unless it is switched on: a model of its own, sent only to who subscribes to it by id, so that no field
 * scope has to be remembered. The app's own words are here too, not in `employee_rawValues`, which everybody gets.
 */
export const Demographics = Schema.Struct({
  ethnicity: Field.enumeration(Ethnicity, "special"),
  ethnicityRaw: Field.text("special")
})

/** `employee_demographics`, never sent by default. */
export const demographics = DataType.model({
  id: "employee_demographics",
  title: "Demographics (only on request)",
  description: "Ethnicity.",
  schema: Demographics,
  byDefault: false
})
