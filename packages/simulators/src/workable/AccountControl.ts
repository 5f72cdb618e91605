import {
  InvalidInput,
  refuseUnknown,
  requireFlag,
  requireInteger,
  requireObject,
  requireOneOf,
  requireText
} from "../server/InvalidInput.ts"
import { type Account, type Candidate, type Employee, hex, type Job, jobStates, stages } from "./Account.ts"
import type { CandidateSummary, JobSummary, StaffSummary } from "./Control.ts"
import { addCandidate, addEmployee, addJob, addMeeting } from "./Population.ts"

type Input = Record<string, unknown>

const slugs = stages.map(({ slug }) => slug)
const employeeStates = ["published", "draft", "inactive"] as const

const textOrNull = (field: string, value: unknown): string | null => (value === null ? null : requireText(field, value))

/** The account's part of the control interface. */
export class AccountControl {
  readonly #account: Account

  constructor(account: Account) {
    this.#account = account
  }

  candidate(field: string, id: unknown): Candidate {
    const found = typeof id === "string" ? this.#account.candidates.get(Number.parseInt(id, 16)) : undefined
    if (found === undefined) throw new InvalidInput(field, `no candidate ${JSON.stringify(id) ?? "without id"}`)
    return found
  }

  job(field: string, shortcode: unknown): Job {
    const found = typeof shortcode === "string" ? this.#account.jobs.get(shortcode) : undefined
    if (found === undefined) throw new InvalidInput(field, `no job ${JSON.stringify(shortcode) ?? "without shortcode"}`)
    return found
  }

  employee(field: string, id: unknown): Employee {
    const found = typeof id === "string" ? this.#account.employees.get(Number.parseInt(id, 16)) : undefined
    if (found === undefined) throw new InvalidInput(field, `no employee ${JSON.stringify(id) ?? "without id"}`)
    return found
  }

  summary(candidate: Candidate): CandidateSummary {
    const { disqualified, email, firstname, job, lastname, stage, tags } = candidate
    const hired = candidate.hiredAt !== null
    const updatedAt = new Date(candidate.updatedAt).toISOString()
    return { id: hex(candidate.id), firstname, lastname, email, job, stage, disqualified, hired, tags, updatedAt }
  }

  jobSummary({ shortcode, state, title, updatedAt }: Job): JobSummary {
    return { shortcode, title, state, updatedAt: new Date(updatedAt).toISOString() }
  }

  staffSummary({ firstname, id, jobTitle, lastname, state, workEmail }: Employee): StaffSummary {
    return { id: hex(id), firstname, lastname, workEmail, jobTitle, state }
  }

