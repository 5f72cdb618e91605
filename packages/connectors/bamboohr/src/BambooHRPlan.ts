import { ConnectorError } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import type { CustomField } from "./BambooHRCustomFields.ts"
import * as CustomFields from "./BambooHRCustomFields.ts"
import type { FieldName } from "./BambooHRFields.ts"
import { fieldsFor, read, wireName } from "./BambooHRFields.ts"
import type { EmployeeRow, Source, Tables, WireRow } from "./BambooHRWire.ts"

/** What a run reads of each employee. */
export interface Plan {
  readonly fields: ReadonlyArray<FieldName>
  readonly custom: ReadonlyArray<CustomField>
}

/** The filters that BambooHR can apply, by id. */
export const filterFields = {
  department: "department",
  division: "division",
  location: "location",
  jobTitle: "jobTitle",
  employmentStatus: "employmentStatus"
} as const satisfies { readonly [id: string]: FieldName }

const filtersOf = (context: Resource.ResourceContext): ReadonlyArray<readonly [field: FieldName, value: string]> =>
  Object.entries(filterFields).flatMap(([id, field]) => {
    const value = context.filters[id]
    return value === undefined ? [] : [[field, value] as const]
  })

/** Decides what to read for the models and filters of a run. */
export const make = Effect.fn("BambooHR.plan")(function* (context: Resource.ResourceContext) {
  const custom = yield* CustomFields.discover(context)
  return {
    fields: fieldsFor(
      context.models,
      filtersOf(context).map(([field]) => field)
    ),
    custom
  } satisfies Plan
})

/** The names to ask an endpoint for. */
export const namesFor = (source: Source, plan: Plan): ReadonlyArray<string> => [
  ...plan.fields.flatMap((field) => wireName(source, field) ?? []),
  ...plan.custom.flatMap((field) => CustomFields.customName(source, field) ?? [])
]

/** The raw row of an employee: only what the plan asks for, because some endpoints send more than they are asked for. */
export const toRow = (
  source: Source,
  wire: WireRow,
  plan: Plan,
  tables: (employeeId: string) => Tables
): EmployeeRow => {
  const employee: Record<string, unknown> = {}
  for (const field of plan.fields) {
    const name = wireName(source, field)
    if (field !== "photo" && name !== undefined && wire[name] !== undefined) employee[name] = wire[name]
  }
  const photo = plan.fields.includes("photo") ? read(source, wire, "photo") : undefined
  const row = {
    source,
    employee,
    tables: tables(read(source, employee, "id") ?? ""),
    ...(photo === undefined ? {} : { photo })
  }
  return plan.custom.length === 0 || source === "directory"
    ? row
    : { ...row, custom: CustomFields.customValues(source, wire, plan.custom) }
}

/** OData text: a quote is doubled. */
const quote = (value: string) => `'${value.replaceAll("'", "''")}'`

/** The run's filters as the dataset's filter expression. */
export const filterExpression = (context: Resource.ResourceContext): string | undefined => {
  const terms = filtersOf(context).flatMap(([field, value]) => {
    const name = wireName("dataset", field)
    return name === undefined ? [] : [`${name} eq ${quote(value)}`]
  })
  return terms.length === 0 ? undefined : terms.join(" and ")
}

/** An expression for the given employees. */
export const idExpression = (ids: ReadonlyArray<string>): string => `eeid in (${ids.map(quote).join(",")})`

/** Whether a row fits the run's filters; for the endpoints that cannot filter. */
export const fits = (context: Resource.ResourceContext, source: Source, wire: WireRow): boolean =>
  filtersOf(context).every(([field, value]) => read(source, wire, field) === value)

/** Fails when an endpoint does not show what a filter asks about: everybody would seem to be filtered out. */
export const requireFilterable = Effect.fnUntraced(function* (context: Resource.ResourceContext, source: Source) {
  if (source === "directory" && context.filters.employmentStatus !== undefined) {
    return yield* context.client.fail(
      "employee.list",
      new ConnectorError.Forbidden({
        message: "the directory, which is all that may be read, does not show the employment status"
      }),
      "Take the employment status filter away, or let the connected user run reports."
    )
  }
})
