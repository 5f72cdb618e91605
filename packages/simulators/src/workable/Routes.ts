import type { Reply, Request } from "../server/Reply.ts"
import { type Account, type Candidate, hex, jobStates, stages } from "./Account.ts"
import { employeeDetails, employeeRow, legalEntities } from "./EmployeeRows.ts"
import { invalid, keyset, limitOf } from "./Paging.ts"
import {
  candidateDetails,
  candidateRow,
  eventRow,
  type Identity,
  jobDetails,
  jobRow,
  memberRow,
  questionRows,
  stageRow
} from "./Rows.ts"
import { activityRow, offerAnswer } from "./TimelineRows.ts"

/** What every route may use. */
export interface RouteContext {
  readonly account: Account
  readonly identity: Identity
  /** Base of links: `https://acme.workable.com/spi/v3` or the simulator's own. */
  readonly base: string
  /** Whether the link to the next page repeats `updated_after` and alike; the app does not say. */
  readonly nextKeepsFilters: boolean
  /** No page holds more, whatever is asked for. */
  readonly largestPage: number
  /** What changed less than so long ago is not in lists yet. */
  readonly listLagMillis: number
  readonly signature: () => number
}

const notFound: Reply = { status: 404, json: { error: "Not found" } }
const ok = (json: unknown): Reply => ({ status: 200, json })
const filterNames = ["updated_after", "created_after", "state", "shortcode"]

const instant = (query: URLSearchParams, name: string): number | undefined | Reply => {
  const written = query.get(name)
  if (written === null) return undefined
  const millis = Date.parse(written)
  return Number.isNaN(millis) ? invalid(name, "is not a valid date") : millis
}

/** Whether a row is in a list that asks for what changed or was made after an instant. */
const timed = (context: RouteContext, query: URLSearchParams) => {
  const updatedAfter = instant(query, "updated_after")
  if (typeof updatedAfter === "object") return updatedAfter
  const createdAfter = instant(query, "created_after")
  if (typeof createdAfter === "object") return createdAfter
  const visible = context.account.now() - context.listLagMillis
  return ({ createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number }) => {
    const second = (millis: number) => Math.floor(millis / 1000) * 1000
    if (createdAt > visible) return false
    if (createdAfter !== undefined && second(createdAt) <= createdAfter) return false
    return updatedAfter === undefined || (second(updatedAt) > updatedAfter && updatedAt <= visible)
  }
}

function* filtered<A>(items: Iterable<A>, keep: (item: A) => boolean): Generator<A> {
  for (const item of items) if (keep(item)) yield item
}

const candidates = (context: RouteContext, query: URLSearchParams, job: string | null): Reply => {
  const { account, base, identity } = context
  if (job !== null && !account.jobs.has(job)) return notFound
  const inTime = timed(context, query)
  if (typeof inTime !== "function") return inTime
  const fits = (candidate: Candidate) => inTime(candidate) && (job === null || candidate.job === job)
  return keyset({
    name: "candidates",
    all: filtered(account.candidates.values(), fits),
    id: ({ id }) => id,
    row: (candidate) => candidateRow(account, identity, candidate),
    query,
    largestPage: context.largestPage,
    // With a job given, the app's link leaves `/candidates` for the job's own list.
    address: job === null ? `${base}/candidates` : `${base}/jobs/${job}/candidates`,
    repeated: context.nextKeepsFilters ? filterNames.filter((name) => name !== "shortcode") : []
  })
}

const jobs = (context: RouteContext, query: URLSearchParams): Reply => {
  const { account, base, identity } = context
  const inTime = timed(context, query)
  if (typeof inTime !== "function") return inTime
  const state = query.get("state")
  if (state !== null && !jobStates.some((known) => known === state))
    return invalid("state", "is not included in the list")
  const all = [...account.jobs.values()].sort((a, b) => a.id - b.id)
  return keyset({
    name: "jobs",
    all: filtered(all, (job) => inTime(job) && (state === null || job.state === state)),
    id: ({ id }) => id,
    row: (job) => jobRow(account, identity, job),
    query,
    largestPage: context.largestPage,
    address: `${base}/jobs`,
    repeated: context.nextKeepsFilters ? filterNames : []
  })
}

const job = (context: RouteContext, shortcode: string, part: string | undefined, query: URLSearchParams): Reply => {
  const { account, identity } = context
  const found = account.jobs.get(shortcode)
  if (found === undefined) return notFound
  const people = (ids: ReadonlyArray<number>) => ids.flatMap((id) => account.members.get(id) ?? [])
  switch (part) {
    case undefined:
      return ok(jobDetails(account, identity, found))
    case "stages":
      return ok({ stages: stages.map(({ slug }) => stageRow(slug)) })
    case "questions":
      return ok({ questions: questionRows(found) })
    case "recruiters":
      return ok({ recruiters: people(found.recruiterIds).map(({ email, id, name }) => ({ id: hex(id), name, email })) })
    case "members":
      return ok({
        members: people(found.memberIds).map((member, index) => ({
          ...memberRow(member),
          collaboration_role: member.role === "admin" ? "admin" : index === 1 ? "hiring_manager" : "reviewer"
        }))
      })
    case "candidates":
      return candidates(context, query, shortcode)
    case "custom_attributes":
      return ok({ custom_attributes: [] })
    default:
      return notFound
  }
}