  add(who: unknown): ReadonlyArray<CandidateSummary> {
    if (this.#account.jobs.size === 0) throw new InvalidInput("candidates", "there is no job yet: add one first")
    const wanted =
      who === undefined || typeof who === "number"
        ? Array.from({ length: requireInteger("count", who ?? 1, 1, 100_000) }, () => ({}))
        : Array.isArray(who)
          ? who
          : [who]
    return wanted.map((fields: unknown) => {
      const candidate = addCandidate(this.#account)
      return this.change(hex(candidate.id), fields)
    })
  }

  change(id: unknown, changes: unknown): CandidateSummary {
    const candidate = this.candidate("id", id)
    const fields = requireObject("fields", changes)
    const names = ["firstname", "lastname", "email", "phone", "headline", "job", "stage", "disqualified", "reason"]
    refuseUnknown("fields", fields, [...names, "withdrew", "tags", "anonymized"])
    const now = this.#account.now()
    if ("firstname" in fields) candidate.firstname = requireText("fields.firstname", fields.firstname)
    if ("lastname" in fields) candidate.lastname = requireText("fields.lastname", fields.lastname)
    if ("email" in fields) candidate.email = textOrNull("fields.email", fields.email)
    if ("phone" in fields) candidate.phone = textOrNull("fields.phone", fields.phone)
    if ("headline" in fields) candidate.headline = textOrNull("fields.headline", fields.headline)
    if ("job" in fields) candidate.job = fields.job === null ? null : this.job("fields.job", fields.job).shortcode
    if ("reason" in fields) candidate.reason = textOrNull("fields.reason", fields.reason)
    if ("withdrew" in fields) candidate.withdrew = requireFlag("fields.withdrew", fields.withdrew)
    if ("anonymized" in fields) candidate.anonymized = requireFlag("fields.anonymized", fields.anonymized)
    if ("tags" in fields) {
      if (!Array.isArray(fields.tags)) throw new InvalidInput("fields.tags", "must be a list of texts")
      candidate.tags = fields.tags.map((tag: unknown) => requireText("fields.tags", tag))
    }
    if ("disqualified" in fields) {
      candidate.disqualified = requireFlag("fields.disqualified", fields.disqualified)
      candidate.disqualifiedAt = candidate.disqualified ? now : null
      if (!candidate.disqualified) candidate.reason = null
      this.#account.log(candidate.id, candidate.disqualified ? "disqualified" : "reverted")
    }
    if ("stage" in fields) {
      const to = requireOneOf("fields.stage", fields.stage, slugs)
      this.#account.log(candidate.id, to, { from: candidate.stage, to })
      candidate.stage = to
      candidate.hiredAt = to === "hired" ? now : null
    }
    candidate.updatedAt = now
    return this.summary(candidate)
  }

  remove(id: unknown): { readonly id: string; readonly deleted: true } {
    const candidate = this.candidate("id", id)
    this.#account.forget(candidate.id)
    return { id: hex(candidate.id), deleted: true }
  }

  list(input: Input = {}): ReadonlyArray<CandidateSummary> {
    refuseUnknown("", input, ["offset", "limit"])
    const number = (name: string, fallback: number) =>
      input[name] === undefined ? fallback : requireInteger(name, Number(input[name]), 0, 1_000_000)
    const from = number("offset", 0)
    return [...this.#account.candidates.values()]
      .slice(from, from + number("limit", 100))
      .map((one) => this.summary(one))
  }

  addJob(changes: unknown): JobSummary {
    return this.changeJob(addJob(this.#account).shortcode, changes ?? {})
  }

  changeJob(shortcode: unknown, changes: unknown): JobSummary {
    const job = this.job("shortcode", shortcode)
    const fields = requireObject("fields", changes)
    refuseUnknown("fields", fields, ["title", "state", "code", "confidential"])
    if ("title" in fields) job.title = requireText("fields.title", fields.title)
    if ("state" in fields) job.state = requireOneOf("fields.state", fields.state, jobStates)
    if ("code" in fields) job.code = textOrNull("fields.code", fields.code)
    if ("confidential" in fields) job.confidential = requireFlag("fields.confidential", fields.confidential)
    job.updatedAt = this.#account.now()
    return this.jobSummary(job)
  }

  removeJob(shortcode: unknown): { readonly shortcode: string; readonly deleted: true } {
    const job = this.job("shortcode", shortcode)
    for (const candidate of this.#account.candidates.values()) {
      if (candidate.job === job.shortcode) this.remove(hex(candidate.id))
    }
    this.#account.jobs.delete(job.shortcode)
    return { shortcode: job.shortcode, deleted: true }
  }

  addEvent(candidateId: unknown, startsAt: unknown): { readonly id: string } {
    const candidate = this.candidate("candidateId", candidateId)
    const at = Date.parse(requireText("startsAt", startsAt))
    if (Number.isNaN(at)) throw new InvalidInput("startsAt", "must be a time as ISO 8601")
    return { id: hex(addMeeting(this.#account, candidate.id, at).id) }
  }

  cancelEvent(id: unknown): { readonly id: string; readonly cancelled: true } {
    const meeting = typeof id === "string" ? this.#account.meetings.get(Number.parseInt(id, 16)) : undefined
    if (meeting === undefined) throw new InvalidInput("id", `no event ${JSON.stringify(id) ?? "without id"}`)
    meeting.cancelled = true
    return { id: hex(meeting.id), cancelled: true }
  }

  addEmployee(changes: unknown): StaffSummary {
    return this.changeEmployee(hex(addEmployee(this.#account).id), changes ?? {})
  }

  changeEmployee(id: unknown, changes: unknown): StaffSummary {
    const employee = this.employee("id", id)
    const fields = requireObject("fields", changes)
    refuseUnknown("fields", fields, ["firstname", "lastname", "workEmail", "jobTitle", "state"])
    if ("firstname" in fields) employee.firstname = requireText("fields.firstname", fields.firstname)
    if ("lastname" in fields) employee.lastname = requireText("fields.lastname", fields.lastname)
    if ("workEmail" in fields) employee.workEmail = textOrNull("fields.workEmail", fields.workEmail)
    if ("jobTitle" in fields) employee.jobTitle = textOrNull("fields.jobTitle", fields.jobTitle)
    if ("state" in fields) employee.state = requireOneOf("fields.state", fields.state, employeeStates)
    return this.staffSummary(employee)
  }

  removeEmployee(id: unknown): { readonly id: string; readonly deleted: true } {
    const employee = this.employee("id", id)
    this.#account.employees.delete(employee.id)
    return { id: hex(employee.id), deleted: true }
  }
}
