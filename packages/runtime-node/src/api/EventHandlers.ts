import { Events } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"
import { ofAttempt, ofEvent } from "./EventView.ts"
import { given } from "./IntegrationHeader.ts"
import { requested } from "./Paging.ts"

/** Handlers of `event.*` and `events.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "event",
  Effect.fnUntraced(function* (handlers) {
    const events = yield* Events.Events
    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ headers, query }) {
        const { principal } = yield* Caller
        const filter = {
          integrationId: given(headers),
          runId: query.syncRunId,
          recordId: query.recordId,
          type: query.eventType,
          state: query.state
        }
        return yield* answer(
          Effect.map(events.list(principal, filter, requested(query)), (page) => ({
            events: page.items.map(ofEvent),
            nextPageToken: page.nextPageToken
          }))
        )
      }),
      get: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(events.get(principal, query.eventId), ({ attempts, body, event }) => ({
            event: ofEvent(event),
            attempts: attempts.map(ofAttempt),
            body
          }))
        )
      }),
      retry: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(events.retry(principal, payload.eventId), ofEvent))
      })
    })
  })
)
