import type { DataType } from "@crochet/core"
import { Country, Dates } from "@crochet/models"
import type { Ats, AtsCandidates, Shared } from "@crochet/models"
import type { CandidateRow, Signed, WireRow } from "./WorkableWire.ts"
import { list, part, requireReadable, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

/** The candidate's phone; the app does not say of which kind. */
export const phones = (row: WireRow): ReadonlyArray<(typeof Ats.CandidatePhone)["Encoded"]> => {
  const phoneNumber = text(row.phone)
  return phoneNumber === undefined ? [] : [{ phoneNumber }]
}

/** The candidate's e-mail address; the app does not say of which kind. */
export const emails = (row: WireRow): ReadonlyArray<(typeof Ats.CandidateEmail)["Encoded"]> => {
  const email = text(row.email)
  return email === undefined ? [] : [{ email }]
}

/** Links to profiles elsewhere; only the details have them. */
export const links = (row: WireRow): ReadonlyArray<(typeof Shared.Link)["Encoded"]> | null =>
  list(row.social_profiles)?.map(({ type, url }) => ({ type: Words.linkType(text(type)), url: text(url) })) ?? null

/** The one-line address. */
export const location = (row: WireRow): string | null =>
  text(row.address) ?? text(part(row.location).location_str) ?? null

/** The CV: the list has its name, the details its address. */
export const attachments = ({ candidate, signed }: CandidateRow): ReadonlyArray<(typeof Ats.Attachment)["Encoded"]> => {
  const file = part(candidate.resume_metadata)
  const name = text(file.filename)
  if (name === undefined && signed?.resume === undefined) return []
  return [{ type: "RESUME", name, link: signed?.resume, createdAt: Dates.fromInstant(text(file.created_at)) }]
}

const info = (row: WireRow, signed: Signed | undefined): (typeof Ats.CandidateInfo)["Encoded"] => {
  const id = text(row.id)
  return {
    id,
    firstName: text(row.firstname),
    lastName: text(row.lastname),
    phones: phones(row),
    emails: emails(row),
    links: links(row),
    tags: Array.isArray(row.tags) ? row.tags.flatMap((tag) => text(tag) ?? []) : null,
    title: text(row.headline),
    createdAt: Dates.fromInstant(text(row.created_at)),
    updatedAt: Dates.fromInstant(text(row.updated_at)),
    // A candidate is on at most one job: the application has the candidate's id.
    applications: id === undefined || text(part(row.job).shortcode) === undefined ? [] : [id],
    source: text(row.common_source_category),
    sourceDetail: text(row.common_source) ?? text(row.domain),
    profileUrl: text(row.profile_url),
    photoUrl: signed?.image,
    summary: text(row.summary)
  }
}

const locations = (row: WireRow): ReadonlyArray<(typeof Ats.Place)["Encoded"]> => {
  const place = part(row.location)
  const country = text(place.country)
  const known = {
    city: text(place.city),
    state: text(place.region) ?? text(place.region_code),
    country: Country.code(text(place.country_code)) ?? Country.code(country) ?? country,
    zipCode: text(place.zip_code),
    raw: location(row)
  }
  return Object.values(known).every((one) => one === undefined || one === null) ? [] : [known]
}

const education = (row: WireRow): (typeof Ats.Education)["Encoded"] => ({
  school: text(row.school),
  degree: text(row.degree),
  fieldOfStudy: text(row.field_of_study),
  startDate: Dates.fromCalendar(text(row.start_date)),
  endDate: Dates.fromCalendar(text(row.end_date))
})

const experience = (row: WireRow): (typeof Ats.Experience)["Encoded"] => ({
  company: text(row.company),
  title: text(row.title),
  startDate: Dates.fromCalendar(text(row.start_date)),
  endDate: Dates.fromCalendar(text(row.end_date)),
  isCurrent: row.current === true ? "TRUE" : row.current === false ? "FALSE" : "NOT_SPECIFIED",
  description: text(row.summary)
})

/** A candidate of the app as `ats_candidates`. Lists that only the details have are null without them. */
export const toRecord = (row: CandidateRow): DataType.Input<typeof AtsCandidates> => {
  const { candidate, details } = row
  requireReadable(candidate, row.unreadable, "created_at", "stage")
  const merged: WireRow = details === undefined ? candidate : { ...candidate, ...details }
  return {
    info: info(merged, row.signed),
    education: list(details?.education_entries)?.map(education) ?? null,
    locations: details === undefined ? null : locations(merged),
    skills: list(details?.skills)?.map(({ name }) => ({ name: text(name) })) ?? null,
    experiences: list(details?.experience_entries)?.map(experience) ?? null,
    attachments: details === undefined ? null : attachments(row)
  }
}
