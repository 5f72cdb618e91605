import type { DataType } from "@crochet/core"
import { Country, Dates, Enums, Money } from "@crochet/models"
import type { Ats, AtsJobs } from "@crochet/models"
import type { JobRow, WireRow } from "./WorkableWire.ts"
import { list, part, requireReadable, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

const flagOf = (value: unknown) => (typeof value === "boolean" ? Enums.flag(value) : "NOT_SPECIFIED")

const user = (row: WireRow): (typeof Ats.User)["Encoded"] => ({
  id: text(row.id),
  name: text(row.name),
  email: text(row.email)
})

const info = (row: WireRow): (typeof Ats.JobInfo)["Encoded"] => ({
  id: text(row.shortcode),
  title: text(row.title),
  description: text(row.description),
  createdAt: Dates.fromInstant(text(row.created_at)),
  updatedAt: Dates.fromInstant(text(row.updated_at)),
  status: Words.jobStatus(text(row.state)),
  confidential: flagOf(row.confidential),
  infoUrl: text(row.shortlink) ?? text(row.url),
  applyUrl: text(row.application_url),
  code: text(row.code),
  employmentType: Words.employmentType(text(row.employment_type)),
  workplaceType: Words.workplaceType(text(row.workplace_type)),
  experienceLevel: text(row.experience)
})

/** The department itself is the last of the way down to it; older answers have only its name. */
const departments = (row: WireRow): ReadonlyArray<(typeof Ats.JobDepartment)["Encoded"]> => {
  const way = list(row.department_hierarchy) ?? []
  const last = way.at(-1)
  if (last !== undefined) return [{ id: text(last.id), name: text(last.name), parentId: text(way.at(-2)?.id) }]
  const name = text(row.department)
  return name === undefined ? [] : [{ name }]
}

const office = (place: WireRow): (typeof Ats.JobOffice)["Encoded"] => {
  const city = text(place.city)
  const region = text(place.subregion) ?? text(place.region)
  const country = text(place.country_name) ?? text(place.country)
  const parts = [city, region, country].filter((one) => one !== undefined)
  return {
    id: text(place.shortcode),
    location: text(place.location_str) ?? (parts.length === 0 ? null : parts.join(", ")),
    address: {
      city,
      state: region ?? text(place.state_code) ?? text(place.region_code),
      country: Country.code(text(place.country_code)) ?? Country.code(country) ?? country,
      zipCode: text(place.zip_code),
      addressType: "WORK"
    }
  }
}

const offices = (row: WireRow) => {
  const places = list(row.locations) ?? []
  if (places.length > 0) return places.map(office)
  const place = part(row.location)
  return text(place.city) === undefined && text(place.country) === undefined ? [] : [office(place)]
}

/** The app has no period for a salary; its currency is in lower case. */
const compensation = (row: WireRow): (typeof Ats.JobCompensation)["Encoded"] | null => {
  const salary = part(row.salary)
  const min = Money.parse(text(salary.salary_from))
  const max = Money.parse(text(salary.salary_to))
  if (min === null && max === null) return null
  return {
    min: min?.amount,
    max: max?.amount,
    currency: text(salary.salary_currency)?.toUpperCase() ?? min?.currency ?? max?.currency
  }
}

const stage = (row: WireRow): (typeof Ats.JobStage)["Encoded"] => {
  return {
    id: text(row.slug),
    text: text(row.name),
    index: typeof row.index === "number" ? row.index : null,
    category: Words.stageCategory(text(row.kind)),
    categoryRaw: text(row.kind)
  }
}

const question = (row: WireRow, index: number): (typeof Ats.JobQuestion)["Encoded"] => ({
  id: text(row.id),
  title: text(row.body),
  type: Words.questionType(row),
  required: flagOf(row.required),
  options: list(row.choices)?.map((choice) => ({ id: text(choice.id), text: text(choice.body) })) ?? null,
  maxLength: typeof row.max_length === "number" ? row.max_length : null,
  index,
  typeRaw: text(row.type)
})

const member = (row: WireRow): (typeof Ats.HiringTeamMember)["Encoded"] => ({
  user: user(row),
  role: Words.hiringRole(text(row.collaboration_role)),
  roleRaw: text(row.collaboration_role)
})

/** A job of the app as `ats_jobs`. */
export const toRecord = (row: JobRow): DataType.Input<typeof AtsJobs> => {
  requireReadable(row.job, row.unreadable, "title", "state")
  const job: WireRow = { ...row.job, ...row.details }
  const team = row.members?.map(member)
  return {
    info: info(job),
    departments: departments(job),
    offices: offices(job),
    hiringManagers: team?.flatMap(({ role, user }) => (role === "HIRING_MANAGER" && user ? [user] : [])) ?? null,
    recruiters: row.recruiters?.map(user) ?? null,
    stages: row.stages?.map(stage) ?? null,
    rawValues: {
      status: text(job.state),
      employmentType: text(job.employment_type),
      workplaceType: text(job.workplace_type)
    },
    jobCompensation: compensation(job),
    jobQuestions: row.questions?.map(question) ?? null,
    jobRequirements: {
      html: text(job.requirements),
      education: text(job.education),
      experience: text(job.experience)
    },
    jobInfoEnhanced: {
      fullDescriptionHtml: text(job.full_description),
      benefitsHtml: text(job.benefits),
      industry: text(job.industry),
      function: text(job.function),
      keywords: Array.isArray(job.keywords) ? job.keywords.flatMap((word) => text(word) ?? []) : null
    },
    hiringTeam: team ?? null
  }
}
