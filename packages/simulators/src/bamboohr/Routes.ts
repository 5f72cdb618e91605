import type { Reply, Request } from "../server/Reply.ts"
import { isDate } from "../server/InvalidInput.ts"
import { needsJson, notFound, readSince, second, wantsJson } from "./Asking.ts"
import { leaveStatuses, leaveTypes } from "./Company.ts"
import { datasetData, datasetFieldList } from "./Dataset.ts"
import { employeeList } from "./EmployeeList.ts"
import { legacyError, problem } from "./Errors.ts"
import { directoryFields, findField, type View } from "./Fields.ts"
import { json, phpMap } from "./Json.ts"
import { company, metaFields, metaLists, metaTables, metaUsers, timeOffTypes } from "./Metadata.ts"
import type { RouteContext } from "./RouteContext.ts"
import { changedTable, table } from "./TableRoutes.ts"
import { employeeXml } from "./Xml.ts"

const maxFields = 400

const whoAmI = (request: Request, { hidden, view }: RouteContext): Reply => {
  const { keyOwner } = view.company
  if (keyOwner === undefined) return notFound()
  return one(request, String(keyOwner), view, hidden, [])
}

const one = (
  request: Request,
  id: string,
  view: View,
  hidden: ReadonlySet<string>,
  otherwise: ReadonlyArray<string>
): Reply => {
  const employee = /^\d+$/.test(id) ? view.company.employees.get(Number(id)) : undefined
  if (employee === undefined) return notFound()
  const asked = request.query
    .get("fields")
    ?.split(",")
    .filter((name) => name !== "")
  if (asked !== undefined && asked.length > maxFields) return legacyError(400, `Too many fields: at most ${maxFields}`)
  const seen = request.query.get("onlyCurrent") === "false" ? { ...view, day: "9999-12-31" } : view
  const record: Record<string, unknown> = { id: String(employee.id) }
  for (const name of asked ?? otherwise) {
    const field = findField(name)
    if (field !== undefined && !hidden.has(name))
      record[name] = name === "id" ? String(employee.id) : field.read(employee, seen)
  }
  return wantsJson(request) ? json(record) : employeeXml(record)
}

const directory = (request: Request, { hidden, view }: RouteContext): Reply => {
  const refused = needsJson(request)
  if (refused !== undefined) return refused
  const future = request.query.get("onlyCurrent") === "false"
  const fields = directoryFields.filter(({ id }) => !hidden.has(id))
  const people = [...view.company.employees.values()].filter(
    (employee) => employee.status === "Active" || (future && (employee.text.hireDate ?? "") > view.day)
  )
  if (people.length === 0) return legacyError(404, "The directory is empty")
  return json({
    fields: fields.map(({ id, name, type }) => ({ id, type, name })),
    employees: people.map((employee) => ({
      id: String(employee.id),
      ...Object.fromEntries(fields.map(({ id, read }) => [id, read(employee, view)]))
    }))
  })
}

const report = (request: Request, { hidden, view }: RouteContext): Reply => {
  const format =
    request.query.get("format")?.toLowerCase() ?? (request.headers.accept === "application/json" ? "json" : "")
  if (format !== "json") return legacyError(404, "Report format not found")
  // Any other content type, even with a charset, is read as XML by the app.
  if (request.headers["content-type"] !== "application/json") return legacyError(400, "Malformed XML")
  let input: { title?: unknown; fields?: unknown; filters?: { lastChanged?: unknown; employeeIds?: unknown } } | null
  try {
    input = JSON.parse(request.body)
  } catch {
    return legacyError(400, "Malformed JSON")
  }
  if (input === null || !Array.isArray(input.fields)) return legacyError(400, "fields is required")
  if (input.fields.length > maxFields) return legacyError(400, `Too many fields: at most ${maxFields}`)
  const fields = input.fields.flatMap((asked) => {
    const name = String(typeof asked === "object" && asked !== null ? (asked as { id?: unknown }).id : asked)
    const field = findField(name)
    return field === undefined || hidden.has(name) ? [] : [{ name, field }]
  })
  let people = [...view.company.employees.values()]
  const ids = input.filters?.employeeIds
  if (Array.isArray(ids)) {
    const wanted = new Set(ids.map(Number))
    people = people.filter((employee) => wanted.has(employee.id))
  }
  const changed = input.filters?.lastChanged
  const since = typeof changed === "object" && changed !== null ? (changed as { value?: unknown }).value : changed
  if (since !== undefined && since !== null) {
    const instant = Date.parse(String(since))
    if (Number.isNaN(instant)) return legacyError(400, "filters.lastChanged is not an ISO 8601 date")
    people = people.filter((employee) => employee.lastChanged > instant)
  }
  const seen = request.query.get("onlyCurrent") === "false" ? { ...view, day: "9999-12-31" } : view
  return json({
    title: typeof input.title === "string" ? input.title : "",
    fields: fields.map(({ field, name }) => ({ id: name, type: field.type, name: field.label })),
    employees: people.map((employee) => ({
      id: String(employee.id),
      ...Object.fromEntries(fields.map(({ field, name }) => [name, field.read(employee, seen)]))
    }))
  })
}

