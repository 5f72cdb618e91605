import type { DataType } from "@crochet/core"
import { Dates } from "@crochet/models"
import type { Ats, AtsApplications } from "@crochet/models"
import { attachments, emails, links, location, phones } from "./WorkableMappingCandidate.ts"
import type { ApplicationRow, WireRow } from "./WorkableWire.ts"
import { list, part, requireReadable, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

/** Being disqualified, by the company or by withdrawing, outweighs a stage; a hire is a date or the last stage. */
const status = (row: WireRow): "ACTIVE" | "REJECTED" | "HIRED" | "NOT_SPECIFIED" => {
  if (row.disqualified === true || row.withdrew === true) return "REJECTED"
  if (text(row.hired_at) !== undefined || text(row.stage_kind) === "hired") return "HIRED"
  return row.disqualified === false ? "ACTIVE" : "NOT_SPECIFIED"
}

const info = (row: WireRow): (typeof Ats.ApplicationInfo)["Encoded"] => ({
  id: text(row.id),
  status: status(row),
  candidate: {
    id: text(row.id),
    firstName: text(row.firstname),
    lastName: text(row.lastname),
    phones: phones(row),
    emails: emails(row),
    links: links(row),
    location: location(row)
  },
  origin: Words.origin(text(row.common_source_category)),
  appliedAt: Dates.fromInstant(text(row.created_at)),
  updatedAt: Dates.fromInstant(text(row.updated_at)),
  jobId: text(part(row.job).shortcode),
  originDetail: Words.originDetail(row),
  sourceName: text(row.common_source) ?? text(row.domain),
  applicationUrl: text(row.profile_url),
  hiredAt: Dates.fromInstant(text(row.hired_at)),
  withdrawnAt: row.withdrew === true ? Dates.fromInstant(text(row.disqualified_at)) : null
})

const currentStage = (row: WireRow, stage: WireRow | null | undefined): (typeof Ats.ApplicationStage)["Encoded"] => {
  return {
    id: text(stage?.slug),
    text: text(row.stage),
    index: typeof stage?.index === "number" ? stage.index : null
  }
}

/** Cancelled or not is all that the app says of a meeting: not cancelled counts as scheduled, also when it is past. */
const interview = (row: WireRow): (typeof Ats.Interview)["Encoded"] => ({
  id: text(row.id),
  subject: text(row.title),
  scheduledStart: Dates.fromInstant(text(row.starts_at)),
  scheduledEnd: Dates.fromInstant(text(row.ends_at)),
  status: row.cancelled === true ? "CANCELLED" : row.cancelled === false ? "SCHEDULED" : "NOT_SPECIFIED",
  interviewers: list(row.members)?.map(({ id, name }) => ({ id: text(id), name: text(name) })) ?? null,
  type: text(row.type)
})

const rejection = (row: WireRow, reason: WireRow | null | undefined): (typeof Ats.Rejection)["Encoded"] | null =>
  row.disqualified !== true && row.withdrew !== true
    ? null
    : {
        id: text(reason?.id),
        text: text(row.disqualification_reason),
        rejectedAt: Dates.fromInstant(text(row.disqualified_at)),
        category: Words.endedBy(row.withdrew ?? reason?.candidate_withdrew)
      }

/**
 * An offer. Only the answer about a candidate without one was recorded, so these few fields are from memory: what is
 * called otherwise stays null.
 */
const offer = (row: WireRow): (typeof Ats.Offer)["Encoded"] => {
  const state = text(row.state) ?? text(row.status)
  return {
    id: text(row.id),
    status: Words.offerStatus(state),
    createdAt: Dates.fromInstant(text(row.created_at)),
    statusRaw: state
  }
}

/** A rating in the candidate's timeline: `{"rating": {"score": "positive"}, "body": "…"}` (recorded 2026-07). */
const scorecard = (row: WireRow): (typeof Ats.Scorecard)["Encoded"] => {
  const member = part(row.member)
  const score = text(part(row.rating).score)
  return {
    id: text(row.id),
    interviewer: text(member.id) === undefined ? null : { id: text(member.id), name: text(member.name) },
    submittedAt: Dates.fromInstant(text(row.created_at)),
    overall: Words.recommendation(score),
    overallRaw: score,
    comment: text(row.body)
  }
}

/** The texts of what was chosen, whether the app writes texts or objects. */
const chosen = (value: unknown): ReadonlyArray<string> | null => {
  if (!Array.isArray(value)) return null
  const texts = value.flatMap((choice: unknown) => text(choice) ?? text(part(choice).body) ?? [])
  return texts.length === 0 ? null : texts
}

/**
 * An answer. Answers were recorded only empty, so their shape is from the documentation
 * (https://workable.readme.io/reference/job-candidates-show, 2026-11): what is not understood is left null.
 */
const response = (row: WireRow): (typeof Ats.QuestionResponse)["Encoded"] => {
  const question = part(row.question)
  const given = { ...row, ...part(row.answer) }
  const answer = {
    text: text(given.body),
    choices: chosen(given.choices),
    number: typeof given.number === "number" && Number.isFinite(given.number) ? given.number : null,
    boolean: typeof given.checked === "boolean" ? given.checked : null,
    date: Dates.fromCalendar(text(given.date))
  }
  return {
    questionId: text(question.id) ?? text(row.question_key),
    title: text(question.body),
    type: Words.questionType(question),
    answer: Object.values(answer).every((one) => one === undefined || one === null) ? null : answer,
    typeRaw: text(question.type)
  }
}

/** A candidate on a job as `ats_applications`. */
export const toRecord = (row: ApplicationRow): DataType.Input<typeof AtsApplications> => {
  requireReadable(row.candidate, row.unreadable, "created_at", "stage")
  const full: WireRow = row.details ?? row.candidate
  return {
    info: info(full),
    currentStage: currentStage(full, row.stage),
    interviews: row.events?.map(interview) ?? null,
    rejection: rejection(full, row.reason),
    offers: row.offers?.map(offer) ?? null,
    attachments: row.details === undefined ? null : attachments(row),
    questionResponses: list(row.details?.answers)?.map(response) ?? null,
    scorecards: row.ratings?.map(scorecard) ?? null,
    rawValues: {
      origin: text(full.common_source_category),
      originDetail: text(full.common_source),
      stageCategory: text(full.stage_kind)
    }
  }
}
