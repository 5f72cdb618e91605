import { Resource } from "@crochet/core"
import type { ConnectorError, Page } from "@crochet/core"
import { AtsJobs, Dates } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { since } from "./WorkableChanges.ts"
import { inOrder, optional, single } from "./WorkableEndpoints.ts"
import { enriched, linked } from "./WorkableListing.ts"
import { toRecord } from "./WorkableMappingJob.ts"
import { jobSupport } from "./WorkableSupport.ts"
import type { JobRow, WireRow } from "./WorkableWire.ts"
import { JobMembers, Jobs, Questions, Recruiters, Row, Stages, text } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

const states = ["draft", "published", "closed", "archived"]

const jobPages = linked({
  operation: "job.list",
  path: "/jobs",
  answer: Jobs,
  items: ({ jobs }) => jobs,
  query: ({ filters }) => ({ state: filters.state })
})

/** The record's id is the shortcode: it is what candidates and all paths name a job by. */
const idOf = (row: WireRow): string => text(row.shortcode) ?? ""

const path = (row: WireRow, rest: string) => `/jobs/${encodeURIComponent(idOf(row))}${rest}`

const detailsOf = (context: Context, id: string) =>
  single(
    context,
    { operation: "job.get", path: `/jobs/${encodeURIComponent(id)}` },
    Row,
    (details) => idOf(details) === id
  )

/** One job with what the models need. */
const complete = Effect.fnUntraced(function* (
  context: Context,
  job: WireRow,
  known?: WireRow
): Effect.fn.Return<JobRow, Failure> {
  const { client, models } = context
  const wanted = (...ids: ReadonlyArray<string>) => ids.some((id) => models.has(id))
  const needsDetails = wanted("job_info", "job_requirements", "job_info_enhanced", "job_rawValues")
  const details = known !== undefined || !needsDetails ? undefined : yield* detailsOf(context, idOf(job))
  if (details !== undefined && Option.isNone(details)) return { job, unreadable: "listed, but not found by its id" }
  const found = known ?? details?.value
  const beside = <A>(
    model: string,
    what: string,
    schema: Parameters<typeof client.decode<A, unknown>>[1],
    rest: string,
    rows: (answer: A) => ReadonlyArray<WireRow>
  ) =>
    optional(
      context,
      what,
      model,
      Effect.map(client.decode({ operation: `job${rest.replace("/", ".")}`, path: path(job, rest) }, schema), rows)
    )
  return {
    job,
    ...(found === undefined ? {} : { details: found }),
    ...(wanted("job_stages")
      ? { stages: yield* beside("job_stages", "Stages", Stages, "/stages", ({ stages }) => inOrder(stages)) }
      : {}),
    ...(wanted("job_hiringTeam", "job_hiringManagers")
      ? { members: yield* beside("job_hiringTeam", "Members", JobMembers, "/members", ({ members }) => members) }
      : {}),
    ...(wanted("job_recruiters")
      ? {
          recruiters: yield* beside(
            "job_recruiters",
            "Recruiters",
            Recruiters,
            "/recruiters",
            ({ recruiters }) => recruiters
          )
        }
      : {}),
    ...(wanted("job_questions")
      ? {
          questions: yield* beside("job_questions", "Questions", Questions, "/questions", ({ questions }) => questions)
        }
      : {})
  }
})

const read = (context: Context, since?: string): Stream.Stream<Page.Pages<JobRow>, Failure> =>
  enriched(jobPages(context, since), (row) => complete(context, row), idOf)

const get = Effect.fn("Workable.job")(function* (context: Context, id: string) {
  const found = yield* detailsOf(context, id)
  if (Option.isNone(found)) return Option.none<JobRow>()
  const { state } = context.filters
  if (state !== undefined && text(found.value.state) !== state) return Option.none<JobRow>()
  return Option.some(yield* complete(context, found.value, found.value))
})

/** Jobs of a Workable account, in whatever state. */
export const jobs: Resource.AnyResource = Resource.make<typeof AtsJobs, JobRow>({
  dataType: AtsJobs,
  mapperVersion: 1,
  list: (context) => read(context),
  changes: since("/jobs", read),
  get,
  recordId: ({ job }) => idOf(job),
  toRecord,
  updatedAt: ({ job }) => {
    const stamp = Dates.fromInstant(text(job.updated_at))
    return stamp === null ? undefined : Date.parse(stamp)
  },
  // Seen to move on all jobs at once, with nothing else changed (recorded 2026-07).
  volatile: { record: ["info.updatedAt"] },
  support: jobSupport,
  filters: [{ id: "state", label: "State", help: "Only jobs in this state.", values: states }]
})
