import type { Reply, Request } from "../server/Reply.ts"
import { BadFilter, compileFilter, type Predicate } from "./DatasetFilter.ts"
import type { Employee } from "./Employee.ts"
import { problem } from "./Errors.ts"
import { datasetFields } from "./DatasetFields.ts"
import type { View } from "./Fields.ts"

const maxPage = 1000

/** `POST /v2/datasets/employee/data`: everybody, also who has left, in pages by number. */
export const datasetData = (
  request: Request,
  view: View,
  hidden: ReadonlySet<string>,
  largestPage: number = maxPage
): Reply => {
  let input: unknown
  try {
    input = JSON.parse(request.body)
  } catch {
    return problem(400, "Bad Request", "The body is not JSON")
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return problem(400, "Bad Request", "The body must be a JSON object")
  }
  const { fields, filter, orderBy, page = 1, pageSize: asked = 100 } = input as Record<string, unknown>
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every((name) => typeof name === "string")) {
    return problem(400, "Bad Request", "fields must be a list of field names", { fields: "is required" })
  }
  const names = fields as Array<string>
  const unknown = names.find((name) => !datasetFields.has(name))
  if (unknown !== undefined) {
    return problem(400, "Bad Request", `Unknown field "${unknown}"`, { fields: `"${unknown}" is not in this dataset` })
  }
  if (typeof page !== "number" || !Number.isInteger(page) || page < 1) {
    return problem(422, "Validation Failed", "page must be a whole number from 1", { page: "must be >= 1" })
  }
  if (typeof asked !== "number" || !Number.isInteger(asked) || asked < 1 || asked > maxPage) {
    const detail = `pageSize must be a whole number from 1 to ${maxPage}`
    return problem(422, "Validation Failed", detail, { pageSize: detail })
  }
  // Whoever asks for some people gets them in one page, as from the app.
  const pageSize = filter === undefined ? Math.min(asked, largestPage) : asked

  let predicate: Predicate | undefined
  if (filter !== undefined && filter !== null && filter !== "") {
    if (typeof filter !== "string")
      return problem(422, "Validation Failed", "filter must be a text", { filter: "must be a text" })
    try {
      predicate = compileFilter(filter, (name) => datasetFields.has(name))
    } catch (error) {
      if (!(error instanceof BadFilter)) throw error
      return problem(422, "Validation Failed", error.message, { filter: error.message })
    }
  }
  const rules: Array<{ name: string; sign: number }> = []
  if (orderBy !== undefined && orderBy !== null && orderBy !== "") {
    for (const rule of String(orderBy).split(",")) {
      const [name = "", direction = "asc", ...rest] = rule.trim().split(/\s+/)
      if (!names.includes(name) || !["asc", "desc"].includes(direction) || rest.length > 0) {
        const detail = `orderBy "${rule.trim()}" must be a requested field and asc or desc`
        return problem(422, "Validation Failed", detail, { orderBy: detail })
      }
      rules.push({ name, sign: direction === "desc" ? -1 : 1 })
    }
  }

  const read = (employee: Employee, name: string) => datasetFields.get(name)?.read(employee, view) ?? null
  let people = [...view.company.employees.values()]
  if (predicate !== undefined) {
    const matches = predicate
    people = people.filter((employee) => matches((name) => read(employee, name)))
  }
  if (rules.length > 0) {
    const keyed = people.map((employee) => ({ employee, keys: rules.map(({ name }) => read(employee, name)) }))
    keyed.sort((a, b) => {
      for (const [index, { name, sign }] of rules.entries()) {
        const [left, right] = [a.keys[index] ?? "", b.keys[index] ?? ""]
        if (left === right) continue
        if (name === "eeid") return (Number(left) - Number(right)) * sign
        return (left < right ? -1 : 1) * sign
      }
      return a.employee.id - b.employee.id
    })
    people = keyed.map(({ employee }) => employee)
  }
  const totalPages = Math.ceil(people.length / pageSize)
  const visible = names.filter((name) => !hidden.has(name))
  const data = people.slice((page - 1) * pageSize, page * pageSize).map((employee) => ({
    fields: Object.fromEntries(visible.map((name) => [name, read(employee, name)]))
  }))
  const link = (to: number) => `${request.origin}${request.path}?page=${to}&pageSize=${pageSize}`
  const links: Record<string, string> = {}
  if (page < totalPages) links.next = link(page + 1)
  if (page > 1) links.prev = link(page - 1)
  return {
    status: 200,
    json: {
      data,
      // An empty map is written as a list: it is PHP on the other side.
      links: Object.keys(links).length === 0 ? [] : links,
      meta: { page, pageSize, totalPages, totalItems: people.length }
    }
  }
}

/** `GET /v1_2/datasets/employee/fields`. */
export const datasetFieldList = (): Reply => ({
  status: 200,
  json: {
    pagination: {
      total_records: datasetFields.size,
      current_page: 1,
      total_pages: 1,
      next_page: null,
      prev_page: null
    },
    name: "employee",
    label: "Employee",
    fields: [...datasetFields].map(([name, { label }]) => ({
      name,
      label,
      parentType: "page",
      parentName: "Employee",
      entityName: "employee"
    }))
  }
})
