import { ConnectorError, Page } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Endpoints from "./BambooHREndpoints.ts"
import { read } from "./BambooHRFields.ts"
import type { Plan } from "./BambooHRPlan.ts"
import * as Plans from "./BambooHRPlan.ts"
import * as BambooHRTables from "./BambooHRTables.ts"
import type { DatasetPage, EmployeeRow, Tables, WireRow } from "./BambooHRWire.ts"

/** Where a listing goes on. A resumed run stays with the endpoint it began with. */
const Checkpoint = Schema.Union([
  Schema.Struct({ source: Schema.Literal("dataset"), page: Schema.Int, seen: Schema.Int }),
  Schema.Struct({ source: Schema.Literals(["report", "directory"]), after: Schema.String })
])
type Checkpoint = typeof Checkpoint.Type

type Context = Resource.ResourceContext
type Rows = Stream.Stream<Page.Pages<EmployeeRow>, ConnectorError.ConnectorError>

interface Run {
  readonly context: Context
  readonly plan: Plan
  readonly tables: (employeeId: string) => Tables
  readonly known: ReadonlySet<string> | undefined
}

/** A user who may not see the status sees former employees without knowing it. */
const warnOfHiddenStatus = (context: Context, source: "dataset" | "report", rows: ReadonlyArray<WireRow>) =>
  rows.length === 0 || rows.some((row) => read(source, row, "status") !== undefined)
    ? Effect.void
    : context.issue({
      code: "bamboohr.status_hidden",
      message: "The connected user may not see who is active: former employees are taken for active unless their employment status says Terminated",
      model: "employee_profile"
    })

const datasetPages = (run: Run, from: { readonly page: number; readonly seen: number }, first?: typeof DatasetPage.Type): Rows => {
  const { client, end } = run.context
  const pages = Stream.paginate(
    { ...from, ready: first },
    Effect.fnUntraced(function*({ page, ready, seen }) {
      const answer = ready ?? (yield* Endpoints.datasetPage(run.context, run.plan, run.known, page))
      const rows = answer.data.map((row) => Plans.toRow("dataset", row.fields, run.plan, run.tables))
      const total = seen + rows.length
      const last = page >= answer.meta.totalPages
      if ((last && total < answer.meta.totalItems) || (!last && rows.length === 0)) {
        const message = `page ${page} of ${answer.meta.totalPages}: ${total} of ${answer.meta.totalItems} employees came`
        return yield* client.fail("employee.list", new ConnectorError.BadPayload({ message }))
      }
      const checkpoint: Checkpoint | null = last ? null : { source: "dataset", page: page + 1, seen: total }
      const next = last ? Option.none() : Option.some({ page: page + 1, seen: total, ready: undefined })
      return [[Page.page(rows, { checkpoint })], next] as const
    })
  )
  return Stream.concat(pages, Stream.sync(() => end({ because: "every page of the dataset was read, as many rows as its total", paging: "offset" })))
}

const wholeAnswer = (run: Run, source: "report" | "directory", rows: ReadonlyArray<WireRow>, after: string): Rows => {
  const rest = Endpoints.arranged(run.context, source, rows).filter((row) => Number(read(source, row, "id") ?? 0) > Number(after || "-1"))
  const pages: Array<Page.Page<EmployeeRow>> = []
  for (let at = 0; at < rest.length; at += Endpoints.pageSize) {
    const part = rest.slice(at, at + Endpoints.pageSize)
    const last = part.at(-1)
    const checkpoint: Checkpoint = { source, after: (last && read(source, last, "id")) ?? "" }
    pages.push(Page.page(part.map((row) => Plans.toRow(source, row, run.plan, run.tables)), { checkpoint }))
  }
  return Stream.concat(
    Stream.fromIterable(pages),
    Stream.sync(() => run.context.end({ because: `the ${source} holds the whole company in one answer`, paging: "whole" }))
  )
}

const fromDirectory = (run: Run, after: string) =>
  Effect.map(Endpoints.directory(run.context), (rows) => wholeAnswer(run, "directory", rows, after))

const fromReport = Effect.fnUntraced(function*(run: Run, after: string) {
  return yield* Endpoints.report(run.context, run.plan).pipe(
    Effect.tap((rows) => warnOfHiddenStatus(run.context, "report", rows)),
    Effect.map((rows) => wholeAnswer(run, "report", rows, after)),
    Effect.catchIf(Endpoints.isRefusedRequest, (error) =>
      Endpoints.degraded(run.context, error, "The custom report", "the directory, without pay, addresses and who has left,").pipe(
        Effect.andThen(fromDirectory(run, after))
      ))
  )
})

const fromDataset = Effect.fnUntraced(function*(run: Run) {
  return yield* Endpoints.datasetPage(run.context, run.plan, run.known, 1).pipe(
    Effect.tap((first) => warnOfHiddenStatus(run.context, "dataset", first.data.map((row) => row.fields))),
    Effect.map((first) => datasetPages(run, { page: 1, seen: 0 }, first)),
    Effect.catchIf(Endpoints.isRefusedRequest, (error) =>
      Endpoints.degraded(run.context, error, "The employee dataset", "a custom report").pipe(Effect.andThen(fromReport(run, ""))))
  )
})

/**
 * Everybody who has a record, also those who have left: from the paged dataset, else from a custom report, else from the
 * directory. Which one it is depends on what the account may read, and is decided by the first answer only: an endpoint
 * that fails later, or fails for a while, fails the run.
 */
export const list = (context: Context): Rows =>
  Stream.unwrap(Effect.gen(function*() {
    const { client } = context
    const decoded = Schema.decodeUnknownOption(Checkpoint)(context.checkpoint)
    if (context.checkpoint !== null && context.checkpoint !== undefined && Option.isNone(decoded)) {
      return yield* client.fail("employee.list", new ConnectorError.CursorExpired({ message: "the checkpoint is not one of this version" }))
    }
    const checkpoint = Option.getOrUndefined(decoded)
    const plan = yield* Plans.make(context)
    const known = checkpoint === undefined || checkpoint.source === "dataset" ? yield* Endpoints.datasetFields(context) : undefined
    const tables = yield* BambooHRTables.load(context)
    const run: Run = { context, plan, tables, known }
    if (checkpoint === undefined) return yield* fromDataset(run)
    if (checkpoint.source === "dataset") return datasetPages(run, checkpoint)
    return yield* checkpoint.source === "report" ? fromReport(run, checkpoint.after) : fromDirectory(run, checkpoint.after)
  }))
