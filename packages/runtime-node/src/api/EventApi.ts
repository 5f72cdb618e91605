import { EventType } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing, success } from "./Envelope.ts"
import { AttemptView, EventState, EventView } from "./EventView.ts"
import { integrationHeader as headers } from "./IntegrationHeader.ts"
import { paging } from "./Paging.ts"

/** The event log, and repairs. */
export class EventApi extends HttpApiGroup.make("event")
  .add(
    HttpApiEndpoint.get("list", "/events.list", {
      headers,
      query: {
        syncRunId: Schema.optionalKey(Schema.String),
        recordId: Schema.optionalKey(Schema.String.annotate({ description: "Needs the integration header." })),
        eventType: Schema.optionalKey(Schema.Literals(EventType.eventTypes)),
        state: Schema.optionalKey(EventState),
        ...paging
      },
      success: listing("events", EventView),
      error: failures
    }).annotateMerge(docs("read", "Events, newest first: by run, record, type or state"))
  )
  .add(
    HttpApiEndpoint.get("get", "/event.get", {
      query: { eventId: Schema.NonEmptyString },
      success: success(
        Schema.Struct({
          event: EventView,
          attempts: Schema.Array(AttemptView),
          body: Schema.NullOr(Schema.String).annotate({
            description:
              "The exact body, only while the event is pending and only for keys with the scope `events.body`."
          })
        })
      ),
      error: failures
    })
      .annotateMerge(docs("read", "One event with its delivery attempts"))
      .annotateMerge(audited({ action: "event.read_body", target: "event.eventId", when: "body" }))
  )
  .add(
    HttpApiEndpoint.post("retry", "/event.retry", {
      payload: Schema.Struct({ eventId: Schema.NonEmptyString }),
      success: success(EventView),
      error: failures
    })
      .annotateMerge(
        docs(
          "sync",
          "Send a pending event now",
          "An event that expired or was discarded is replayed: `replayId` says by which replay."
        )
      )
      .annotateMerge(audited({ action: "event.retry", target: "eventId" }))
  ) {}
