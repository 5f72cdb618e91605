import { Resource } from "@crochet/core"
import type { ConnectorError, Page } from "@crochet/core"
import { AtsApplications } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { candidateFilters, candidatePages, detailsOf, fits, idOf, listed, updatedAt } from "./WorkableCandidate.ts"
import { since } from "./WorkableChanges.ts"
import { besideEach, inOrder, optional, remembered } from "./WorkableEndpoints.ts"
import { all, enriched, linked, timelineOf } from "./WorkableListing.ts"
import { toRecord } from "./WorkableMappingApplication.ts"
import { applicationSupport } from "./WorkableSupport.ts"
import type { ApplicationRow, WireRow } from "./WorkableWire.ts"
import { BareRows, Events, Offer, part, Stages, text } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

const eventPages = linked({
  operation: "event.list",
  path: "/events",
  answer: Events,
  items: ({ events }) => events
})

/** What applications are joined to, each read once in a run and only when a model needs it. */
const joins = (context: Context) => {
  const { client } = context
  const stagesOf = remembered((shortcode) =>
    optional(
      context,
      "Stages of a job",
      "application_stage",
      Effect.map(
        client.decode({ operation: "job.stages", path: `/jobs/${encodeURIComponent(shortcode)}/stages` }, Stages),
        ({ stages }) => inOrder(stages)
      )
    )
  )
  const reasons = remembered(() =>
    optional(
      context,
      "Disqualification reasons",
      "application_rejection",
      client.decode({ operation: "rejectReason.list", path: "/disqualification_reasons" }, BareRows)
    )
  )
  const events = remembered(() =>
    Effect.map(optional(context, "Events", "application_interviews", all(context, eventPages)), (rows) =>
      rows === null ? null : Map.groupBy(rows, (row) => text(part(row.candidate).id) ?? "")
    )
  )
  return {
    /** The job's stage of this name; the only one, since an ambiguous name joins to nothing. */
    stage: (row: WireRow) =>
      Effect.map(stagesOf(jobOf(row) ?? ""), (stages) =>
        stages === null ? null : only(stages.filter(({ name }) => text(name) === text(row.stage)))
      ),
    reason: (row: WireRow) =>
      Effect.map(reasons(""), (known) =>
        known === null
          ? null
          : only(known.filter(({ description }) => text(description) === text(row.disqualification_reason)))
      ),
    offers: besideEach(context, "Offers", "application_offers"),
    ratings: besideEach(context, "Ratings", "application_scorecards"),
    events: (row: WireRow) => Effect.map(events(""), (found) => (found === null ? null : (found.get(idOf(row)) ?? [])))
  }
}

const only = (rows: ReadonlyArray<WireRow>): WireRow | null => (rows.length === 1 ? rows[0]! : null)

/** The key of the job that a candidate is on; none in the talent pool. */
const jobOf = (row: WireRow) => text(part(row.job).shortcode)

const needsDetails = ({ models }: Context, row: WireRow) =>
  models.has("application_questions") ||
  models.has("application_attachments") ||
  (models.has("application_rejection") && row.disqualified === true)

/**
 * The latest offer to a candidate, if any. Without one the answer is the candidate in short and nothing else (recorded
 * 2026-07). One that has more and is no offer that could be understood, or another candidate's, is `null`.
 */
const offersOf = ({ client }: Context, id: string) =>
  Effect.map(
    client.decode({ operation: "offer.get", path: `/candidates/${encodeURIComponent(id)}/offer` }, Offer),
    ({ candidate, ...offer }): ReadonlyArray<WireRow> | null => {
      const whose = text(part(candidate).id)
      if (text(offer.id) !== undefined) return whose === undefined || whose === id ? [offer] : null
      return whose === id && Object.keys(offer).length === 0 ? [] : null
    }
  )

const ratingsOf = (context: Context, id: string) =>
  Effect.map(timelineOf(context, id), (entries) => entries.filter(({ action }) => action === "rating"))

/** Whether a candidate without a job is in the talent pool; a row that tells nothing else either is just not readable. */
const inTalentPool = ({ job, stage, talent_pool }: WireRow) =>
  (job === undefined || job === null) && (text(stage) !== undefined || talent_pool !== undefined)

/** A candidate as an application; `undefined` in the talent pool. */
const complete = Effect.fnUntraced(function* (
  context: Context,
  join: ReturnType<typeof joins>,
  candidate: WireRow
): Effect.fn.Return<ApplicationRow | undefined, Failure> {
  if (jobOf(candidate) === undefined) {
    return inTalentPool(candidate) ? undefined : { candidate, unreadable: "not the row that it claims to be" }
  }
  const details = needsDetails(context, candidate) ? yield* detailsOf(context, idOf(candidate)) : undefined
  if (details !== undefined && Option.isNone(details)) {
    return { candidate, unreadable: "listed, but not found by its id" }
  }
  const { models } = context
  const id = idOf(candidate)
  const offers = models.has("application_offers") ? yield* join.offers(offersOf(context, id)) : undefined
  const ratings = models.has("application_scorecards") ? yield* join.ratings(ratingsOf(context, id)) : undefined
  if ([offers, ratings].some((beside) => beside !== undefined && Option.isNone(beside))) {
    return { candidate, unreadable: "listed, but not found by its id" }
  }
  return {
    candidate,
    ...details?.value,
    ...(offers === undefined ? {} : { offers: Option.getOrNull(offers) }),
    ...(ratings === undefined ? {} : { ratings: Option.getOrNull(ratings) }),
    ...(models.has("application_stage") ? { stage: yield* join.stage(candidate) } : {}),
    ...(models.has("application_rejection") && candidate.disqualified === true
      ? { reason: yield* join.reason(candidate) }
      : {}),
    ...(models.has("application_interviews") ? { events: yield* join.events(candidate) } : {})
  }
})

const read = (context: Context, since?: string): Stream.Stream<Page.Pages<ApplicationRow>, Failure> =>
  Stream.suspend(() => {
    const join = joins(context)
    return enriched(candidatePages(context, since), (row) => complete(context, join, row), idOf)
  })

const get = Effect.fn("Workable.application")(function* (context: Context, id: string) {
  const found = yield* detailsOf(context, id)
  if (Option.isNone(found) || !fits(context, found.value.details)) return Option.none<ApplicationRow>()
  const candidate = (yield* listed(context, id)) ?? found.value.details
  return Option.fromUndefinedOr(yield* complete(context, joins(context), candidate))
})

/** Applications of a Workable account: its candidates that are on a job. Application and candidate have the same id. */
export const applications: Resource.AnyResource = Resource.make<typeof AtsApplications, ApplicationRow>({
  dataType: AtsApplications,
  mapperVersion: 2,
  list: (context) => read(context),
  changes: since("/candidates", read),
  get,
  recordId: ({ candidate }) => idOf(candidate),
  toRecord,
  updatedAt,
  volatile: { raw: ["signed"], record: ["attachments.link", "info.updatedAt"] },
  support: applicationSupport,
  filters: candidateFilters
})
