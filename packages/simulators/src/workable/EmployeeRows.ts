import { type Account, type Employee, hex } from "./Account.ts"

const entity = (id: string, name: string, type: "entity" | "location" | "site", parentId: string | null) => ({
  id,
  name,
  legal_name: null,
  type,
  parent_id: parentId,
  display_name: name,
  sample: false,
  timezone: type === "entity" ? null : "Europe/London"
})

/** The tree of legal entities: a company, its town, and the site there, where everybody is. */
export const legalEntities = [
  entity("9123429f", "Acme Ltd", "entity", null),
  entity("e50e897c", "Leeds, United Kingdom", "location", "9123429f"),
  entity("fc49c738", "Leeds Mill", "site", "e50e897c")
]

/** An employee as `/employees` lists it. */
export const employeeRow = (employee: Employee, signature: number) => ({
  id: hex(employee.id),
  firstname: employee.firstname,
  lastname: employee.lastname,
  email: employee.email,
  start_date: employee.startDate === null ? null : `${employee.startDate}T00:00:00.000Z`,
  state: employee.state,
  employee_number: employee.number,
  avatar: `https://files.workable.example/avatars/${employee.id}.jpeg?Signature=sim${signature}`,
  phone: employee.phone,
  job_title: employee.jobTitle,
  manager_id: employee.managerId === null ? null : hex(employee.managerId),
  department_id: employee.departmentId === null ? null : hex(employee.departmentId),
  template_id: null,
  division_id: null,
  candidate_id: null,
  legal_entity_id: "fc49c738",
  work_schedule_id: "66e8",
  work_email: employee.workEmail,
  preferred_name: null,
  status_semantic_type: employee.state === "published" ? "status_active" : `status_${employee.state}`,
  reporting_line: [],
  birthdate: null
})

const group = (row: string, value: unknown) =>
  value === null ? [] : [{ row_id: row, history_of: row, is_primary: true, value }]

/**
 * An employee as `/employees/{id}` shows one: other names than in the list, groups with histories, and nothing at all in
 * the place of what is empty (recorded 2026-07; `department` is named as in `/employee_fields`).
 */
export const employeeDetails = (account: Account, employee: Employee) => ({
  id: hex(employee.id),
  firstname: employee.firstname,
  lastname: employee.lastname,
  employee_number: employee.number,
  status: employee.state === "published" ? "status_active" : `status_${employee.state}`,
  country: { display: "United Kingdom", value: "GB" },
  phone_group: group(
    `3d${hex(employee.id)}`,
    employee.phone === null ? null : { phone_type: "phone_type_mobile", phone: employee.phone }
  ),
  ...(employee.workEmail === null ? {} : { work_email: employee.workEmail }),
  personal_email: group(`3e${hex(employee.id)}`, employee.email),
  ...(employee.jobTitle === null ? {} : { job_title: employee.jobTitle }),
  ...(employee.startDate === null ? {} : { start_date: `${employee.startDate}T00:00:00.000Z` }),
  legal_entity: "fc49c738",
  ...(employee.managerId === null ? {} : { reports_to: hex(employee.managerId) }),
  ...(employee.departmentId === null ? {} : { department: hex(employee.departmentId) }),
  direct_reports: [...account.employees.values()]
    .filter(({ managerId }) => managerId === employee.id)
    .map(({ id }) => hex(id)),
  employment_group: [],
  work_schedule: "66e8",
  skills: []
})