const candidate = (context: RouteContext, id: string, part: string | undefined, query: URLSearchParams): Reply => {
  const { account, base, identity } = context
  const found = /^[0-9a-f]+$/.test(id) ? account.candidates.get(Number.parseInt(id, 16)) : undefined
  if (found === undefined) return notFound
  switch (part) {
    case undefined:
      return ok({ candidate: candidateDetails(account, identity, found, context.signature()) })
    case "activities":
      return keyset({
        name: "activities",
        all: account.timelines.get(found.id) ?? [],
        id: (activity) => activity.id,
        row: (activity) => activityRow(account, activity),
        query,
        largestPage: context.largestPage,
        address: `${base}/candidates/${id}/activities`,
        repeated: []
      })
    case "offer":
      return ok(offerAnswer(account, found))
    case "files":
      return ok({ files: [] })
    default:
      return notFound
  }
}

const employees = ({ account, largestPage, signature }: RouteContext, query: URLSearchParams): Reply => {
  const limit = limitOf(query, largestPage)
  if (typeof limit !== "number") return limit
  const offset = Number(query.get("offset") ?? "0")
  if (!Number.isInteger(offset) || offset < 0) return invalid("offset", "must be 0 or more")
  const byName = [...account.employees.values()].sort((a, b) => a.lastname.localeCompare(b.lastname) || a.id - b.id)
  return ok({
    total_count: byName.length,
    employees: byName.slice(offset, offset + limit).map((employee) => employeeRow(employee, signature()))
  })
}

/** One employee, as a member may see them: administrators see all, others nobody. */
const employee = ({ account }: RouteContext, id: string, query: URLSearchParams): Reply => {
  const viewer = query.get("member_id")
  if (viewer === null) return invalid("member_id", "can't be blank")
  const found = account.employees.get(Number.parseInt(id, 16))
  const sees = account.members.get(Number.parseInt(viewer, 16))
  return found === undefined || hex(found.id) !== id || sees?.role !== "admin" || !sees.active
    ? notFound
    : ok(employeeDetails(account, found))
}

/** Answers a request below `/spi/v3`. */
export const route = ({ method, query }: Request, path: string, context: RouteContext): Reply => {
  const { account, base, identity } = context
  if (method !== "GET") return { status: 405, json: { error: "Method not allowed" } }
  const [, first, second, third, ...rest] = path.replace(/\/$/, "").split("/")
  if (rest.length > 0) return notFound
  const about = { id: "b4e8e", ...identity, description: null, summary: null, website_url: null }
  if (second !== undefined) {
    if (first === "accounts") return second === identity.subdomain && third === undefined ? ok(about) : notFound
    if (first === "jobs") return job(context, second, third, query)
    if (first === "candidates") return candidate(context, second, third, query)
    if (first === "employees" && third === undefined) return employee(context, second, query)
    return notFound
  }
  switch (first) {
    case "accounts":
      return ok({ accounts: [about] })
    case "jobs":
      return jobs(context, query)
    case "candidates":
      return candidates(context, query, query.get("shortcode"))
    case "stages":
      return ok({ stages: stages.map(({ slug }) => stageRow(slug)) })
    case "members": {
      const status = query.get("status") ?? "active"
      const fits =
        status === "all" ? () => true : (member: { active: boolean }) => member.active === (status === "active")
      return keyset({
        name: "members",
        all: filtered(account.members.values(), fits),
        id: ({ id }) => id,
        row: memberRow,
        query,
        largestPage: context.largestPage,
        address: `${base}/members`,
        repeated: context.nextKeepsFilters ? ["status"] : []
      })
    }
    case "events":
      return keyset({
        name: "events",
        all: account.meetings.values(),
        id: ({ id }) => id,
        row: (meeting) => eventRow(account, meeting),
        query,
        largestPage: context.largestPage,
        address: `${base}/events`,
        repeated: []
      })
    case "recruiters":
      return ok({ recruiters: [] })
    case "departments":
      return ok(
        [...account.departments.values()].map(({ id, name, parentId }) => ({
          id: hex(id),
          name,
          parent_id: parentId === null ? null : hex(parentId),
          sample: false
        }))
      )
    case "disqualification_reasons":
      return ok(
        account.reasons.map(({ description, id, withdrew }, index) => ({
          id: hex(id),
          description,
          candidate_withdrew: withdrew,
          position: index + 1
        }))
      )
    case "legal_entities":
      return ok(legalEntities)
    case "custom_attributes":
      return ok({ custom_attributes: [] })
    case "employees":
      return employees(context, query)
    default:
      return notFound
  }
}
