import { EventType } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing, success } from "./Envelope.ts"
import { EventState } from "./EventView.ts"
import { integrationHeader as headers } from "./IntegrationHeader.ts"
import { paging } from "./Paging.ts"
import { ReplayView, StateCounts } from "./ReplayView.ts"

const time = Schema.optionalKey(
  Schema.DateTimeUtcFromString.annotate({ description: "RFC 3339; of when the events were written." })
)
const chosen = Schema.Struct({ replayId: Schema.NonEmptyString })

/** Sending events again. */
export class ReplayApi extends HttpApiGroup.make("replay")
  .add(
    HttpApiEndpoint.post("start", "/events.replay", {
      headers,
      payload: Schema.Struct({
        eventIds: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
        syncRunId: Schema.optionalKey(Schema.NonEmptyString),
        destinationId: Schema.optionalKey(Schema.NonEmptyString),
        eventType: Schema.optionalKey(Schema.Literals(EventType.eventTypes)),
        states: Schema.optionalKey(
          Schema.NonEmptyArray(EventState).annotate({ description: "Default: pending, expired and discarded." })
        ),
        from: time,
        to: time,
        ratePerSecond: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
        dryRun: Schema.optionalKey(Schema.Boolean.annotate({ description: "Only count what would be sent again." }))
      }),
      success: success(
        Schema.Struct({
          replay: Schema.NullOr(ReplayView),
          matching: Schema.NullOr(Schema.Struct({ total: Schema.Int, states: StateCounts })).annotate({
            description: "The answer to `dryRun`."
          })
        })
      ),
      error: failures
    })
      .annotateMerge(
        docs(
          "sync",
          "Send events again",
          "By ids, run, destination, type, state or time; what is given must all be true. Records are read again from the app. A durable job of any size; the same request within five seconds is the same replay."
        )
      )
      // A dry run changes nothing.
      .annotateMerge(audited({ action: "event.replay", target: "replay.replayId", when: "replay" }))
  )
  .add(
    HttpApiEndpoint.get("list", "/events.replays.list", {
      query: paging,
      success: listing("replays", ReplayView),
      error: failures
    }).annotateMerge(docs("read", "Replays, newest first"))
  )
  .add(
    HttpApiEndpoint.get("get", "/events.replay.get", {
      query: { replayId: Schema.NonEmptyString },
      success: success(ReplayView),
      error: failures
    }).annotateMerge(docs("read", "One replay with its progress"))
  )
  .add(
    HttpApiEndpoint.post("cancel", "/events.replay.cancel", {
      payload: chosen,
      success: success(ReplayView),
      error: failures
    })
      .annotateMerge(docs("sync", "Stop a replay; the events that it has made are still delivered"))
      .annotateMerge(audited({ action: "event.replay_cancel", target: "replayId" }))
  ) {}