const changed = (request: Request, { sinceIncludes, view }: RouteContext): Reply => {
  const since = readSince(request)
  if (since === undefined) return legacyError(400, "since is missing or not an ISO 8601 date-time")
  const type = request.query.get("type") ?? "all"
  if (!["inserted", "updated", "deleted", "all"].includes(type)) return legacyError(400, "type is invalid")
  const refused = needsJson(request)
  if (refused !== undefined) return refused
  const employees: Record<string, unknown> = {}
  let latest = since
  const tell = (id: number, action: string, at: number) => {
    if (sinceIncludes ? at < since : at <= since) return
    if (type !== "all" && type !== action.toLowerCase()) return
    latest = Math.max(latest, at)
    employees[String(id)] = { id: String(id), action, lastChanged: second(at) }
  }
  for (const employee of view.company.employees.values()) tell(employee.id, employee.change, employee.lastChanged)
  for (const tombstone of view.company.tombstones.values()) tell(tombstone.id, "Deleted", tombstone.at)
  return json({ latest: second(latest), employees: phpMap(employees) })
}

const dependents = (request: Request, { hidden, view }: RouteContext): Reply => {
  if (hidden.has("dependents")) return legacyError(403, "Benefits administration permission is needed")
  const refused = needsJson(request)
  if (refused !== undefined) return refused
  const wanted = request.query.get("employeeid")
  const people = [...view.company.employees.values()].filter(({ id }) => wanted === null || String(id) === wanted)
  return json({
    "Employee Dependents": people.flatMap((employee) =>
      employee.tables.dependents.map(({ cells: { ssn, ...rest }, id }) => ({
        id: String(id),
        employeeId: String(employee.id),
        ...rest,
        maskedSSN: ssn === null || ssn === undefined ? null : `xxx-xx-${ssn.slice(-4)}`,
        maskedSIN: null
      }))
    )
  })
}

const timeOff = (request: Request, { view }: RouteContext): Reply => {
  const { query } = request
  const start = query.get("start") ?? ""
  const end = query.get("end") ?? ""
  if (!isDate(start) || !isDate(end)) return legacyError(400, "start and end are required as YYYY-MM-DD")
  const statuses = query.get("status")?.split(",")
  if (statuses?.some((status) => !(leaveStatuses as ReadonlyArray<string>).includes(status))) {
    return legacyError(400, "status is invalid")
  }
  const refused = needsJson(request)
  if (refused !== undefined) return refused
  const types = query.get("type")?.split(",")
  const id = query.get("id")
  const employeeId = query.get("employeeId")
  const bare = Boolean(query.get("excludeNote"))
  const approver = view.company.users[0]?.id ?? 2369
  const found = [...view.company.leave.values()].filter(
    (request) =>
      request.end >= start &&
      request.start <= end &&
      (id === null || String(request.id) === id) &&
      (employeeId === null || String(request.employeeId) === employeeId) &&
      (types === undefined || types.includes(request.typeId)) &&
      (statuses === undefined || statuses.includes(request.status))
  )
  return json(
    found.map((request) => {
      const type = leaveTypes.find(({ id }) => id === request.typeId)
      return {
        id: String(request.id),
        employeeId: String(request.employeeId),
        status: { lastChanged: request.statusChanged, lastChangedByUserId: String(approver), status: request.status },
        name: view.company.nameOf(request.employeeId),
        start: request.start,
        end: request.end,
        created: request.created,
        type: { id: request.typeId, name: type?.name ?? "", icon: type?.icon ?? "" },
        amount: { unit: request.unit, amount: request.amount },
        actions: { view: true, edit: true, cancel: false, approve: false, deny: false, bypass: false },
        dates: request.dates,
        // Both forms of an empty map come from the app.
        ...(bare ? {} : { notes: request.note !== null ? { manager: request.note } : request.id % 2 === 0 ? [] : {} })
      }
    })
  )
}

/** Answers a request whose base was taken off and whose sender was let in; `path` begins with the version. */
export const route = (request: Request, path: string, context: RouteContext): Reply => {
  const parts = path.split("/").filter((part) => part !== "")
  const [version, area, a, b, c] = parts
  const key = `${request.method} ${parts.join("/")}`
  const { hidden, view } = context
  if (version === "v2" && area === "datasets" && b === "data" && request.method === "POST") {
    if (a !== "employee") return problem(404, "Not Found", `There is no dataset "${a}"`)
    return datasetData(request, view, hidden, context.largestPage)
  }
  switch (key) {
    case "GET v1_2/datasets/employee/fields":
      return datasetFieldList()
    case "GET v1_2/datasets":
      return json({ datasets: [{ name: "employee", label: "Employee" }] })
    case "GET v1/company_information":
      return company(context)
    case "GET v1/employees":
      return employeeList(request, view, hidden)
    case "GET v1/employees/0":
      return whoAmI(request, context)
    case "GET v1/employees/directory":
      return directory(request, context)
    case "GET v1/employees/changed":
      return changed(request, context)
    case "POST v1/reports/custom":
      return report(request, context)
    case "GET v1/employeedependents":
      return dependents(request, context)
    case "GET v1/time_off/requests":
      return timeOff(request, context)
    case "GET v1/meta/time_off/types":
      return timeOffTypes()
    case "GET v1/meta/fields":
      return needsJson(request) ?? metaFields()
    case "GET v1/meta/tables":
      return needsJson(request) ?? metaTables(context)
    case "GET v1/meta/lists":
      return needsJson(request) ?? metaLists(context)
    case "GET v1/meta/users":
      return needsJson(request) ?? metaUsers(context)
  }
  if (request.method === "GET" && version === "v1" && area === "employees" && a !== undefined) {
    if (parts.length === 3) return one(request, a, view, hidden, ["firstName", "lastName"])
    if (parts.length === 5 && a === "changed" && b === "tables" && c !== undefined)
      return changedTable(request, c, context)
    if (parts.length === 5 && b === "tables" && c !== undefined) return table(request, a, c, context)
  }
  return legacyError(404, `The simulator has no ${request.method} /${parts.join("/")}`)
}
