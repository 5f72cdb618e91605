import { Access } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Redacted from "effect/Redacted"
import { Api } from "./Api.ts"
import { ofApiKey } from "./ApiKeyView.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"

/** Handlers of `keys.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "key",
  Effect.fnUntraced(function* (handlers) {
    const access = yield* Access.Access
    return handlers.handleAll({
      create: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(access.create({ workspaceId: principal.workspaceId, ...payload }), ({ key, text }) => ({
            ...ofApiKey(key),
            key: Redacted.value(text)
          }))
        )
      }),
      list: Effect.fnUntraced(function* () {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(access.list(principal.workspaceId), (keys) => ({ keys: keys.map(ofApiKey), nextPageToken: null }))
        )
      }),
      revoke: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(access.revoke(principal.workspaceId, payload.keyId), ofApiKey))
      })
    })
  })
)
