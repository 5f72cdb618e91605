import { type Employee, hex } from "./Account.ts"

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
