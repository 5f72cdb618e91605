import type { Company } from "./Company.ts"
import type { Employee } from "./Employee.ts"
import { type Department, departments, type Place, places } from "./People.ts"
import { addRequests } from "./TimeOff.ts"

import { addEmployment, addPerson, dateText, day, jobCells, pickPlace, weighted } from "./Hiring.ts"

/** So many report to one manager. */
const fanOut = 7

/**
 * Makes up `count` people whose last day of history is `anchor`. One tree of managers: the head of the company, the heads
 * of the departments, and under each of these a tree of seven reports to a manager. Only people without reports have left.
 */
export const populate = (company: Company, count: number, anchor: number): void => {
  const { random } = company
  const heads = departments.slice(0, Math.max(0, Math.min(departments.length, count - 1)))
  const sizes = new Map(heads.map((department) => [department, 1]))
  for (let left = count - 1 - heads.length; left > 0; left--) {
    const department = weighted(random, heads)
    sizes.set(department, (sizes.get(department) ?? 0) + 1)
  }
  const recent = (hired: number) =>
    Math.floor(Math.max(hired, anchor - random.integer(1, 400) * day - random.integer(0, day)) / 1000) * 1000
  if (count === 0) return
  const headPlace = places[0] ?? random.pick(places)
  const headDepartment = departments.find(({ name }) => name === "Operations") ?? random.pick(departments)
  const founded = anchor - 3200 * day
  const chief = addPerson(company, {
    department: headDepartment,
    place: headPlace,
    title: "Chief Executive Officer",
    managerId: null,
    hired: founded,
    payFactor: 4,
    at: recent(founded)
  })
  company.keyOwner = chief.id
  const heading = [chief]
  const leading: Array<Employee> = []
  for (const department of heads) {
    const size = sizes.get(department) ?? 0
    const members: Array<Employee> = []
    for (let index = 0; index < size; index++) {
      // Ids have gaps where records were removed long ago.
      if (random.chance(0.03)) company.nextEmployeeId++
      const leads = fanOut * index + 1 < size
      const managerId = index === 0 ? chief.id : (members[Math.floor((index - 1) / fanOut)]?.id ?? chief.id)
      const hired = anchor - random.integer(leads ? 700 : 20, leads ? 3100 : 2400) * day
      const title = index === 0 ? department.head : leads ? department.manager : random.pick(department.member)
      const begunJunior = !leads && random.chance(0.4) && anchor - hired > 500 * day
      const place = index === 0 ? headPlace : pickPlace(random)
      const employee = addPerson(company, {
        department,
        place,
        title: begunJunior ? department.junior : title,
        managerId,
        hired,
        payFactor: index === 0 ? 2.4 : leads ? 1.5 : 1,
        at: recent(hired)
      })
      members.push(employee)
      if (index === 0) heading.push(employee)
      else if (leads) leading.push(employee)
      const left = !leads && index > 0 && random.chance(0.1)
      const until = left ? hired + Math.floor((anchor - hired) * (0.3 + random.next() * 0.65)) : anchor
      if (begunJunior) promote(company, employee, department, place, title, managerId, hired, until)
      raise(company, employee, hired, until)
      if (left) {
        const gone = dateText(until)
        const type = random.pick(["Resignation (Voluntary)", "Resignation (Voluntary)", "Termination (Involuntary)"])
        addEmployment(company, employee, gone, "Terminated", { reason: "Career change", type })
        employee.status = "Inactive"
        employee.text.terminationDate = gone
      } else if (random.chance(0.25)) addRequests(company, employee, anchor)
      if (random.chance(0.5)) employee.change = "Updated"
    }
    if (department.name === "Human Resources" && members[0] !== undefined) company.keyOwner = members[0].id
  }
  for (const [index, leader] of [...heading, ...leading].slice(0, 60).entries()) {
    company.users.push({ id: 2370 + index, employeeId: leader.id, lastLogin: anchor - random.integer(0, 40) * day })
  }
}

const promote = (
  company: Company,
  employee: Employee,
  department: Department,
  place: Place,
  title: string,
  managerId: number,
  hired: number,
  until: number
) => {
  const steps = company.random.chance(0.3) ? [title, department.senior] : [title]
  for (const [index, step] of steps.entries()) {
    const date = hired + Math.floor(((until - hired) * (index + 1)) / (steps.length + 1))
    company.option("jobTitle", step)
    const cells = jobCells(company, dateText(date), place, department.name, step, managerId)
    company.addRow(employee, "jobInfo", cells, managerId)
  }
}

const raise = (company: Company, employee: Employee, hired: number, until: number) => {
  const first = employee.tables.compensation[0]
  if (first === undefined) return
  const [base, currency = "USD"] = (first.cells.rate ?? "").split(" ")
  let amount = base ?? "0"
  for (
    let at = hired + company.random.integer(300, 420) * day;
    at < until;
    at += company.random.integer(330, 600) * day
  ) {
    amount = (Number(amount) * (1.02 + company.random.next() * 0.06)).toFixed(2)
    company.addRow(employee, "compensation", {
      ...first.cells,
      startDate: dateText(at),
      rate: `${amount} ${currency}`,
      reason: company.random.pick(["Annual", "Merit", "Promotion"])
    })
  }
}
