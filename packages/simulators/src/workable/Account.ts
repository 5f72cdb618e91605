import { Random } from "../server/Random.ts"

/** The pipeline that every job of the account has, in order. */
export const stages = [
  { slug: "sourced", name: "Sourced", kind: "sourced" },
  { slug: "applied", name: "Applied", kind: "applied" },
  { slug: "phone-screen", name: "Phone Screen", kind: "phone-screen" },
  { slug: "assessment", name: "Assessment", kind: "assessment" },
  { slug: "interview", name: "Interview", kind: "interview" },
  { slug: "offer", name: "Offer", kind: "offer" },
  { slug: "hired", name: "Hired", kind: "hired" }
] as const

/** A stage of the pipeline, by its slug. */
export type StageSlug = (typeof stages)[number]["slug"]

/** The states of a job. */
export const jobStates = ["published", "draft", "closed", "archived"] as const

/** The state of a job. */
export type JobState = (typeof jobStates)[number]

/** A town, as jobs and candidates name it. */
export interface Town {
  readonly city: string
  readonly country: string
  readonly countryCode: string
  readonly region: string | null
  readonly regionCode: string | null
  readonly zip: string | null
}

/** Times are milliseconds since 1970. */
export interface Job {
  readonly id: number
  readonly shortcode: string
  readonly createdAt: number
  title: string
  code: string | null
  state: JobState
  confidential: boolean
  departmentId: number | null
  town: Town
  workplace: "on_site" | "hybrid" | "remote"
  salary: { readonly from: number; readonly to: number; readonly currency: string } | null
  employmentType: string | null
  experience: string | null
  description: string
  memberIds: ReadonlyArray<number>
  recruiterIds: ReadonlyArray<number>
  hasQuestions: boolean
  updatedAt: number
}

/** One person on one job, or in the talent pool. */
export interface Candidate {
  readonly id: number
  readonly createdAt: number
  /** The key of the job; null for the talent pool. */
  job: string | null
  firstname: string
  lastname: string
  email: string | null
  phone: string | null
  headline: string | null
  address: string | null
  town: Town | null
  stage: StageSlug
  disqualified: boolean
  disqualifiedAt: number | null
  reason: string | null
  withdrew: boolean
  hiredAt: number | null
  anonymized: boolean
  sourced: boolean
  domain: string | null
  tags: ReadonlyArray<string>
  skills: ReadonlyArray<string>
  education: ReadonlyArray<{
    readonly degree: string
    readonly school: string
    readonly from: string
    readonly to: string
  }>
  experience: ReadonlyArray<{
    readonly title: string
    readonly company: string
    readonly from: string
    readonly to: string | null
  }>
  answers: ReadonlyArray<{ readonly question: string; readonly answer: string }>
  resume: string | null
  updatedAt: number
}

/** Somebody who works with the account. */
export interface Member {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly role: "admin" | "simple" | "reviewer"
  readonly active: boolean
}

/** A department, perhaps below another. */
export interface Department {
  readonly id: number
  readonly name: string
  readonly parentId: number | null
}

/** A reason to disqualify. */
export interface Reason {
  readonly id: number
  readonly description: string
  readonly withdrew: boolean
}

/** A meeting with a candidate. */
export interface Meeting {
  readonly id: number
  readonly candidateId: number
  readonly type: "CallEvent" | "InterviewEvent"
  readonly startsAt: number
  readonly memberIds: ReadonlyArray<number>
  cancelled: boolean
}

/** How strongly a member is for a candidate: thumbs up twice, once, and down. */
export const scores = ["definite", "positive", "negative"] as const

/** A rating's score. */
export type Score = (typeof scores)[number]

/** Something that happened to a candidate. */
export interface Activity {
  readonly id: number
  readonly candidateId: number
  readonly action: string
  readonly at: number
  readonly memberId: number | null
  readonly from: StageSlug | null
  readonly to: StageSlug | null
  readonly score: Score | null
  body: string | null
  updatedAt: number
}

/** An offer to a candidate. Its states are made up: no offer was ever recorded. */
export interface Offer {
  readonly id: number
  readonly createdAt: number
  state: string
}

/** Somebody of the HR side of the account. */
export interface Employee {
  readonly id: number
  firstname: string
  lastname: string
  workEmail: string | null
  email: string | null
  phone: string | null
  number: string
  jobTitle: string | null
  startDate: string | null
  state: "published" | "draft" | "inactive"
  managerId: number | null
  departmentId: number | null
}

/** Everything that the simulated account holds. Ids grow, are never used twice, and are written as hex. */
export class Account {
  readonly random: Random
  readonly now: () => number
  readonly jobs = new Map<string, Job>()
  readonly candidates = new Map<number, Candidate>()
  readonly members = new Map<number, Member>()
  readonly departments = new Map<number, Department>()
  readonly reasons: Array<Reason> = []
  readonly meetings = new Map<number, Meeting>()
  /** What happened to each candidate, oldest first. */
  readonly timelines = new Map<number, Array<Activity>>()
  /** The latest offer to a candidate. */
  readonly offers = new Map<number, Offer>()
  readonly employees = new Map<number, Employee>()
  #lastId = 0x27000000

  constructor(seed: number, now: () => number) {
    this.random = new Random(seed)
    this.now = now
  }

  /** The next id; a step of one to nine, as in an app that many accounts share. */
  nextId(): number {
    this.#lastId += this.random.integer(1, 9)
    return this.#lastId
  }

  /** Ten hexadecimal digits that no job has. */
  nextShortcode(): string {
    for (;;) {
      let code = ""
      for (let index = 0; index < 10; index++) code += this.random.integer(0, 15).toString(16).toUpperCase()
      if (!this.jobs.has(code)) return code
    }
  }

  /** Writes into the candidate's history. */
  log(
    candidateId: number,
    action: string,
    more: Partial<Pick<Activity, "at" | "memberId" | "body" | "from" | "to" | "score">> = {}
  ): Activity {
    const at = more.at ?? this.now()
    const activity: Activity = {
      id: this.nextId(),
      candidateId,
      action,
      memberId: null,
      body: null,
      from: null,
      to: null,
      score: null,
      ...more,
      at,
      updatedAt: at
    }
    const timeline = this.timelines.get(candidateId)
    if (timeline === undefined) this.timelines.set(candidateId, [activity])
    else timeline.push(activity)
    return activity
  }

  /** Takes a candidate away with everything that is theirs. */
  forget(candidateId: number): void {
    this.candidates.delete(candidateId)
    this.timelines.delete(candidateId)
    this.offers.delete(candidateId)
    for (const meeting of this.meetings.values()) {
      if (meeting.candidateId === candidateId) this.meetings.delete(meeting.id)
    }
  }
}

/** An id as the API writes it. */
export const hex = (id: number): string => id.toString(16)

/** A time as lists write it: to the second. */
export const stamp = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`
