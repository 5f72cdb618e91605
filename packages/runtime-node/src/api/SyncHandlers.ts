import { Syncs } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { answer } from "./Envelope.ts"
import { given, required } from "./IntegrationHeader.ts"
import { ofJob } from "./JobView.ts"
import { requested } from "./Paging.ts"
import { ofRun } from "./RunView.ts"

const millis = (time: DateTime.Utc | undefined) => (time === undefined ? undefined : DateTime.toEpochMillis(time))

/** Handlers of `sync.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "sync",
  Effect.fnUntraced(function* (handlers) {
    const syncs = yield* Syncs.Syncs
    return handlers.handleAll({
      start: Effect.fnUntraced(function* ({ headers, payload }) {
        const { apiKey, principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.start(principal, apiKey, id, payload)),
            Effect.map(({ job, run }) => ({ syncJobId: job.id, syncRunId: run.id }))
          )
        )
      }),
      update: Effect.fnUntraced(function* ({ headers, payload }) {
        const { apiKey, principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.update(principal, apiKey, id, payload)),
            Effect.map(({ job, run }) => ({ syncJobId: job.id, syncRunId: run?.id ?? null, job: ofJob(job) }))
          )
        )
      }),
      pause: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.pause(principal, id, payload.dataType)),
            Effect.map(ofJob)
          )
        )
      }),
      resume: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.resume(principal, id, payload.dataType)),
            Effect.map(ofJob)
          )
        )
      }),
      cancel: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.cancel(principal, id, payload.dataType)),
            Effect.map(ofRun)
          )
        )
      }),
      jobs: Effect.fnUntraced(function* ({ headers, query }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(syncs.jobs(principal, given(headers), requested(query)), (page) => ({
            jobs: page.items.map(ofJob),
            nextPageToken: page.nextPageToken
          }))
        )
      }),
      job: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(syncs.job(principal, query.syncJobId), ofJob))
      }),
      runs: Effect.fnUntraced(function* ({ headers, query }) {
        const { principal } = yield* Caller
        const filter = {
          integrationId: given(headers),
          dataType: query.dataType,
          status: query.status,
          from: millis(query.from),
          to: millis(query.to)
        }
        return yield* answer(
          Effect.map(syncs.runs(principal, filter, requested(query)), (page) => ({
            runs: page.items.map(ofRun),
            nextPageToken: page.nextPageToken
          }))
        )
      }),
      run: Effect.fnUntraced(function* ({ query }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(syncs.run(principal, query.syncRunId), ofRun))
      }),
      releaseDeletions: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(syncs.releaseDeletions(principal, payload.syncRunId), ofRun))
      }),
      discardDeletions: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          Effect.map(syncs.discardDeletions(principal, payload.syncRunId), ({ discarded }) => ({
            syncRunId: payload.syncRunId,
            discarded
          }))
        )
      }),
      watchFields: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => syncs.watchFields(principal, id, payload.dataType, payload.jsonPaths)),
            Effect.map(ofJob)
          )
        )
      })
    })
  })
)
