import type { Random } from "../server/Random.ts"
import type { Company } from "./Company.ts"
import type { Cell, Employee } from "./Employee.ts"
import { type Department, departments, givenNames, nicknames, type Place, places } from "./People.ts"

/** A day, in milliseconds. */
export const day = 86_400_000
/** A day as the app writes it. */
export const dateText = (millis: number): string => new Date(millis).toISOString().slice(0, 10)

/** One of the items, as often as it weighs. */
export const weighted = <A extends { readonly weight: number }>(random: Random, items: ReadonlyArray<A>): A => {
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
export const jobCells = (
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
