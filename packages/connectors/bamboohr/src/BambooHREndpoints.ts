import { ConnectorError, Paginator } from "@crochet/core"
import type { Page, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Stream from "effect/Stream"
import { because, isRefusal } from "./BambooHRErrors.ts"
import { read } from "./BambooHRFields.ts"
import type { Plan } from "./BambooHRPlan.ts"
import { filterExpression, fits, idExpression, namesFor, requireFilterable } from "./BambooHRPlan.ts"
import type { EmployeeRow, WireRow } from "./BambooHRWire.ts"
import { DatasetFields, DatasetPage, EmployeeList } from "./BambooHRWire.ts"

/** Rows of a dataset page; the API's own limit is 1,000. */
export const pageSize = 500

/** So many fields fit into one request (https://documentation.bamboohr.com, 2026-11). */
const fieldLimit = 400

type Context = Resource.ResourceContext

/** Whether an endpoint refuses this request for good, be it for lack of permission or because it knows a field not. */
export const isRefusedRequest = (error: ConnectorError.ConnectorError): boolean =>
  isRefusal(error) || error.reason._tag === "InvalidRequest"

/**
 * The names of the dataset's fields, which differ between accounts, because one unknown name refuses the whole request.
 * `undefined` when the account may not see them; then they are asked for untested.
 */
export const datasetFields = Effect.fn("BambooHR.datasetFields")(
  function* (context: Context) {
    const operation = "employee.datasetFields"
    const path = "/v1_2/datasets/employee/fields"
    const names = new Set<string>()
    let pages = 1
    for (let page = 1; page <= pages; page++) {
      const answer = yield* context.client.decode({ operation, path, query: { page, page_size: 1000 } }, DatasetFields)
      for (const field of answer.fields) names.add(field.name)
      pages = Math.min(answer.pagination?.total_pages ?? 1, 20)
    }
    return names
  },
  Effect.map((names): ReadonlySet<string> | undefined => names),
  Effect.catchIf(isRefusedRequest, () => Effect.succeed(undefined))
)

const datasetNames = (plan: Plan, known: ReadonlySet<string> | undefined) =>
  namesFor("dataset", plan).filter((name) => known === undefined || name === "eeid" || known.has(name))

/** The employee dataset, page by page: everybody, also who has left, in the order of their ids. */
export const dataset = (
  context: Context,
  plan: Plan,
  known: ReadonlySet<string> | undefined,
  toRow: (wire: WireRow) => EmployeeRow
): Stream.Stream<Page.Pages<EmployeeRow>, ConnectorError.ConnectorError> => {
  const filter = filterExpression(context)
  const body = {
    fields: datasetNames(plan, known),
    orderBy: "eeid asc",
    pageSize,
    ...(filter === undefined ? {} : { filter })
  }
  return Paginator.pageNumber({
    request: () => ({
      operation: "employee.list",
      method: "POST",
      path: "/v2/datasets/employee/data",
      body,
      idempotent: true
    }),
    param: (request, page) => ({ ...request, body: { ...body, page } }),
    answer: DatasetPage,
    items: (answer) => answer.data.map((row) => toRow(row.fields)),
    id: (row) => read(row.source, row.employee, "id") ?? "",
    pages: (answer) => answer.meta.totalPages,
    total: (answer) => answer.meta.totalItems
  })(context)
}

/** The dataset's rows of the given employees, at most a page of them. */
export const datasetOf = (
  context: Context,
  plan: Plan,
  known: ReadonlySet<string> | undefined,
  ids: ReadonlyArray<string>
) =>
  context.client
    .decode(
      {
        operation: "employee.changes",
        method: "POST",
        path: "/v2/datasets/employee/data",
        body: { fields: datasetNames(plan, known), filter: idExpression(ids), page: 1, pageSize },
        idempotent: true
      },
      DatasetPage
    )
    .pipe(Effect.map((answer) => answer.data.map((row): WireRow => row.fields)))

/**
 * A custom report: the whole company in one answer, or the given employees. Inactive people are in it whatever is asked;
 * `onlyCurrent=false` would show job and pay that are only planned (https://documentation.bamboohr.com, 2026-11).
 */
export const report = (context: Context, plan: Plan, ids?: ReadonlyArray<string>) =>
  context.client
    .decode(
      {
        operation: ids === undefined ? "employee.list" : "employee.changes",
        method: "POST",
        path: "/v1/reports/custom",
        query: { format: "json", onlyCurrent: "true" },
        body: {
          title: "Crochet",
          fields: namesFor("report", plan).slice(0, fieldLimit),
          ...(ids === undefined ? {} : { filters: { employeeIds: ids.map(Number) } })
        },
        idempotent: true
      },
      EmployeeList
    )
    .pipe(Effect.map((answer): ReadonlyArray<WireRow> => answer.employees))

/** The company directory: only who is there today, and only what colleagues see of each other. */
export const directory = (context: Context) =>
  requireFilterable(context, "directory").pipe(
    Effect.andThen(
      context.client.decode({ operation: "employee.list", path: "/v1/employees/directory" }, EmployeeList)
    ),
    Effect.map((answer): ReadonlyArray<WireRow> => answer.employees)
  )

/** One employee's own fields; `undefined` when there is no such employee. */
export const employee = Effect.fn("BambooHR.employee")(function* (context: Context, plan: Plan, id: string) {
  const response = yield* context.client.request({
    operation: "employee.get",
    path: `/v1/employees/${encodeURIComponent(id)}`,
    query: { fields: namesFor("employee", plan).slice(0, fieldLimit).join(",") },
    accept: [404],
    expect: "json"
  })
  if (response.status === 404) {
    // The app's own 404 is empty or JSON. A page says that something else answered, and nothing about the employee.
    if (!/^\s*</.test(response.text)) return undefined
    return yield* context.client.fail(
      "employee.get",
      new ConnectorError.BadPayload({ status: 404, message: "a web page came instead of data" })
    )
  }
  const body = yield* response.json
  if (!Predicate.isObject(body)) {
    return yield* context.client.fail(
      "employee.get",
      new ConnectorError.BadPayload({ message: "an employee is not an object" })
    )
  }
  return { id, ...body } satisfies WireRow
})

/** Reports that an endpoint is refused and what is read in its place. */
export const degraded = (context: Context, error: ConnectorError.ConnectorError, from: string, to: string) =>
  context.issue({
    code: "bamboohr.fallback",
    message: `${from} cannot be read, ${to} is read instead: ${because(error)}`
  })

/** Rows of a whole-company answer in the order of their ids, those that fit the filters. */
export const arranged = (
  context: Context,
  source: "report" | "directory",
  rows: ReadonlyArray<WireRow>
): ReadonlyArray<WireRow> =>
  rows
    .filter((row) => fits(context, source, row))
    .sort((a, b) => Number(read(source, a, "id") ?? 0) - Number(read(source, b, "id") ?? 0))
