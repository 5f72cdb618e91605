import { ConnectorError } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { because, isRefusal } from "./BambooHRErrors.ts"
import * as TimeOff from "./BambooHRTimeOff.ts"
import type { Tables, WireRow } from "./BambooHRWire.ts"
import { CompanyInformation, Dependents, Rows, text } from "./BambooHRWire.ts"

/** A set of rows per employee that stands behind models. */
interface Table {
  readonly name: string
  /** The models that need it. */
  readonly models: ReadonlyArray<string>
  /** Only these columns are kept: what no model shows must not count as a change. */
  readonly columns: ReadonlyArray<string>
  /** The column of the day from which a row is in force, until the next one is. */
  readonly effective?: string
  /** Many accounts do not have it, so that its absence is not worth a word. */
  readonly optional?: boolean
}

const person = ["firstName", "middleName", "lastName", "relationship", "gender", "dateOfBirth", "isStudent"]
const address = ["addressLine1", "addressLine2", "city", "state", "zipCode", "zipcode", "country"]
const phones = ["homePhone", "mobilePhone", "workPhone", "workPhoneExtension"]

/** Everything that is read beside the employee's own fields. */
export const tables: ReadonlyArray<Table> = [
  {
    name: "jobInfo",
    models: ["employee_employments"],
    columns: ["date", "location", "department", "division", "jobTitle"],
    effective: "date"
  },
  { name: "employmentStatus", models: ["employee_employments"], columns: ["date", "employmentStatus"] },
  {
    name: "compensation",
    models: ["employee_employments", "employee_compensation"],
    columns: ["startDate", "rate", "type", "exempt", "comment", "paidPer", "paySchedule"],
    effective: "startDate"
  },
  { name: "bonus", models: ["employee_compensation"], columns: ["date", "amount", "comment"], optional: true },
  { name: "commission", models: ["employee_compensation"], columns: ["date", "amount", "comment"], optional: true },
  {
    name: "contacts",
    models: ["employee_contactInfo"],
    columns: ["name", "relationship", "email", "primary", ...phones]
  },
  // Never the ssn and sin columns that the app sends along.
  { name: "dependents", models: ["employee_dependent"], columns: [...person, ...address, "homePhone"] },
  // BambooHR has no bank accounts in its public API; this custom table is the customary place for them.
  {
    name: "customBankInfo",
    models: ["employee_bankAccount"],
    columns: [
      "customBankName",
      "customAccountType",
      "customRoutingNumber",
      "customAccountNumber",
      "customAccountHolder",
      "customIBAN"
    ],
    optional: true
  },
  { name: "timeOff", models: ["employee_leave_requests"], columns: TimeOff.columns },
  { name: "company", models: ["employee_company"], columns: ["legalName", "displayName"] }
]

/** The tables that the subscribed models need. */
export const wanted = (models: ReadonlySet<string>): ReadonlyArray<Table> =>
  tables.filter((table) => table.models.some((model) => models.has(model)))

/** Owner of rows that are the same for all employees. */
const everybody = "*"

const request = Effect.fnUntraced(function* (
  context: Resource.ResourceContext,
  name: string,
  employee: string | undefined
) {
  const { client } = context
  const operation = `employee.table.${name}`
  if (name === "timeOff") return yield* TimeOff.requests(context, employee)
  if (name === "company") {
    const row: WireRow = yield* client.decode({ operation, path: "/v1/company_information" }, CompanyInformation)
    if (Object.keys(row).length > 0) return [row]
    // An empty answer would take the company's name from everybody.
    return yield* client.fail(operation, new ConnectorError.BadPayload({ message: "the company has no name fields" }))
  }
  const rows = client.decode({ operation, path: `/v1/employees/${employee ?? "all"}/tables/${name}` }, Rows)
  if (name !== "dependents") return yield* rows
  // Needs the permission to administer benefits, which the table of the same content does not.
  const query = employee === undefined ? {} : { employeeid: employee }
  return yield* client.decode({ operation, path: "/v1/employeedependents", query }, Dependents).pipe(
    Effect.map((answer) => answer["Employee Dependents"]),
    Effect.catchIf(isRefusal, () => rows)
  )
})

