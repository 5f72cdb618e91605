import {
  type Account,
  type Candidate,
  type Employee,
  type Job,
  type JobState,
  scores,
  stages,
  type StageSlug,
  type Town
} from "./Account.ts"

const day = 86_400_000

const towns: ReadonlyArray<Town> = [
  {
    city: "London",
    country: "United Kingdom",
    countryCode: "GB",
    region: null,
    regionCode: "England",
    zip: "EC1A 1BB"
  },
  { city: "New York", country: "United States", countryCode: "US", region: "New York", regionCode: "NY", zip: null },
  { city: "Athens", country: "Greece", countryCode: "GR", region: "Attica", regionCode: null, zip: "105 57" },
  { city: "Berlin", country: "Germany", countryCode: "DE", region: "Berlin", regionCode: "BE", zip: "10115" }
]
const titles = ["Weaver", "Spinner", "Dyer", "Loom Engineer", "Pattern Designer", "Account Executive", "Accountant"]
const given = ["Ada", "Bruno", "Chloé", "Dana", "Emre", "Farah", "Goran", "Hanna", "Ines", "Jonas", "Kiri", "Łukasz"]
const family = ["Abel", "Bauer", "Costa", "Díaz", "Evans", "Fischer", "García", "Hughes", "Ivanova", "Jensen", "Öz"]
const domains = ["linkedin.com", "indeed.com", "workable.com", "facebook.com", "monster.com", "twitter.com", null]
const reasons: ReadonlyArray<readonly [description: string, withdrew: boolean]> = [
  ["Doesn't have required qualifications", false],
  ["Doesn't match job location", false],
  ["Salary expectations too high", false],
  ["Accepted another offer", true]
]

/** What may be given about a new job; the rest is made up. */
export type JobFields = Partial<Omit<Job, "id" | "shortcode" | "town">>
/** What may be given about a new candidate; the rest is made up. */
export type CandidateFields = Partial<Omit<Candidate, "id" | "town">>

/** Adds a job. */
export const addJob = (account: Account, fields: JobFields = {}): Job => {
  const { random } = account
  const title = fields.title ?? random.pick(titles)
  const town = random.pick(towns)
  const createdAt = fields.createdAt ?? account.now()
  const members = [...account.members.keys()]
  const job: Job = {
    id: account.nextId(),
    shortcode: account.nextShortcode(),
    title,
    code: random.chance(0.7) ? `${town.countryCode}/${random.digits(2)}` : null,
    state: "published",
    confidential: random.chance(0.1),
    departmentId: random.chance(0.8) ? random.pick([...account.departments.keys()]) : null,
    town,
    workplace: random.pick(["on_site", "hybrid", "remote"]),
    salary: random.chance(0.6)
      ? { from: random.integer(30, 60) * 1000, to: random.integer(61, 120) * 1000, currency: "eur" }
      : null,
    employmentType: random.pick(["Full-time", "Part-time", "Contract", "Temporary", null]),
    experience: random.pick(["Entry level", "Mid-Senior level", null]),
    description: `<p>We are looking for a ${title}.</p>`,
    memberIds: members.slice(0, random.integer(1, Math.max(1, members.length))),
    recruiterIds: members.slice(0, 1),
    hasQuestions: random.chance(0.5),
    ...fields,
    createdAt,
    updatedAt: fields.updatedAt ?? createdAt
  }
  account.jobs.set(job.shortcode, job)
  return job
}

const ascii = (text: string) =>
  text
    .replaceAll("Ł", "L")
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replaceAll(/[^A-Za-z]/g, "")
    .toLowerCase()

/** Adds a candidate. */
export const addCandidate = (account: Account, fields: CandidateFields = {}): Candidate => {
  const { random } = account
  const id = account.nextId()
  const firstname = fields.firstname ?? random.pick(given)
  const lastname = fields.lastname ?? random.pick(family)
  const createdAt = fields.createdAt ?? account.now()
  const town = random.chance(0.7) ? random.pick(towns) : null
  const stage: StageSlug = random.pick(stages.slice(0, 6)).slug
  const candidate: Candidate = {
    id,
    job: fields.job === undefined ? random.pick([...account.jobs.keys()]) : fields.job,
    firstname,
    lastname,
    email: `${ascii(firstname)}.${ascii(lastname)}.${id.toString(16)}@candidate.example`,
    phone: random.chance(0.8) ? `+1202555${random.digits(4)}` : null,
    headline: random.chance(0.7) ? random.pick(titles) : null,
    address: town === null ? null : `${random.integer(1, 99)} Mill Road, ${town.city}`,
    town,
    stage,
    disqualified: false,
    disqualifiedAt: null,
    reason: null,
    withdrew: false,
    hiredAt: null,
    anonymized: false,
    sourced: stage === "sourced",
    domain: random.pick(domains),
    tags: random.chance(0.2) ? ["promising"] : [],
    skills: random.chance(0.5) ? ["weaving", "patience"] : [],
    education: random.chance(0.5)
      ? [{ degree: "BA", school: "Mill College", from: "2010-09-01", to: "2013-06-30" }]
      : [],
    experience: random.chance(0.6) ? [{ title: "Weaver", company: "Mill Ltd", from: "2014-01-01", to: null }] : [],
    answers: [],
    resume: random.chance(0.7) ? `cv_${ascii(lastname)}.pdf` : null,
    ...fields,
    createdAt,
    updatedAt: fields.updatedAt ?? createdAt
  }
  account.candidates.set(id, candidate)
  account.log(id, candidate.sourced ? "uploaded" : "applied", { at: createdAt })
  return candidate
}

