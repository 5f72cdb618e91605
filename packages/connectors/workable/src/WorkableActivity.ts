import { Resource } from "@crochet/core"
import type { ConnectorError, DataType, Page } from "@crochet/core"
import { AtsActivities, Dates } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { candidateFilters, candidatePages, detailsOf, idOf } from "./WorkableCandidate.ts"
import { since } from "./WorkableChanges.ts"
import { found } from "./WorkableEndpoints.ts"
import { expanded, timelineOf } from "./WorkableListing.ts"
import { activitySupport } from "./WorkableSupport.ts"
import type { ActivityRow, WireRow } from "./WorkableWire.ts"
import { part, requireReadable, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

/**
 * All that happened to a candidate of the list. Nothing for one that has vanished since: with the candidate the timeline
 * is gone. A candidate that is there without a timeline is a contradiction, from which nothing may be concluded: what was
 * read of it before would be taken for deleted. A row without an id keeps the engine from inferring any deletion.
 */
const activitiesOf = Effect.fnUntraced(function* (
  context: Context,
  candidate: WireRow
): Effect.fn.Return<ReadonlyArray<ActivityRow>, Failure> {
  const candidateId = idOf(candidate)
  const isApplication = text(part(candidate.job).shortcode) !== undefined
  const timeline = yield* found(timelineOf(context, candidateId))
  if (Option.isSome(timeline)) {
    return timeline.value.map((activity) => ({ activity, candidateId, isApplication }))
  }
  if (Option.isNone(yield* detailsOf(context, candidateId))) return []
  yield* context.issue({
    code: "workable.unreadable",
    message: "The timeline of a candidate who is there is not found and is left out; nothing is deleted for it.",
    model: "activity_info"
  })
  return [{ activity: {}, candidateId, isApplication }]
})

const read = (context: Context, since?: string): Stream.Stream<Page.Pages<ActivityRow>, Failure> =>
  expanded(candidatePages(context, since), (candidate) => activitiesOf(context, candidate))

/** An entry of a timeline as `ats_activities`. */
export const toRecord = ({
  activity,
  candidateId,
  isApplication
}: ActivityRow): DataType.Input<typeof AtsActivities> => {
  requireReadable(activity, undefined, "action", "created_at")
  const member = part(activity.member)
  return {
    info: {
      id: text(activity.id),
      candidateId,
      applicationId: isApplication ? candidateId : null,
      type: Words.activityType(activity),
      subject: text(part(activity.target_stage).name),
      body: text(activity.body),
      author: text(member.id) === undefined ? null : { id: text(member.id), name: text(member.name) },
      createdAt: Dates.fromInstant(text(activity.created_at)),
      typeRaw: text(activity.action)
    }
  }
}

/**
 * Comments, messages, moves and whatever else stands in the timelines of candidates: one request a candidate, in a delta
 * one for each that changed. There is no request for a single entry. A delta never deletes: what is missing in a timeline
 * counts as deleted when everything is listed.
 */
export const activities: Resource.AnyResource = Resource.make<typeof AtsActivities, ActivityRow>({
  dataType: AtsActivities,
  mapperVersion: 1,
  list: (context) => read(context),
  changes: since("/candidates", read),
  recordId: ({ activity }) => text(activity.id) ?? "",
  toRecord,
  updatedAt: ({ activity }) => {
    const stamp = Dates.fromInstant(text(activity.updated_at) ?? text(activity.created_at))
    return stamp === null ? undefined : Date.parse(stamp)
  },
  support: activitySupport,
  filters: candidateFilters
})
