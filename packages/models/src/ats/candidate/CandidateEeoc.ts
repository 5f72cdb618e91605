import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Gender as a US applicant reports it. */
export const EeocGender = ["MALE", "FEMALE", "NON_BINARY", "OTHER", "DECLINED"] as const
/** Race as a US applicant reports it. */
export const EeocRace = [
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
/** Whether the applicant is a protected veteran. */
export const EeocVeteranStatus = ["VETERAN", "NOT_VETERAN", "DECLINED"] as const
/** Whether the applicant has a disability. */
export const EeocDisabilityStatus = ["DISABLED", "NOT_DISABLED", "DECLINED"] as const

/**
 * What US applicants may tell for equal-opportunity reports. A model of its own, sent only to who subscribes to it by id;
 * the app's own words are here too, not where everybody gets them.
 */
export const Eeoc = Schema.Struct({
  gender: Field.enumeration(EeocGender, "special"),
  race: Field.enumeration(EeocRace, "special"),
  veteranStatus: Field.enumeration(EeocVeteranStatus, "special"),
  disabilityStatus: Field.enumeration(EeocDisabilityStatus, "special"),
  submittedAt: Field.dateTime("special"),
  genderRaw: Field.text("special"),
  raceRaw: Field.text("special"),
  veteranStatusRaw: Field.text("special"),
  disabilityStatusRaw: Field.text("special")
})

/** `candidate_eeoc`, never sent by default. */
export const candidateEeoc = DataType.model({
  id: "candidate_eeoc",
  title: "Equal opportunity (only on request)",
  schema: Eeoc,
  byDefault: false
})