/** Adds an employee. */
export const addEmployee = (account: Account, fields: Partial<Omit<Employee, "id">> = {}) => {
  const { random } = account
  const id = account.nextId()
  const firstname = fields.firstname ?? random.pick(given)
  const lastname = fields.lastname ?? random.pick(family)
  const draft = fields.state === "draft"
  const employee: Employee = {
    id,
    firstname,
    lastname,
    workEmail: draft ? null : `${ascii(firstname)}.${ascii(lastname)}.${id.toString(16)}@acme.example`,
    email: `${ascii(firstname)}.${id.toString(16)}@private.example`,
    phone: `+1202555${random.digits(4)}`,
    number: String(account.employees.size + 1),
    jobTitle: random.pick(titles),
    startDate: `20${random.integer(15, 25)}-0${random.integer(1, 9)}-1${random.integer(0, 9)}`,
    state: "published",
    managerId: account.employees.keys().next().value ?? null,
    departmentId: random.chance(0.7) ? random.pick([...account.departments.keys()]) : null,
    ...fields
  }
  account.employees.set(id, employee)
  return employee
}

/** Fills an account: members, departments, reasons, jobs, candidates, their meetings, employees, and what was written about candidates. */
export const populate = (
  account: Account,
  counts: { readonly candidates: number; readonly jobs: number; readonly employees: number },
  anchor: number
): void => {
  const { random } = account
  const people = ["Rita Reed", "Sam Stone", "Tove Tan", "Uma Urban", "Vera Voss"]
  for (const [index, name] of people.entries()) {
    const id = account.nextId()
    const role = index === 0 ? "admin" : index === 4 ? "reviewer" : "simple"
    const email = `${name.toLowerCase().replace(" ", ".")}@acme.example`
    account.members.set(id, { id, name, email, role, active: index !== 3 })
  }
  const top = account.nextId()
  account.departments.set(top, { id: top, name: "Production", parentId: null })
  for (const name of ["Weaving", "Dyeing", "Finance"]) {
    const id = account.nextId()
    account.departments.set(id, { id, name, parentId: name === "Finance" ? null : top })
  }
  for (const [description, withdrew] of reasons) account.reasons.push({ id: account.nextId(), description, withdrew })
  for (let index = 0; index < counts.jobs; index++) {
    const state: JobState = random.pick(["published", "published", "published", "closed", "archived", "draft"])
    addJob(account, { state, createdAt: anchor - random.integer(200, 400) * day })
  }
  for (let index = 0; index < counts.candidates; index++) {
    const createdAt = anchor - random.integer(1, 180) * day + random.integer(0, 86_399) * 1000
    // Every fiftieth is in the talent pool, without a job.
    const pooled = index % 50 === 49 || counts.jobs === 0
    const candidate = addCandidate(account, {
      createdAt,
      ...(pooled ? { job: null, stage: "sourced", sourced: true } : {})
    })
    candidate.updatedAt = createdAt + random.integer(0, 20) * 3_600_000
    if (pooled) continue
    if (random.chance(0.15)) {
      const reason = random.pick(reasons)
      candidate.disqualified = true
      candidate.disqualifiedAt = candidate.updatedAt
      candidate.reason = reason[0]
      candidate.withdrew = reason[1]
    } else if (random.chance(0.03)) {
      candidate.stage = "hired"
      candidate.hiredAt = candidate.updatedAt
    }
    if (account.jobs.get(candidate.job ?? "")?.hasQuestions === true && random.chance(0.5)) {
      candidate.answers = [
        { question: "How many years have you worked on looms?", answer: String(random.integer(0, 20)) }
      ]
    }
    if (random.chance(0.2)) addMeeting(account, candidate.id, createdAt + 10 * day)
  }
  for (let index = 0; index < counts.employees; index++) {
    addEmployee(account, index > 0 && random.chance(0.05) ? { state: "draft" } : {})
  }
  addHistories(account)
}

/** Gives every fifth candidate a comment, a message and a rating, and an offer to who is that far. */
const addHistories = (account: Account): void => {
  const members = [...account.members.keys()]
  let index = -1
  for (const { firstname, id, stage, updatedAt: at } of account.candidates.values()) {
    index++
    if (stage === "offer" || stage === "hired") {
      account.offers.set(id, { id: account.nextId(), createdAt: at, state: stage === "hired" ? "accepted" : "sent" })
    }
    if (index % 5 !== 0) continue
    const memberId = members[index % members.length]!
    account.log(id, "comment", { at, memberId, body: "Let us meet soon." })
    account.log(id, "message", { at, memberId, body: `<p>Dear ${firstname},</p><p>Shall we talk?</p>` })
    account.log(id, "rating", { at, memberId, body: "Good", score: scores[(index / 5) % scores.length]! })
  }
}

/** Adds a meeting with a candidate. */
export const addMeeting = (account: Account, candidateId: number, startsAt: number) => {
  const id = account.nextId()
  const memberIds = [...account.members.keys()].slice(0, account.random.integer(1, 2))
  const type = account.random.pick(["CallEvent", "InterviewEvent"] as const)
  const meeting = { id, candidateId, type, startsAt, memberIds, cancelled: false }
  account.meetings.set(id, meeting)
  return meeting
}
