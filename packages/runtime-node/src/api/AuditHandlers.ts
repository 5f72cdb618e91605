import { Audit } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { ofEntry } from "./AuditApi.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"
import { requested } from "./Paging.ts"

/** Handlers of `audit.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "audit",
  Effect.fnUntraced(function* (handlers) {
    const audit = yield* Audit.Audit
    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        const filter = {
          workspaceId: principal.workspaceId,
          actor: query.actor,
          action: query.action,
          from: query.from === undefined ? undefined : DateTime.toEpochMillis(query.from),
          to: query.to === undefined ? undefined : DateTime.toEpochMillis(query.to)
        }
        return yield* answer(
          Effect.map(audit.list(filter, requested(query)), (page) => ({
            entries: page.items.map(ofEntry),
            nextPageToken: page.nextPageToken
          }))
        )
      })
    })
  })
)
