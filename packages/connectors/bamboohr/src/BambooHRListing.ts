import { Page } from "@crochet/core"
import type { ConnectorError, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Endpoints from "./BambooHREndpoints.ts"
import { read } from "./BambooHRFields.ts"
import type { Plan } from "./BambooHRPlan.ts"
import * as Plans from "./BambooHRPlan.ts"
import * as BambooHRTables from "./BambooHRTables.ts"
import type { EmployeeRow, Tables, WireRow } from "./BambooHRWire.ts"

/** Where a listing of a whole answer goes on; that of the dataset is the paginator's. */
const Checkpoint = Schema.Struct({ source: Schema.Literals(["report", "directory"]), after: Schema.String })

type Context = Resource.ResourceContext
type Rows = Stream.Stream<Page.Pages<EmployeeRow>, ConnectorError.ConnectorError>

interface Run {
  readonly context: Context
  readonly plan: Plan
  readonly tables: (employeeId: string) => Tables
}

/** A user who may not see the status sees former employees without knowing it. */
const warnOfHiddenStatus = (context: Context, source: "dataset" | "report", rows: ReadonlyArray<WireRow>) =>
  rows.length === 0 || rows.some((row) => read(source, row, "status") !== undefined)
    ? Effect.void
    : context.issue({
        code: "bamboohr.status_hidden",
        message:
          "The connected user may not see who is active: former employees are taken for active unless their employment status says Terminated",
        model: "employee_profile"
      })

const wholeAnswer = (run: Run, source: "report" | "directory", rows: ReadonlyArray<WireRow>, after: string): Rows => {
  const rest = Endpoints.arranged(run.context, source, rows).filter(
    (row) => Number(read(source, row, "id") ?? 0) > Number(after || "-1")
  )
  const pages: Array<Page.Page<EmployeeRow>> = []
  for (let at = 0; at < rest.length; at += Endpoints.pageSize) {
    const part = rest.slice(at, at + Endpoints.pageSize)
    const last = part.at(-1)
    const checkpoint: typeof Checkpoint.Type = { source, after: (last && read(source, last, "id")) ?? "" }
    pages.push(
      Page.page(
        part.map((row) => Plans.toRow(source, row, run.plan, run.tables)),
        { checkpoint }
      )
    )
  }
  const because = `the ${source} holds the whole company in one answer`
  // The directory leaves out whom it does not show: absence there is no more than a suspicion, as after paging by offset.
  const paging = source === "directory" ? "offset" : "whole"
  return Stream.concat(
    Stream.fromIterable(pages),
    Stream.sync(() => run.context.end({ because, paging }))
  )
}

const fromDirectory = (run: Run, after: string) =>
  Effect.map(Endpoints.directory(run.context), (rows) => wholeAnswer(run, "directory", rows, after))

const fromReport = Effect.fnUntraced(function* (run: Run, after: string) {
  return yield* Endpoints.report(run.context, run.plan).pipe(
    Effect.tap((rows) => warnOfHiddenStatus(run.context, "report", rows)),
    Effect.map((rows) => wholeAnswer(run, "report", rows, after)),
    Effect.catchIf(Endpoints.isRefusedRequest, (error) =>
      Endpoints.degraded(
        run.context,
        error,
        "The custom report",
        "the directory, without pay, addresses and who has left,"
      ).pipe(Effect.andThen(fromDirectory(run, after)))
    )
  )
})

const fromDataset = (run: Run, known: ReadonlySet<string> | undefined): Rows => {
  const { checkpoint } = run.context
  let begun = checkpoint !== null && checkpoint !== undefined
  const begin = (page: Page.Pages<EmployeeRow>) => {
    const warn = !begun && page._tag === "Page"
    begun = true
    return warn
      ? warnOfHiddenStatus(
          run.context,
          "dataset",
          page.records.map((row) => row.employee)
        )
      : Effect.void
  }
  return Endpoints.dataset(run.context, run.plan, known, (row) =>
    Plans.toRow("dataset", row, run.plan, run.tables)
  ).pipe(
    Stream.tap(begin),
    Stream.catchIf(
      (error) => !begun && Endpoints.isRefusedRequest(error),
      (error) =>
        Stream.unwrap(
          Endpoints.degraded(run.context, error, "The employee dataset", "a custom report").pipe(
            Effect.andThen(fromReport(run, ""))
          )
        )
    )
  )
}

/**
 * Everybody who has a record, also those who have left: from the paged dataset, else from a custom report, else from the
 * directory. Which one it is depends on what the account may read, and is decided by the first answer only: an endpoint
 * that fails later, or fails for a while, fails the run. A resumed run stays with the endpoint that it began with.
 */
export const list = (context: Context): Rows =>
  Stream.unwrap(
    Effect.gen(function* () {
      const checkpoint = Option.getOrUndefined(Schema.decodeUnknownOption(Checkpoint)(context.checkpoint))
      const plan = yield* Plans.make(context)
      const run: Run = { context, plan, tables: yield* BambooHRTables.load(context) }
      if (checkpoint === undefined) return fromDataset(run, yield* Endpoints.datasetFields(context))
      return yield* checkpoint.source === "report"
        ? fromReport(run, checkpoint.after)
        : fromDirectory(run, checkpoint.after)
    })
  )
