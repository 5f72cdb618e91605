import * as Schema from "effect/Schema"

/** A row as the API writes it: field name to value. Which names there are depends on the endpoint that answered. */
export type WireRow = { readonly [field: string]: unknown }

/** Which endpoint a row of employee fields came from, and therefore how its fields are named. */
export type Source = "dataset" | "report" | "employee" | "directory"

/** What the side tables of one employee said; `null` when the account may not read a table, absent when not asked for. */
export type Tables = { readonly [table: string]: ReadonlyArray<WireRow> | null }

/** The raw row of the employee resource: everything that the record is made of, so that its fingerprint covers it all. */
export interface EmployeeRow {
  readonly source: Source
  /** Verbatim, under the names of `source`. */
  readonly employee: WireRow
  readonly tables: Tables
  /** Address of the picture, apart because it is signed anew on every call and must not make the row another. */
  readonly photo?: string
  /** Values of the account's own fields by alias, when the custom fields are subscribed to. */
  readonly custom?: { readonly [alias: string]: Schema.Json }
}

const row = Schema.Record(Schema.String, Schema.Unknown)

/** PHP writes an empty map as `[]`. */
const phpMap = <S extends Schema.Top>(value: S) =>
  Schema.Union([Schema.Record(Schema.String, value), Schema.Array(Schema.Unknown)])

/** `GET /v1/company_information`, only what names the account. */
export const CompanyInformation = Schema.Struct({
  legalName: Schema.optionalKey(Schema.NullOr(Schema.String)),
  displayName: Schema.optionalKey(Schema.NullOr(Schema.String))
})

/**
 * `POST /v2/datasets/employee/data`. Rows stay unknown so that one bad row spoils one record and not the page; `links`,
 * an array when empty, is not read because `meta` says the same.
 */
export const DatasetPage = Schema.Struct({
  data: Schema.Array(Schema.Struct({ fields: row })),
  meta: Schema.Struct({ page: Schema.Int, totalPages: Schema.Int, totalItems: Schema.Int })
})

/** `GET /v1_2/datasets/employee/fields`. */
export const DatasetFields = Schema.Struct({
  pagination: Schema.optionalKey(Schema.Struct({ total_pages: Schema.optionalKey(Schema.Int) })),
  fields: Schema.Array(Schema.Struct({ name: Schema.String }))
})

/** `POST /v1/reports/custom` and `GET /v1/employees/directory`: the whole company in one answer. */
export const EmployeeList = Schema.Struct({ employees: Schema.Array(row) })

/** `GET /v1/employees/{id|all}/tables/{table}` and `GET /v1/time_off/requests`. */
export const Rows = Schema.Array(row)

/** `GET /v1/employeedependents`. */
export const Dependents = Schema.Struct({ "Employee Dependents": Schema.Array(row) })

/** `GET /v1/meta/fields`: the account's field list. */
export const MetaFields = Schema.Array(
  Schema.Struct({
    id: Schema.Union([Schema.String, Schema.Finite]),
    alias: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)

/** `GET /v1/employees/changed`; `latest` is absent in old answers and when nothing changed. */
export const Changed = Schema.Struct({
  latest: Schema.optionalKey(Schema.NullOr(Schema.String)),
  employees: phpMap(
    Schema.Struct({
      id: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
      action: Schema.String,
      lastChanged: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  )
})

/** `GET /v1/employees/changed/tables/{table}`: only whose rows changed is read, the rows there have no ids. */
export const ChangedTable = Schema.Struct({ employees: phpMap(Schema.Unknown) })

/** The text of a value; empty text, `null` and what is no scalar are `undefined`. */
export const text = (value: unknown): string | undefined => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (typeof value !== "string" || value === "") return undefined
  // Nearly all begin and end with a sign that is seen: nothing to trim.
  if (isSeen(value.charCodeAt(0)) && isSeen(value.charCodeAt(value.length - 1))) return value
  const trimmed = value.trim()
  return trimmed === "" ? undefined : trimmed
}

const isSeen = (code: number): boolean => code > 32 && code < 127
