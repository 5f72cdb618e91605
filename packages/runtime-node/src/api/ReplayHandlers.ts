import { Replays } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"
import { given } from "./IntegrationHeader.ts"
import { requested } from "./Paging.ts"
import { ofReplay } from "./ReplayView.ts"

const millis = (time: DateTime.Utc | undefined) => (time === undefined ? undefined : DateTime.toEpochMillis(time))

/** Handlers of `events.replay` and of what belongs to it. */
export const layer = HttpApiBuilder.group(
  Api,
  "replay",
  Effect.fnUntraced(function* (handlers) {
    const replays = yield* Replays.Replays
    return handlers.handleAll({
      start: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        const request: Replays.ReplayRequest = {
          filter: {
            eventIds: payload.eventIds,
            runId: payload.syncRunId,
            integrationId: given(headers),
            destinationId: payload.destinationId,
            type: payload.eventType,
            states: payload.states,
            from: millis(payload.from),
            to: millis(payload.to)
          },
          ratePerSecond: payload.ratePerSecond
        }
        if (payload.dryRun === true) {
          return yield* answer(
            Effect.map(replays.count(principal, request), (states) => ({
              replay: null,
              matching: { total: Object.values(states).reduce((sum, n) => sum + n, 0), states }
            }))
          )
        }
        return yield* answer(
          Effect.map(replays.create(principal, request), (view) => ({ replay: ofReplay(view), matching: null }))
        )
      }),
      list: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(replays.list(principal, requested(query)), (page) => ({
            replays: page.items.map(ofReplay),
            nextPageToken: page.nextPageToken
          }))
        )
      }),
      get: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(replays.get(principal, query.replayId), ofReplay))
      }),
      cancel: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(replays.cancel(principal, payload.replayId), ofReplay))
      })
    })
  })
)
