import { Syncs } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing, success } from "./Envelope.ts"
import { integrationHeader as headers } from "./IntegrationHeader.ts"
import { JobView } from "./JobView.ts"
import { paging } from "./Paging.ts"
import { RunStatus, RunView, Started } from "./RunView.ts"

// Named, so that declarations need not spell them out.
/** Body of `sync.start`. */
export interface StartPayload extends Syncs.StartRequest {}
/** Body of `sync.update`. */
export interface UpdatePayload extends Syncs.UpdateRequest {}

const startPayload: Schema.Codec<StartPayload> = Syncs.StartRequest
const updatePayload: Schema.Codec<UpdatePayload> = Syncs.UpdateRequest

const ofDataType = Schema.Struct({ dataType: Schema.NonEmptyString })
const ofRunId = Schema.Struct({ syncRunId: Schema.NonEmptyString })
const time = Schema.optionalKey(
  Schema.DateTimeUtcFromString.annotate({ description: "RFC 3339, e.g. 2026-05-01T00:00:00Z." })
)

/** Sync jobs and their runs. */
export class SyncApi extends HttpApiGroup.make("sync")
  .add(
    HttpApiEndpoint.post("start", "/sync.start", {
      headers,
      payload: startPayload,
      success: success(Started),
      error: failures
    }).annotateMerge(
      docs(
        "sync",
        "Start a sync",
        "Idempotent: the same integration and data type give the same `syncJobId`, and each call starts a run, an initial one by default. While a run of that job is reading, the call answers with that run."
      )
    )
  )
  .add(
    HttpApiEndpoint.post("update", "/sync.update", {
      headers,
      payload: updatePayload,
      success: success(
        Schema.Struct({ syncJobId: Schema.String, syncRunId: Schema.NullOr(Schema.String), job: JobView })
      ),
      error: failures
    }).annotateMerge(
      docs(
        "sync",
        "Change a sync",
        "A change of models, fields or filters starts an initial run; destination and frequency do not."
      )
    )
  )
  .add(
    HttpApiEndpoint.post("pause", "/sync.pause", {
      headers,
      payload: ofDataType,
      success: success(JobView),
      error: failures
    }).annotateMerge(docs("sync", "Stop the timetable and the run that is reading"))
  )
  .add(
    HttpApiEndpoint.post("resume", "/sync.resume", {
      headers,
      payload: ofDataType,
      success: success(JobView),
      error: failures
    }).annotateMerge(docs("sync", "Let a paused sync go on"))
  )
  .add(
    HttpApiEndpoint.post("cancel", "/sync.cancel", {
      headers,
      payload: ofDataType,
      success: success(RunView),
      error: failures
    }).annotateMerge(docs("sync", "End the run that is reading; events that it found are still delivered"))
  )
  .add(
    HttpApiEndpoint.get("jobs", "/sync.jobs.list", {
      headers,
      query: paging,
      success: listing("jobs", JobView),
      error: failures
    }).annotateMerge(docs("read", "Sync jobs, of one integration or of all"))
  )
  .add(
    HttpApiEndpoint.get("job", "/sync.job.get", {
      query: { syncJobId: Schema.NonEmptyString },
      success: success(JobView),
      error: failures
    }).annotateMerge(docs("read", "One sync job"))
  )
  .add(
    HttpApiEndpoint.get("runs", "/sync.runs.list", {
      headers,
      query: {
        dataType: Schema.optionalKey(Schema.String),
        status: Schema.optionalKey(RunStatus),
        from: time,
        to: time,
        ...paging
      },
      success: listing("runs", RunView),
      error: failures
    }).annotateMerge(docs("read", "Sync runs, newest first"))
  )
  .add(
    HttpApiEndpoint.get("run", "/sync.run.get", {
      query: { syncRunId: Schema.NonEmptyString },
      success: success(RunView),
      error: failures
    }).annotateMerge(docs("read", "One sync run with its counts and issues"))
  )
  .add(
    HttpApiEndpoint.post("releaseDeletions", "/sync.run.releaseDeletions", {
      payload: ofRunId,
      success: success(RunView),
      error: failures
    })
      .annotateMerge(docs("sync", "Send the deletions that a run held back"))
      .annotateMerge(audited({ action: "deletions.release", target: "syncRunId" }))
  )
  .add(
    HttpApiEndpoint.post("discardDeletions", "/sync.run.discardDeletions", {
      payload: ofRunId,
      success: success(Schema.Struct({ syncRunId: Schema.String, discarded: Schema.Int })),
      error: failures
    })
      .annotateMerge(docs("sync", "Forget the deletions that a run held back: the records count as live again"))
      .annotateMerge(audited({ action: "deletions.discard", target: "syncRunId", detail: ["discarded"] }))
  )
  .add(
    HttpApiEndpoint.post("watchFields", "/sync.watchFields.update", {
      headers,
      payload: Schema.Struct({ dataType: Schema.NonEmptyString, jsonPaths: Schema.Array(Schema.String) }),
      success: success(JobView),
      error: failures
    }).annotateMerge(
      docs(
        "sync",
        "Send record.modified only for changes below these JSON paths",
        "An empty list lifts the restriction."
      )
    )
  ) {}
