import { Destinations } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Redacted from "effect/Redacted"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { ofDestination } from "./DestinationView.ts"
import { answer } from "./Envelope.ts"
import { requested } from "./Paging.ts"
import { keysOf } from "./WebhookKeyView.ts"

/** Handlers of `webhook.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "webhook",
  Effect.fnUntraced(function* (handlers) {
    const destinations = yield* Destinations.Destinations
    return handlers.handleAll({
      register: Effect.fnUntraced(function* ({ payload }) {
        const { apiKey, principal } = yield* Caller
        return yield* answer(
          Effect.map(destinations.register(principal, apiKey, payload), ({ destination, secret }) => ({
            ...ofDestination(destination),
            secret: Redacted.value(secret)
          }))
        )
      }),
      list: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.gen(function* () {
            const page = yield* destinations.list(principal, requested(query))
            const health = yield* destinations.health(principal, page.items)
            return {
              webhooks: page.items.map((destination) => ofDestination(destination, health.get(destination.id))),
              nextPageToken: page.nextPageToken
            }
          })
        )
      }),
      update: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.gen(function* () {
            const destination = yield* destinations.update(principal, payload)
            const health = yield* destinations.health(principal, [destination])
            return ofDestination(destination, health.get(destination.id))
          })
        )
      }),
      test: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(destinations.test(principal, payload.destinationId))
      }),
      rotateSecret: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(destinations.rotateSecret(principal, payload), ({ destination, secret }) => ({
            ...ofDestination(destination),
            secret: Redacted.value(secret)
          }))
        )
      }),
      keys: Effect.fnUntraced(function* () {
        const { principal } = yield* Caller
        return yield* answer(Effect.flatMap(destinations.keys(principal), keysOf(principal.workspaceId)))
      }),
      rotateKey: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.flatMap(destinations.rotateKey(principal, payload), keysOf(principal.workspaceId)))
      }),
      delete: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(destinations.remove(principal, payload.destinationId), ({ discarded }) => ({
            destinationId: payload.destinationId,
            discarded
          }))
        )
      })
    })
  })
)
