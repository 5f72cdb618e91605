import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { User } from "../User.ts"

/** What somebody does for a job. */
export const HiringRole = ["HIRING_MANAGER", "RECRUITER", "COORDINATOR", "SOURCER", "INTERVIEWER", "ADMIN"] as const

/** Somebody who works on filling a job; `roleRaw` is the app's own word. */
export const HiringTeamMember = Schema.Struct({
  user: Field.optional(User),
  role: Field.enumeration(HiringRole),
  roleRaw: Field.text()
})

/** `job_hiringManagers`. */
export const jobHiringManagers = DataType.model({
  id: "job_hiringManagers",
  title: "Hiring managers",
  schema: Schema.Array(User)
})

/** `job_recruiters`. */
export const jobRecruiters = DataType.model({ id: "job_recruiters", title: "Recruiters", schema: Schema.Array(User) })

/** `job_hiringTeam`: everybody with their role. */
export const jobHiringTeam = DataType.model({
  id: "job_hiringTeam",
  title: "Hiring team",
  schema: Schema.Array(HiringTeamMember)
})
