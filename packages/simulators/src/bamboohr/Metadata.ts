import type { Reply } from "../server/Reply.ts"
import { leaveTypes, listFields } from "./Company.ts"
import { tableNames } from "./Employee.ts"
import { employeeFields } from "./Fields.ts"
import { json, phpMap } from "./Json.ts"
import type { RouteContext } from "./RouteContext.ts"

/** The kinds of time off and the hours of a day. */
export const timeOffTypes = (): Reply =>
  json({
    timeOffTypes: leaveTypes.map((type) => ({ ...type, source: "internal" })),
    defaultHours: [
      { name: "Saturday", amount: "0" },
      { name: "Sunday", amount: "0" },
      { name: "default", amount: "8" },
      ...["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"].map((name) => ({ name, amount: "8" }))
    ]
  })

/** Every field of an employee that has a number. */
export const metaFields = (): Reply =>
  json(
    [...employeeFields].flatMap(([alias, { id, label, type }]) =>
      typeof id !== "number"
        ? []
        : [
            { id, name: label, type, alias },
            ...(type === "currency" ? [{ id: `${id}.1`, name: `${label} - Currency code`, type: "text", alias }] : [])
          ]
    )
  )

/** The tables of employees and their columns. */
export const metaTables = ({ view }: RouteContext): Reply =>
  json(
    tableNames.map((alias, index) => {
      const sample = [...view.company.employees.values()].find((employee) => employee.tables[alias].length > 0)
      return {
        alias,
        fields: Object.keys(sample?.tables[alias][0]?.cells ?? {}).map((name, at) => ({
          id: 4600 + index * 40 + at,
          name,
          alias: name,
          type: /date|startDate/i.test(name)
            ? "date"
            : /rate$/i.test(name)
              ? "currency"
              : name === "ssn"
                ? "ssn"
                : "text"
        }))
      }
    })
  )

/** The list fields with their options. */
export const metaLists = ({ view }: RouteContext): Reply =>
  json(
    listFields.map((alias, index) => {
      const field = employeeFields.get(alias)
      return {
        id: 3440 + index,
        fieldId: field?.id,
        manageable: "yes",
        multiple: "no",
        name: field?.label,
        options: [...view.company.options[alias]].map(([name, id]) => ({
          id,
          archived: "no",
          manageable: "yes",
          createdDate: null,
          archivedDate: null,
          name
        })),
        alias
      }
    })
  )

/** Who may log in. */
export const metaUsers = ({ view }: RouteContext): Reply => {
  const users: Record<string, unknown> = {}
  for (const { employeeId, id, lastLogin } of view.company.users) {
    const employee = view.company.employees.get(employeeId)
    if (employee === undefined) continue
    users[String(id)] = {
      id,
      employeeId,
      firstName: employee.text.firstName,
      lastName: employee.text.lastName,
      email: employee.text.workEmail,
      status: employee.status === "Active" ? "enabled" : "disabled",
      lastLogin: `${new Date(lastLogin).toISOString().slice(0, 19)}+00:00`
    }
  }
  return json(phpMap(users))
}

/** The company itself. */
export const company = ({ companyName }: RouteContext): Reply =>
  json({
    legalName: `${companyName}, Inc.`,
    displayName: companyName,
    address: { line1: "100 Sandbox Way", line2: "", city: "Denver", state: "CO", zip: "80205" },
    phone: "303-555-0100"
  })
