import { Paginator, Resource } from "@crochet/core"
import type { ConnectorError, DataType, Page } from "@crochet/core"
import { Dates, Employee } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { employeeOf } from "./WorkableEmployeeDetails.ts"
import { optional } from "./WorkableEndpoints.ts"
import { enriched, pageSize } from "./WorkableListing.ts"
import { employeeSupport } from "./WorkableSupport.ts"
import type { EmployeeRow, WireRow } from "./WorkableWire.ts"
import { BareRows, Employees, requireReadable, text } from "./WorkableWire.ts"
import * as Words from "./WorkableWords.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

const idOf = (row: WireRow): string => text(row.id) ?? ""

const pages = Paginator.offset({
  request: () => ({ operation: "employee.list", path: "/employees", query: { limit: pageSize } }),
  answer: Employees,
  items: ({ employees }) => employees,
  id: idOf,
  total: ({ total_count }) => total_count,
  param: "offset"
})

/** A bare list by id; empty when it may not be read, and the ids remain. */
const byId = (context: Context, what: string, path: string) =>
  Effect.map(
    optional(
      context,
      what,
      "employee_orgStructure",
      context.client.decode({ operation: "employee.list", path }, BareRows)
    ),
    (rows): ReadonlyMap<string, WireRow> => new Map((rows ?? []).map((row) => [idOf(row), row]))
  )

/**
 * Where an id of the legal entities leads: they are a tree of entities, their locations and the sites there, and an
 * employee is at any of the three (recorded 2026-07).
 */
const placeOf = (entities: ReadonlyMap<string, WireRow>, id: string): Pick<EmployeeRow, "entity" | "place"> => {
  const start = entities.get(id)
  let entity = start
  for (let steps = 0; entity !== undefined && text(entity.type) !== "entity" && steps < 10; steps++) {
    entity = entities.get(text(entity.parent_id) ?? "")
  }
  const place = start === entity ? undefined : text(start?.name)
  return { ...(entity === undefined ? {} : { entity }), ...(place === undefined ? {} : { place }) }
}

/** Puts the names behind the ids of an employee. */
const named = Effect.fnUntraced(function* (
  context: Context
): Effect.fn.Return<(employee: WireRow) => EmployeeRow, Failure> {
  const joined = context.models.has("employee_orgStructure") || context.models.has("employee_location")
  const none: ReadonlyMap<string, WireRow> = new Map()
  const departments = joined ? yield* byId(context, "Departments", "/departments") : none
  const entities = joined ? yield* byId(context, "Legal entities", "/legal_entities") : none
  // Addresses of pictures are signed anew on every call.
  return ({ avatar: _, ...employee }) => {
    const department = text(departments.get(text(employee.department_id) ?? "")?.name)
    return {
      employee,
      ...(department === undefined ? {} : { department }),
      ...placeOf(entities, text(employee.legal_entity_id) ?? "")
    }
  }
})

const read = (context: Context): Stream.Stream<Page.Pages<EmployeeRow>, Failure> =>
  Stream.unwrap(
    Effect.map(named(context), (name) => enriched(pages(context), (employee) => Effect.succeed(name(employee)), idOf))
  )

const get = Effect.fn("Workable.employee")(function* (context: Context, id: string) {
  const employee = yield* employeeOf(context, id, pages)
  if (Option.isNone(employee)) return Option.none<EmployeeRow>()
  return Option.some((yield* named(context))(employee.value))
})

/** The day of a stamp: dates are written as midnight UTC, of drafts with a time of the day. */
const day = (value: unknown) => Dates.fromCalendar(text(value)?.slice(0, 10))

/** An employee of the list as `employee`. */
export const toRecord = ({ department, employee, entity, place }: EmployeeRow): DataType.Input<typeof Employee> => {
  requireReadable(employee, undefined, "state", "status_semantic_type", "firstname", "lastname")
  const status = text(employee.status_semantic_type)
  const manager = text(employee.manager_id)
  const email = text(employee.email)
  const phone = text(employee.phone)
  return {
    profile: {
      id: text(employee.id),
      employeeNumber: text(employee.employee_number),
      firstName: text(employee.firstname),
      lastName: text(employee.lastname),
      workEmail: text(employee.work_email),
      startDate: day(employee.start_date),
      birthDate: day(employee.birthdate),
      employmentStatus: Words.employmentStatus(status),
      preferredName: text(employee.preferred_name),
      employmentStatusDetail: Words.employmentStatusDetail(status)
    },
    contactInfo: {
      personalEmails: email === undefined ? [] : [email],
      phones: phone === undefined ? [] : [{ phoneNumber: phone }]
    },
    orgStructure: {
      designation: text(employee.job_title),
      department,
      manager: manager === undefined ? null : { id: manager },
      departmentId: text(employee.department_id),
      divisionId: text(employee.division_id),
      legalEntityId: text(entity?.id),
      legalEntity: text(entity?.name)
    },
    locations: { workLocationName: place },
    rawValues: { employmentStatus: status ?? text(employee.state) }
  }
}

/** Employees of the account's HR side. The list has no way to ask for changes: each run lists all. */
export const employees: Resource.AnyResource = Resource.make<typeof Employee, EmployeeRow>({
  dataType: Employee,
  mapperVersion: 1,
  list: read,
  get,
  recordId: ({ employee }) => idOf(employee),
  toRecord,
  support: employeeSupport
})
