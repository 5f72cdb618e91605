import type { Random } from "../server/Random.ts"
import type { Company } from "./Company.ts"
import type { Cell, Employee } from "./Employee.ts"
import { type Department, departments, givenNames, nicknames, type Place, places } from "./People.ts"
import { addRequests } from "./TimeOff.ts"

const day = 86_400_000
const dateText = (millis: number) => new Date(millis).toISOString().slice(0, 10)
const fanOut = 7

const weighted = <A extends { readonly weight: number }>(random: Random, items: ReadonlyArray<A>): A => {
  let left = random.next() * items.reduce((sum, item) => sum + item.weight, 0)
  for (const item of items) {
    left -= item.weight
    if (left < 0) return item
  }
  return random.pick(items)
}

const ascii = (text: string) =>
  text
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("ı", "i")
    .normalize("NFD")
    .replaceAll(/[^A-Za-z]/g, "")
    .toLowerCase()

/** What decides how a made-up person's record looks. */
export interface Person {
  readonly department: Department
  readonly place: Place
  readonly title: string
  readonly managerId: number | null
  /** The first day, in milliseconds. */
  readonly hired: number
  /** How far the pay is above the department's usual. */
  readonly payFactor: number
  /** When the record was written; the present when somebody is hired through the control interface. */
  readonly at?: number
}

/** A place and a department for somebody new. */
export const pickPlace = (random: Random): Place => weighted(random, places)
/** A department for somebody new. */
export const pickDepartment = (random: Random): Department => weighted(random, departments)

/** Numbers that look like government ids and that no government gives out: area 000, prefix QQ, a file number of zeros. */
const governmentIds = (random: Random, place: Place): Record<string, Cell> => {
  if (place.country === "United States") return { ssn: `000-${random.digits(2)}-${random.digits(4)}` }
  if (place.country === "United Kingdom") return { customNIN1: `QQ${random.digits(6)}C` }
  if (place.country === "Australia") return { customTaxFileNumber1: `000 000 ${random.digits(3)}` }
  return {}
}

/** Adds one person with a first row in each history table. */
export const addPerson = (company: Company, person: Person): Employee => {
  const { random } = company
  const { department, place, title } = person
  const employee = company.add(person.at)
  const { text } = employee
  const gender = random.chance(0.03) ? "Non-binary" : random.chance(0.5) ? "Female" : "Male"
  const firstName = random.pick(givenNames[gender])
  const lastName = random.pick(place.surnames)
  const [city, zipcode] = random.pick(place.cities)
  const leads = person.payFactor > 1
  const age = random.integer(leads ? 34 : 21, leads ? 58 : 61)
  const login = `${ascii(firstName).slice(0, 1)}${ascii(lastName)}${employee.id}`
  Object.assign(text, {
    firstName,
    lastName,
    middleName: random.chance(0.3) ? random.pick(givenNames[gender]) : null,
    preferredName: random.chance(0.5) ? (nicknames[firstName] ?? null) : null,
    workEmail: `${login}@acme.example`,
    homeEmail: random.chance(0.85) ? `${ascii(firstName)}.${ascii(lastName)}${employee.id}@mail.example` : null,
    workPhone: `${place.phone}0${random.digits(3)}`,
    workPhoneExtension: random.chance(0.6) ? random.digits(4) : null,
    mobilePhone: `${place.phone}1${random.digits(3)}`,
    homePhone: random.chance(0.3) ? `${place.phone}2${random.digits(3)}` : null,
    dateOfBirth: random.chance(0.97) ? dateText(person.hired - age * 365.25 * day - random.integer(0, 364) * day) : "",
    gender: random.chance(0.96) ? gender : null,
    maritalStatus: random.chance(0.9)
      ? random.pick(["Single", "Married", "Married", "Domestic Partnership", "Divorced"])
      : null,
    pronouns: random.chance(0.3)
      ? gender === "Female"
        ? "She/her"
        : gender === "Male"
          ? "He/him"
          : "They/them"
      : null,
    nationality: place.nationality,
    citizenship: place.country,
    ...governmentIds(random, place),
    address1: `${random.integer(1, 980)} ${random.pick(place.streets)}`,
    address2: random.chance(0.25) ? `Apt ${random.integer(1, 60)}` : null,
    city,
    state: place.state,
    zipcode,
    country: place.country,
    hireDate: dateText(person.hired),
    originalHireDate: dateText(person.hired),
    terminationDate: "",
    linkedIn: random.chance(0.5) ? `www.linkedin.com/in/${login}` : null,
    customShirtsize: random.chance(0.8) ? random.pick(["XS", "S", "M", "L", "XL"]) : null,
    customSecondaryLanguage1: random.chance(0.4)
      ? random.pick(["Spanish", "French", "German", "Hindi", "Mandarin"])
      : null
  })
  employee.photoUploaded = random.chance(0.4)
  if (employee.photoUploaded === false && random.chance(0.02)) text.workEmail = null

  company.option("jobTitle", title)
  company.option("department", department.name)
  company.option("location", place.location)
  company.option("division", place.division)
  company.addRow(
    employee,
    "jobInfo",
    jobCells(company, dateText(person.hired), place, department.name, title, person.managerId),
    person.managerId
  )
  const hourly = department.pay < 60_000 && random.chance(0.35)
  const yearly = department.pay * place.perDollar * person.payFactor * (0.88 + random.next() * 0.24)
  company.addRow(employee, "compensation", {
    startDate: dateText(person.hired),
    rate: hourly
      ? `${(yearly / 2080).toFixed(2)} ${place.currency}`
      : `${(Math.round(yearly / 500) * 500).toFixed(2)} ${place.currency}`,
    type: hourly ? "Hourly" : "Salary",
    exempt: hourly ? "Non-exempt" : "Exempt",
    reason: "New Hire",
    comment: "",
    paidPer: hourly ? "Hour" : "Year",
    paySchedule: place.currency === "USD" ? "Twice a month" : "Monthly",
    overtimeRate: hourly ? `${((yearly / 2080) * 1.5).toFixed(2)} ${place.currency}` : ""
  })
  const contract = leads
    ? "Full-Time"
    : random.chance(0.06)
      ? "Contractor"
      : random.chance(0.08)
        ? "Part-Time"
        : random.chance(0.03)
          ? "Intern"
          : "Full-Time"
  addEmployment(company, employee, dateText(person.hired), contract)
  company.addRow(employee, "contacts", {
    name: `${random.pick(givenNames.Female)} ${lastName}`,
    relationship: random.pick(["Spouse", "Parent", "Sibling", "Friend"]),
    homePhone: null,
    mobilePhone: `${place.phone}3${random.digits(3)}`,
    email: null,
    primary: "1"
  })
  if (random.chance(0.35)) addFamily(company, employee, person.hired)
  if (random.chance(0.9)) {
    company.addRow(employee, "customBankInfo", {
      customBankName: random.pick(["First Sandbox Bank", "Bank of Examples", "Testland Credit Union"]),
      customAccountType: random.pick(["Checking", "Checking", "Savings"]),
      customRoutingNumber: `0000${random.digits(5)}`,
      customAccountNumber: `000${random.digits(7)}`
    })
  }
  return employee
}

