import type { Reply, Request } from "../server/Reply.ts"
import type { Employee } from "./Employee.ts"
import { codeError } from "./Errors.ts"
import type { View } from "./Fields.ts"
import { listDefaults, listOptional } from "./ListFields.ts"

const maxLimit = 2500
const sortable: ReadonlySet<string> = new Set([
  "employeeId",
  "firstName",
  "lastName",
  "preferredName",
  "jobTitleName",
  "status"
])

const encode = (direction: "nextEmployee" | "prevEmployee", id: number) =>
  Buffer.from(JSON.stringify({ [direction]: id })).toString("base64")

const decode = (direction: "nextEmployee" | "prevEmployee", cursor: string): number | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"))
    const id =
      typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>)[direction] : undefined
    return typeof id === "number" ? id : undefined
  } catch {
    return undefined
  }
}

const badPage = (message: string) => codeError(400, "BadPage", message)
const badRequest = (message: string) => codeError(400, "BadRequest", message)

/**
 * `GET /v1/employees`: the paged list of October 2025, without delta. The cursor names the boundary employee, and a boundary
 * that is gone, or fits the filter no more, is 400 `BadPage`.
 */
export const employeeList = (request: Request, view: View, hidden: ReadonlySet<string>): Reply => {
  const { query } = request
  const limitText = query.get("page[limit]") ?? "250"
  const limit = Number(limitText)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    return badRequest(`page[limit] must be a whole number from 1 to ${maxLimit}`)
  }
  const status = query.get("filter[status]")
  if (status !== null && status !== "active" && status !== "inactive") {
    return badRequest("filter[status] must be active or inactive")
  }
  const idTexts = [...query.entries()]
    .filter(([name]) => /^filter\[ids\](\[\d*\])?$/.test(name))
    .flatMap(([, value]) => value.split(","))
  if (idTexts.some((text) => !/^\d+$/.test(text.trim()))) return badRequest("filter[ids] must be whole numbers")
  const ids = idTexts.length === 0 ? undefined : new Set(idTexts.map(Number))

  const read = (employee: Employee, name: string) =>
    name === "employeeId" ? employee.id : ((listDefaults.get(name) ?? listOptional.get(name))?.(employee, view) ?? null)
  let people =
    ids === undefined
      ? [...view.company.employees.values()]
      : [...ids].sort((a, b) => a - b).flatMap((id) => view.company.employees.get(id) ?? [])
  if (status !== null) people = people.filter((employee) => employee.status.toLowerCase() === status)
  for (const name of ["firstName", "lastName", "jobTitleName"]) {
    const wanted = query.get(`filter[${name}]`)?.toLowerCase()
    if (wanted !== undefined)
      people = people.filter((employee) =>
        String(read(employee, name) ?? "")
          .toLowerCase()
          .includes(wanted)
      )
  }

  const sort = query.get("sort")
  if (sort !== null && sort !== "") {
    const rules = sort
      .split(",")
      .map((rule) => (rule.startsWith("-") ? { name: rule.slice(1), sign: -1 } : { name: rule, sign: 1 }))
    const unknown = rules.find(({ name }) => !sortable.has(name))
    if (unknown !== undefined) return badRequest(`sort: ${unknown.name} cannot be sorted by`)
    const plain = rules.length === 1 && rules[0]?.name === "employeeId" && rules[0].sign === 1
    if (!plain) {
      people.sort((a, b) => {
        for (const { name, sign } of rules) {
          const [left, right] = [read(a, name), read(b, name)]
          if (left === right) continue
          if (left === null) return -sign
          if (right === null) return sign
          return (left < right ? -1 : 1) * sign
        }
        return a.id - b.id
      })
    }
  }

  const after = query.get("page[after]")
  const before = query.get("page[before]")
  let start = 0
  let end = Math.min(limit, people.length)
  if (after !== null && before !== null) return badPage("Give page[after] or page[before], not both")
  if (after !== null || before !== null) {
    const boundary = after === null ? decode("prevEmployee", before ?? "") : decode("nextEmployee", after)
    if (boundary === undefined) return badPage("The page cursor is malformed")
    const index = people.findIndex((employee) => employee.id === boundary)
    if (index < 0) return badPage("The boundary employee of this page changed; start again")
    start = after === null ? Math.max(0, index - limit) : index
    end = after === null ? index : Math.min(index + limit, people.length)
  }
  const wanted = new Set(
    query
      .getAll("fields")
      .concat(query.getAll("fields[]"))
      .flatMap((names) => names.split(","))
  )
  const extra = [...listOptional.keys()].filter((name) => wanted.has(name))
  const data = people.slice(start, end).map((employee) => {
    const record: Record<string, unknown> = { employeeId: String(employee.id) }
    const restricted: Array<string> = []
    for (const name of [...listDefaults.keys(), ...extra]) {
      if (hidden.has(name)) restricted.push(name)
      record[name] = hidden.has(name) ? null : read(employee, name)
    }
    record._restrictedFields = restricted
    return record
  })
  const next = people[end]
  const first = people[start]
  const nextCursor = next === undefined ? null : encode("nextEmployee", next.id)
  const prevCursor = start === 0 || first === undefined ? null : encode("prevEmployee", first.id)
  const link = (changes: Record<string, string>) => {
    const parameters = new URLSearchParams(query)
    if (Object.keys(changes).length > 0) {
      for (const name of ["page[after]", "page[before]"]) parameters.delete(name)
      parameters.set("page[limit]", String(limit))
    }
    for (const [name, value] of Object.entries(changes)) parameters.set(name, value)
    const search = parameters.toString()
    return { href: `${request.origin}/api/v1/employees${search === "" ? "" : `?${search}`}` }
  }
  return {
    status: 200,
    json: {
      data,
      meta: { total: people.length, page: { limit, nextCursor, prevCursor } },
      _links: {
        self: link({}),
        ...(nextCursor === null ? {} : { next: link({ "page[after]": nextCursor }) }),
        ...(prevCursor === null ? {} : { prev: link({ "page[before]": prevCursor }) })
      }
    }
  }
}
