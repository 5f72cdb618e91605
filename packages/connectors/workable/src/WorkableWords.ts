import { Ats, Enums, Hris, Shared } from "@crochet/models"
import type { WireRow } from "./WorkableWire.ts"
import { part, text } from "./WorkableWire.ts"

/** The state of a job. */
export const jobStatus = Enums.mapping(Ats.JobStatus, { published: "OPEN" })

/** The kind of employment, as the job form offers it. */
export const employmentType = Enums.mapping(Ats.JobEmploymentType, {
  contractor: "CONTRACT",
  temp: "TEMPORARY",
  internship: "INTERNSHIP",
  intern: "INTERNSHIP"
})

/** Where the work is done: `on_site`, `hybrid`, `remote`. */
export const workplaceType = Enums.mapping(Ats.WorkplaceType, {})

/** What a stage is for, from its `kind`: a closed set, while names are the account's. */
export const stageCategory = Enums.mapping(Ats.StageCategory, {
  sourced: "OTHER",
  shortlisted: "SCREEN",
  "phone-screen": "SCREEN"
})

/** A member's part in a job, from the collaboration role; reviewers and simple members have no counterpart. */
export const hiringRole = Enums.mapping(Ats.HiringRole, { recruiting_admin: "ADMIN" })

/** How a question is answered; a list to choose from allows one answer or many. */
export const questionType = (row: WireRow) => {
  const type = questionWords(text(row.type))
  return type === "MULTI_SELECT" && row.single_answer === true ? "SINGLE_SELECT" : type
}

const questionWords = Enums.mapping(Ats.QuestionType, {
  free_text: "LONG_TEXT",
  string: "SHORT_TEXT",
  numeric: "NUMBER",
  dropdown: "MULTI_SELECT",
  multiple_choice: "MULTI_SELECT"
})

/** Where a candidate came from, roughly; categories beside the first four are from memory and not recorded. */
export const origin = Enums.mapping(Ats.ApplicationOrigin, {
  "Job boards": "EXTERNAL",
  "Company marketing": "EXTERNAL",
  "Social media": "EXTERNAL",
  Referrals: "REFERRAL",
  "Employee referrals": "REFERRAL",
  Agencies: "AGENCY",
  "Recruiting agencies": "AGENCY",
  "External recruiters": "AGENCY"
})

/** Where a candidate came from, in more detail. A careers page is named by the source and not by the category. */
export const originDetail = (row: WireRow): (typeof Ats.ApplicationOriginDetail)[number] | "NOT_SPECIFIED" => {
  if (row.sourced === true) return "SOURCED"
  if (text(row.common_source)?.toLowerCase() === "careers page") return "CAREER_SITE"
  return originDetailWords(text(row.common_source_category))
}

const originDetailWords = Enums.mapping(Ats.ApplicationOriginDetail, { "Job boards": "JOB_BOARD" })

/** Who ended an application, from whether the candidate withdrew. */
export const endedBy = (withdrew: unknown) =>
  withdrew === true ? "BY_CANDIDATE" : withdrew === false ? "BY_COMPANY" : "NOT_SPECIFIED"

/** How far an offer has come; its words were never recorded, and only those that are the model's own are understood. */
export const offerStatus = Enums.mapping(Ats.OfferStatus, {})

/** A rating's score; `definite` and `positive` are recorded, `negative` is from memory. */
export const recommendation = Enums.mapping(Ats.Recommendation, {
  definite: "STRONG_YES",
  positive: "YES",
  negative: "NO"
})

/** What happened to a candidate. A move is named by the stage that it led to, and has that stage beside it. */
export const activityType = (row: WireRow): (typeof Ats.ActivityType)[number] | "NOT_SPECIFIED" => {
  const action = text(row.action)
  if (action === undefined) return "NOT_SPECIFIED"
  if (text(part(row.target_stage).name) !== undefined) return "STAGE_CHANGE"
  const known = activityWords(action)
  return known === "NOT_SPECIFIED" ? "OTHER" : known
}

const activityWords = Enums.mapping(Ats.ActivityType, { comment: "NOTE", message: "EMAIL" })

/** What a user may do: `workable.superadmin` is told beside the role. */
export const userRole = (row: WireRow) =>
  Array.isArray(row.roles) && row.roles.includes("workable.superadmin") ? "SUPER_ADMIN" : roleWords(text(row.role))

const roleWords = Enums.mapping(Ats.UserRole, {
  simple: "MEMBER",
  recruiter: "LIMITED",
  reviewer: "LIMITED"
})

/** What a social profile is. */
export const linkType = Enums.mapping(Shared.LinkType, {})

/** Whether an employee is employed; a draft is somebody who is not there yet, which the model cannot say. */
export const employmentStatus = Enums.mapping(Hris.EmploymentStatus, {
  status_active: "ACTIVE",
  status_inactive: "INACTIVE",
  status_terminated: "INACTIVE"
})

/** The status in more detail. */
export const employmentStatusDetail = Enums.mapping(Hris.EmploymentStatusDetail, {
  status_active: "ACTIVE",
  status_terminated: "TERMINATED",
  status_onboarding: "ONBOARDING",
  status_on_leave: "ON_LEAVE"
})
