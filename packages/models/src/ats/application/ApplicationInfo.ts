import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Link } from "../../shared/Link.ts"
import { CandidateEmail, CandidatePhone } from "../Contact.ts"
import { User } from "../User.ts"

/** How an application stands. */
export const ApplicationStatus = ["ACTIVE", "REJECTED", "HIRED"] as const
/** How an application came. Finer values are in `ApplicationOriginDetail`. */
export const ApplicationOrigin = ["AGENCY", "REFERRAL", "EXTERNAL"] as const
/** What `ApplicationOrigin` cannot say. */
export const ApplicationOriginDetail = [
  "INTERNAL",
  "SOURCED",
  "CAREER_SITE",
  "JOB_BOARD",
  "EVENT",
  "UNIVERSITY",
  "OTHER"
] as const

/** The candidate in short; `id` is their record in `ats_candidates`, `location` the one-line form. */
export const ApplicationCandidate = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  phones: Field.list(CandidatePhone),
  emails: Field.list(CandidateEmail),
  links: Field.list(Link),
  location: Field.text("personal")
})

/** A candidate's application for a job. The first nine fields are Knit's, in Knit's order. */
export const ApplicationInfo = Schema.Struct({
  id: Field.text(),
  status: Field.enumeration(ApplicationStatus),
  candidate: Field.optional(ApplicationCandidate),
  origin: Field.enumeration(ApplicationOrigin),
  appliedAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  jobId: Field.text(),
  owner: Field.optional(User),
  creditedTo: Field.optional(User),
  originDetail: Field.enumeration(ApplicationOriginDetail),
  sourceName: Field.text(),
  applicationUrl: Field.text(),
  isConverted: Field.flag(),
  hiredAt: Field.dateTime(),
  withdrawnAt: Field.dateTime()
})

/** `application_info`. */
export const applicationInfo = DataType.model({
  id: "application_info",
  title: "Application",
  schema: ApplicationInfo
})
