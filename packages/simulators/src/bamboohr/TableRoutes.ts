import type { Reply, Request } from "../server/Reply.ts"
import { needsJson, notFound, readSince, second, wantsJson } from "./Asking.ts"
import { type Employee, type Row, type TableName, tableNames } from "./Employee.ts"
import { legacyError } from "./Errors.ts"
import { json, phpMap } from "./Json.ts"
import type { RouteContext } from "./RouteContext.ts"
import { tableXml } from "./Xml.ts"

const isTable = (name: string): name is TableName => (tableNames as ReadonlyArray<string>).includes(name)

const cells = (row: Row, rateAs: RouteContext["rateAs"]): Record<string, unknown> => {
  if (rateAs === "text") return row.cells
  const shown: Record<string, unknown> = { ...row.cells }
  for (const name of ["rate", "overtimeRate"]) {
    const [value, currency] = (row.cells[name] ?? "").split(" ")
    if (currency !== undefined) shown[name] = { currency, value }
  }
  return shown
}

/** `GET /v1/employees/{id}/tables/{name}`: the rows of one person or of all. */
export const table = (request: Request, id: string, name: string, { hidden, rateAs, view }: RouteContext): Reply => {
  if (!isTable(name) || hidden.has(name)) return legacyError(404, "Table not found")
  const employees = view.company.employees
  let people: Array<Employee>
  if (id === "all") people = [...employees.values()]
  else {
    const employee = employees.get(Number(id))
    if (employee === undefined) return notFound()
    people = [employee]
  }
  const rows = people.flatMap((employee) =>
    employee.tables[name].map((row) => ({ id: String(row.id), employeeId: String(employee.id), ...cells(row, rateAs) }))
  )
  return wantsJson(request) ? json(rows) : tableXml(rows)
}

/** `GET /v1/employees/changed/tables/{name}`: the rows of those who changed since. */
export const changedTable = (
  request: Request,
  name: string,
  { hidden, rateAs, sinceIncludes, view }: RouteContext
): Reply => {
  if (!isTable(name) || hidden.has(name)) return legacyError(404, "Table not found")
  const since = readSince(request)
  if (since === undefined) return legacyError(400, "since is missing or not an ISO 8601 date-time")
  const refused = needsJson(request)
  if (refused !== undefined) return refused
  const employees: Record<string, unknown> = {}
  for (const employee of view.company.employees.values()) {
    const { lastChanged } = employee
    if (sinceIncludes ? lastChanged < since : lastChanged <= since) continue
    employees[String(employee.id)] = {
      lastChanged: second(lastChanged),
      rows: employee.tables[name].map((row) => cells(row, rateAs))
    }
  }
  return json({ table: name, employees: phpMap(employees) })
}
