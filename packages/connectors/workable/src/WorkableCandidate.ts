import { Resource } from "@crochet/core"
import type { ConnectorError, Page, Paginator } from "@crochet/core"
import { AtsCandidates, Dates } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { since } from "./WorkableChanges.ts"
import { single } from "./WorkableEndpoints.ts"
import { enriched, linked } from "./WorkableListing.ts"
import { toRecord } from "./WorkableMappingCandidate.ts"
import { candidateSupport } from "./WorkableSupport.ts"
import type { CandidateRow, Signed, WireRow } from "./WorkableWire.ts"
import { CandidateDetails, Candidates, part, text } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

/** Filters that the app applies to candidates, and so to applications too. */
export const candidateFilters: ReadonlyArray<Resource.NativeFilter> = [
  { id: "job", label: "Job", help: "Only candidates of this job, by its shortcode, e.g. 9CD658E13E." },
  {
    id: "createdAfter",
    label: "Created after",
    help: "Only candidates added after this time, e.g. 2026-01-31T00:00:00Z."
  }
]

/** The candidates of the account, as the list has them. */
export const candidatePages: Paginator.Pager<WireRow> = linked({
  operation: "candidate.list",
  path: "/candidates",
  answer: Candidates,
  items: ({ candidates }) => candidates,
  query: ({ filters }) => ({ shortcode: filters.job, created_after: filters.createdAfter })
})

/** The record's id: candidates have texts, which are hexadecimal numbers. */
export const idOf = (row: WireRow): string => text(row.id) ?? ""

/** The details of a candidate, with the signed addresses apart; `None` when there is no such candidate. */
export const detailsOf = (context: Context, id: string) =>
  Effect.map(
    single(
      context,
      { operation: "candidate.get", path: `/candidates/${encodeURIComponent(id)}` },
      CandidateDetails,
      ({ candidate }) => idOf(candidate) === id
    ),
    Option.map(({ candidate }) => {
      const { image_url, resume_url, ...details } = candidate
      const resume = text(resume_url)
      const image = text(image_url)
      const signed: Signed = { ...(resume === undefined ? {} : { resume }), ...(image === undefined ? {} : { image }) }
      return { details: details satisfies WireRow, signed }
    })
  )

/**
 * A candidate by id in the form of the list, which has the name of the CV that the details lack. `since_id` names the
 * first row of a page (recorded 2026-07).
 */
export const listed = (context: Context, id: string) =>
  Effect.map(
    context.client.decode(
      { operation: "candidate.get", path: "/candidates", query: { limit: 1, since_id: id } },
      Candidates
    ),
    ({ candidates }) => candidates.find((row) => idOf(row) === id)
  )

/** Whether a candidate that was asked for by id is one of those that the filters let through. */
export const fits = ({ filters }: Context, row: WireRow): boolean => {
  const after = Dates.fromInstant(filters.createdAfter)
  const created = Dates.fromInstant(text(row.created_at))
  return (
    (filters.job === undefined || text(part(row.job).shortcode) === filters.job) &&
    (after === null || created === null || created > after)
  )
}

/** The models that need one request per candidate; without them the list alone is read, without tags and links. */
const detailed: ReadonlyArray<string> = [
  "candidate_education",
  "candidate_locations",
  "candidate_skills",
  "candidate_experiences",
  "candidate_attachments"
]

/** One candidate with what the models need. */
const complete = (context: Context, candidate: WireRow): Effect.Effect<CandidateRow, Failure> =>
  detailed.some((model) => context.models.has(model))
    ? Effect.map(
        detailsOf(context, idOf(candidate)),
        Option.match({
          onNone: (): CandidateRow => ({ candidate, unreadable: "listed, but not found by its id" }),
          onSome: (found): CandidateRow => ({ candidate, ...found })
        })
      )
    : Effect.succeed({ candidate })

const read = (context: Context, since?: string): Stream.Stream<Page.Pages<CandidateRow>, Failure> =>
  enriched(candidatePages(context, since), (row) => complete(context, row), idOf)

const get = Effect.fn("Workable.candidate")(function* (context: Context, id: string) {
  const found = yield* detailsOf(context, id)
  if (Option.isNone(found) || !fits(context, found.value.details)) return Option.none<CandidateRow>()
  const candidate = (yield* listed(context, id)) ?? found.value.details
  return Option.some<CandidateRow>(
    detailed.some((model) => context.models.has(model)) ? { candidate, ...found.value } : { candidate }
  )
})

/** When the app last changed a candidate. */
export const updatedAt = ({ candidate, details }: CandidateRow): number | undefined => {
  const stamp = Dates.fromInstant(text((details ?? candidate).updated_at))
  return stamp === null ? undefined : Date.parse(stamp)
}

/** Candidates of a Workable account: each is one person on one job or in the talent pool. */
export const candidates: Resource.AnyResource = Resource.make<typeof AtsCandidates, CandidateRow>({
  dataType: AtsCandidates,
  mapperVersion: 1,
  list: (context) => read(context),
  changes: since("/candidates", read),
  get,
  recordId: ({ candidate }) => idOf(candidate),
  toRecord,
  updatedAt,
  // Signed anew on every call; the time of the last change moves with every comment.
  volatile: { raw: ["signed"], record: ["attachments.link", "info.photoUrl", "info.updatedAt"] },
  support: candidateSupport,
  filters: candidateFilters
})