/**
 * Keeps a lock-out, in which BambooHR answers 403 to everything for a while, from looking like a table without
 * permission: data would be reported as emptied.
 */
const confirmAccess = (context: Resource.ResourceContext, error: ConnectorError.ConnectorError) =>
  error.reason._tag !== "Forbidden"
    ? Effect.void
    : Effect.asVoid(context.client.request({ operation: "employee.access", path: "/v1/employees/0", accept: [404] }))

const refused = Effect.fnUntraced(function* (
  context: Resource.ResourceContext,
  table: Table,
  error: ConnectorError.ConnectorError
) {
  yield* confirmAccess(context, error)
  if (table.optional !== true || error.reason._tag === "Forbidden") {
    for (const model of table.models.filter((id) => context.models.has(id))) {
      yield* context.issue({
        code: "bamboohr.table_unreadable",
        message: `${table.name} cannot be read, what it holds is left empty: ${because(error)}`,
        model
      })
    }
  }
  return null
})

const byId = (a: WireRow, b: WireRow) => Number(text(a.id) ?? 0) - Number(text(b.id) ?? 0)

const keep = (table: Table, row: WireRow): Record<string, unknown> => {
  const kept: Record<string, unknown> = { id: text(row.id) ?? null }
  for (const column of table.columns) if (row[column] !== undefined) kept[column] = row[column]
  return kept
}

/** Puts the rows in the order of their ids, since the API promises none, and marks the one that is in force. */
const arrange = (table: Table, rows: Array<Record<string, unknown>>, today: string) => {
  rows.sort(byId)
  const { effective } = table
  if (effective === undefined) return
  let current: Record<string, unknown> | undefined
  for (const row of rows) {
    const begins = text(row[effective])
    row.inForce = false
    if (begins !== undefined && begins <= today && begins >= (text(current?.[effective]) ?? "")) current = row
  }
  if (current !== undefined) current.inForce = true
}

/**
 * Reads the tables behind the subscribed models: for everybody, or for the given employees. Returns what belongs to an
 * employee. A table that is refused is reported and is `null` for all; one that merely fails fails the run, for
 * otherwise its rows would seem to have been emptied.
 */
export const load = Effect.fn("BambooHR.tables")(function* (
  context: Resource.ResourceContext,
  ids?: ReadonlyArray<string>
) {
  const loaded = new Map<string, ReadonlyMap<string, ReadonlyArray<WireRow>> | null>()
  for (const table of wanted(context.models)) {
    // A few people one by one; beyond that everybody at once is the smaller request.
    const each =
      ids === undefined || ids.length > 5 || (table.name === "timeOff" && ids.length > 1) || table.name === "company"
        ? [undefined]
        : ids
    const read = (each: ReadonlyArray<string | undefined>) =>
      Effect.forEach(each, (id) => Effect.map(request(context, table.name, id), (rows) => ({ id, rows })), {
        concurrency: 3
      })
    const answers = yield* read(each).pipe(
      // One person's rows may be hidden in a table that can be read: only the answer for everybody tells.
      Effect.catchIf(
        (error) => each[0] !== undefined && isRefusal(error),
        () => read([undefined])
      ),
      Effect.catchIf(isRefusal, (error) => refused(context, table, error))
    )
    if (answers === null) {
      loaded.set(table.name, null)
      continue
    }
    const groups = new Map<string, Array<Record<string, unknown>>>()
    for (const { id, rows } of answers) {
      for (const row of rows) {
        const owner = table.name === "company" ? everybody : (text(row.employeeId) ?? id)
        if (owner === undefined) continue
        const group = groups.get(owner)
        if (group === undefined) groups.set(owner, [keep(table, row)])
        else group.push(keep(table, row))
      }
    }
    const today = DateTime.formatIsoDateUtc(DateTime.makeUnsafe(yield* context.client.providerTime))
    for (const group of groups.values()) arrange(table, group, today)
    loaded.set(table.name, groups)
  }
  return (employeeId: string): Tables =>
    Object.fromEntries(
      [...loaded].map(([name, groups]) => [
        name,
        groups === null ? null : (groups.get(employeeId) ?? groups.get(everybody) ?? [])
      ])
    )
})