/** The cells of a job row; the manager appears by name, as the app shows him. */
const jobCells = (
  company: Company,
  date: string,
  place: Pick<Place, "location" | "division">,
  department: string,
  jobTitle: string,
  managerId: number | null
): Record<string, Cell> => ({
  date,
  location: place.location,
  department,
  division: place.division,
  jobTitle,
  reportsTo: company.nameOf(managerId),
  teams: null
})

/** Appends a row to the employment status history. */
export const addEmployment = (
  company: Company,
  employee: Employee,
  date: string,
  status: string,
  ending: { readonly reason: string; readonly type: string } | null = null
): void => {
  company.option("employmentHistoryStatus", status)
  company.addRow(employee, "employmentStatus", {
    date,
    employmentStatus: status,
    comment: null,
    terminationReasonId: ending?.reason ?? null,
    terminationTypeId: ending?.type ?? null,
    terminationRehireId: ending === null ? null : "Yes",
    terminationRegrettableId: null
  })
}

const addFamily = (company: Company, employee: Employee, hired: number) => {
  const { random } = company
  const relationships = random.chance(0.8) ? ["Spouse"] : ["Domestic Partner"]
  for (let children = random.integer(0, 3); children > 0; children--) relationships.push("Child")
  for (const relationship of relationships) {
    const gender = random.pick(["Female", "Male"] as const)
    const born =
      relationship === "Child" ? hired - random.integer(200, 6000) * day : hired - random.integer(9000, 20000) * day
    company.addRow(employee, "dependents", {
      firstName: random.pick(givenNames[gender]),
      middleName: null,
      lastName: employee.text.lastName,
      relationship,
      gender,
      ssn: employee.text.country === "United States" ? `000-${random.digits(2)}-${random.digits(4)}` : null,
      dateOfBirth: dateText(born),
      addressLine1: employee.text.address1,
      addressLine2: employee.text.address2,
      city: employee.text.city,
      state: employee.text.state,
      zipCode: employee.text.zipcode,
      homePhone: null,
      country: employee.text.country,
      isUsCitizen: employee.text.country === "United States" ? "yes" : "no",
      isStudent: relationship === "Child" && hired - born > 2200 * day ? "yes" : "no"
    })
  }
}

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
