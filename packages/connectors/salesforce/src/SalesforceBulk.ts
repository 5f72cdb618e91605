import { ConnectorError, Page } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Csv from "./SalesforceCsv.ts"
import { because, isRefusal } from "./SalesforceErrors.ts"
import type { Plan } from "./SalesforcePlan.ts"
import type { Rows } from "./SalesforceQuery.ts"
import { type Row, type Value, valueOf } from "./SalesforceRow.ts"
import { Job, path } from "./SalesforceWire.ts"
import * as Soql from "./SalesforceSoql.ts"

type Context = Resource.ResourceContext

/** So many rows are read at a time: a few megabytes, whatever the object. */
const pageSize = 5000
const firstPoll = 1000
const longestPoll = 20_000

/** Where a listing by Bulk API goes on: results are kept for seven days. `locator` is null after the last page. */
const Checkpoint = Schema.Struct({
  bulk: Schema.NonEmptyString,
  locator: Schema.NullOr(Schema.String),
  seen: Schema.Int,
  total: Schema.NullOr(Schema.Finite)
})
type Checkpoint = typeof Checkpoint.Type

/** The checkpoint of a listing that was begun by Bulk API. */
export const checkpointOf = (context: Context): Checkpoint | undefined =>
  Option.getOrUndefined(Schema.decodeUnknownOption(Checkpoint)(context.checkpoint))

const jobPath = (id: string) => path(`/jobs/query/${encodeURIComponent(id)}`)

/** Makes the job and waits until it is complete. Whoever stops waiting stops the job, too: it would cost the org's quota. */
const complete = Effect.fnUntraced(function* (context: Context, plan: Plan) {
  const { client } = context
  const operation = `${plan.object}.bulk`
  const abort = (id: string) =>
    Effect.ignore(client.request({ operation, method: "PATCH", path: jobPath(id), body: { state: "Aborted" } }))
  const wait = Effect.fnUntraced(function* (id: string) {
    for (let pause = firstPoll; ; pause = Math.min(pause * 1.5, longestPoll)) {
      const job = yield* client.decode({ operation, path: jobPath(id) }, Job)
      if (job.state !== "UploadComplete" && job.state !== "InProgress") return job
      yield* Effect.sleep(pause)
    }
  })
  // Between the answer that names the job and the waiting nothing may interrupt: nobody would know of the job.
  const job = yield* Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(
      client.decode(
        {
          operation,
          method: "POST",
          path: path("/jobs/query"),
          body: { operation: "query", query: Soql.select(plan, { where: Soql.filtered(plan) }) }
        },
        Job
      ),
      ({ id }) => restore(wait(id)).pipe(Effect.onExit((exit) => (exit._tag === "Success" ? Effect.void : abort(id))))
    )
  )
  if (job.state === "JobComplete") return job
  return yield* client.fail(
    operation,
    new ConnectorError.Unsupported({
      message: `the job ended as ${job.state}${job.errorMessage ? `: ${job.errorMessage}` : ""}`
    })
  )
})

const rowsOf = (plan: Plan, text: string, announced: number): ReadonlyArray<Row> | undefined => {
  const [header, ...lines] = Csv.parse(text) ?? []
  if (header === undefined || lines.length !== announced || !header.includes("Id")) return undefined
  const columns = header.flatMap((name, at) => {
    const kind = plan.kinds.get(name)
    return kind === undefined ? [] : [{ name, at, kind }]
  })
  if (columns.length < plan.kinds.size) return undefined
  // In the order of the plan, so that the same record is the same row whichever API it came by.
  const order = [...plan.kinds.keys()]
  columns.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  return lines.map((line) => {
    const row: { type: string; [field: string]: Value | undefined } = { type: plan.object }
    for (const { at, kind, name } of columns) row[name] = valueOf(kind, line[at])
    return row
  })
}

const pageAt = Effect.fnUntraced(function* (context: Context, plan: Plan, at: Checkpoint) {
  const { client } = context
  const operation = `${plan.object}.bulk`
  const bad = (message: string) => client.fail(operation, new ConnectorError.BadPayload({ message }))
  const { headers, text } = yield* client.request({
    operation,
    path: `${jobPath(at.bulk)}/results`,
    query: { maxRecords: pageSize, locator: at.locator === "" ? undefined : (at.locator ?? undefined) },
    headers: { accept: "text/csv" }
  })
  const announced = Number(headers["sforce-numberofrecords"] ?? Number.NaN)
  const rows = rowsOf(plan, text, announced)
  if (rows === undefined) return yield* bad("The results of the job are not the CSV that they should be.")
  const next = headers["sforce-locator"]
  if (next === undefined) return yield* bad("The results of the job do not say whether there are more.")
  const locator = next === "null" ? null : next
  if (locator !== null && (locator === at.locator || rows.length === 0)) {
    return yield* bad("The results of the job do not end.")
  }
  const on: Checkpoint = { ...at, locator, seen: at.seen + rows.length }
  if (locator === null && on.total !== null && on.seen < on.total) {
    return yield* bad(`The results of the job end after ${on.seen} of ${on.total} records.`)
  }
  return { page: Page.page(rows, { checkpoint: on }), on }
})

type Step = readonly [ReadonlyArray<Page.Pages<Row>>, Option.Option<Checkpoint>]

const results = (context: Context, plan: Plan, from: Checkpoint): Rows => {
  const because = "the results of the Bulk job end, and are as many as the job counted"
  const step = (at: Checkpoint): Effect.Effect<Step, ConnectorError.ConnectorError> =>
    at.locator === null
      ? Effect.succeed([[context.end({ because, paging: "token" })], Option.none()])
      : Effect.map(pageAt(context, plan, at), ({ on, page }): Step => [[page], Option.some(on)])
  return Stream.paginate(from, step)
}

/**
 * Everything by one query job of Bulk API 2.0; `otherwise` reads it where the org or user may not use that, or where the
 * job fails. Goes on from a checkpoint as long as the app keeps the results.
 */
export const list = (context: Context, plan: Plan, otherwise: () => Rows): Rows => {
  const fresh: Rows = Stream.unwrap(
    complete(context, plan).pipe(
      Effect.map((job): Rows =>
        results(context, plan, { bulk: job.id, locator: "", seen: 0, total: job.numberRecordsProcessed ?? null })
      ),
      Effect.catchIf(isRefusal, (error) =>
        Effect.as(
          context.issue({
            code: "salesforce.bulk_unavailable",
            message: `${plan.object} is read without Bulk API: ${because(error)}`
          }),
          otherwise()
        )
      )
    )
  )
  const begun = checkpointOf(context)
  if (begun === undefined) return fresh
  let going = false
  return results(context, plan, begun).pipe(
    Stream.tap(() => Effect.sync(() => void (going = true))),
    Stream.catchIf(
      (error) => !going && isRefusal(error),
      (error) =>
        Stream.unwrap(
          Effect.as(
            // Rows that come twice count once.
            context.issue({
              code: "listing.restarted",
              message: `${plan.object} is listed from the start again, the results of the Bulk job are gone: ${because(error)}`
            }),
            fresh
          )
        )
    )
  )
}
