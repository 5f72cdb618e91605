import { Syncs } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"
import { required } from "./IntegrationHeader.ts"

/** Handlers of `record.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "record",
  Effect.fnUntraced(function* (handlers) {
    const syncs = yield* Syncs.Syncs
    return handlers.handleAll({
      resync: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.resync(principal, id, payload.dataType, payload.recordId)),
            Effect.map(({ job, run }) => ({ syncJobId: job.id, syncRunId: run.id }))
          )
        )
      })
    })
  })
)
