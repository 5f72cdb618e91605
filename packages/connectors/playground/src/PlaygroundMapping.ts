import type { DataType } from "@crochet/core"
import { Country, Dates, type Employee, Enums, Hris, Money } from "@crochet/models"
import type { PlaygroundHome, PlaygroundRow } from "./PlaygroundRow.ts"
import { company } from "./PlaygroundVocabulary.ts"

const employmentStatus = Enums.mapping(Hris.EmploymentStatus, { "On leave": "ACTIVE", Left: "INACTIVE" })
const employmentStatusDetail = Enums.mapping(Hris.EmploymentStatusDetail, { Left: "TERMINATED" })
const employmentType = Enums.mapping(Hris.EmploymentType, { Contractor: "CONTRACT", "Working student": "PART_TIME" })
const employmentTypeDetail = Enums.mapping(Hris.EmploymentTypeDetail)
const gender = Enums.mapping(Hris.Gender)
const maritalStatus = Enums.mapping(Hris.MaritalStatus)
const maritalStatusDetail = Enums.mapping(Hris.MaritalStatusDetail)
const ethnicity = Enums.mapping(Hris.Ethnicity, { "Prefer not to say": "DECLINED" })
const bankAccountType = Enums.mapping(Hris.BankAccountType)
const identificationType = Enums.mapping(Hris.IdentificationType, {
  SSN: "NATIONAL_ID",
  NIN: "NATIONAL_ID",
  TAX_ID: "OTHERS",
  PAN: "OTHERS"
})
const leaveType = Enums.mapping(Hris.LeaveType, {
  Holiday: "VACATION",
  "Sick leave": "SICK",
  "Moving house": "PERSONAL"
})
const leaveStatus = Enums.mapping(Hris.LeaveStatus)

/** A person in the made-up HR system's words as the common models. */
export const toRecord = (row: PlaygroundRow): DataType.Input<typeof Employee> => ({
  profile: profile(row),
  contactInfo: {
    personalEmails: [row.privateEmail],
    phones: [
      { type: "WORK", phoneNumber: row.workPhone, isPrimary: "TRUE" },
      { type: "PERSONAL", phoneNumber: row.privatePhone, isPrimary: "FALSE" }
    ],
    workPhones: [{ type: "WORK", phoneNumber: row.workPhone, isPrimary: "TRUE" }],
    emergencyContacts: [
      {
        name: row.emergency.name,
        relation: row.emergency.relation,
        phones: [{ type: "PERSONAL", phoneNumber: row.emergency.phone }],
        isPrimary: "TRUE"
      }
    ]
  },
  orgStructure: {
    designation: row.title,
    department: row.department.name,
    departmentId: row.department.id,
    manager: row.manager === null ? null : { id: row.manager.id, workEmail: row.manager.email },
    costCenterId: row.department.costCenter,
    costCenter: row.department.costCenter,
    legalEntityId: company.id,
    legalEntity: company.legalName,
    teamId: `${row.department.id}-${row.site.id}`,
    team: `${row.department.name} ${row.site.city}`,
    jobCode: `${row.department.id}${row.level}`,
    jobLevel: String(row.level),
    jobFamily: row.department.name
  },
  dependents: row.children.map((child) => ({
    id: child.id,
    firstName: child.firstName,
    lastName: row.lastName,
    relation: "CHILD",
    gender: gender(child.sex),
    birthDate: Dates.fromCalendar(child.born)
  })),
  locations: {
    workAddress: { ...address(row.site), addressType: "WORK", id: row.site.id, name: row.site.name },
    presentAddress: { ...address(row.home), addressType: "HOME_PRESENT" },
    workLocationId: row.site.id,
    workLocationName: row.site.name,
    workLocationType: row.remote ? "REMOTE" : "OFFICE"
  },
  ...money(row),
  employeeIdentificationData: [
    {
      type: identificationType(row.officialNumber.kind),
      subType: row.officialNumber.kind,
      identificationNumber: row.officialNumber.number,
      country: Country.code(row.site.country),
      issuedAt: Dates.fromCalendar(row.officialNumber.issued)
    }
  ],
  employeeKYC: row.officialNumber.kind === "PAN" ? { panNumber: row.officialNumber.number } : null,
  employeeProfilePicture: {
    url: `https://${company.domain}/people/${row.id}.png`,
    fileName: `${row.id}.png`,
    contentType: "image/png"
  },
  company: {
    id: company.id,
    legalName: company.legalName,
    displayName: company.name,
    country: "GB",
    currency: "GBP"
  },
  rawValues: {
    employmentStatus: row.status,
    employmentType: row.contract,
    maritalStatus: row.maritalStatus || null,
    gender: row.gender,
    workLocationType: row.remote ? "Remote" : "Office"
  },
  ...leave(row),
  customFields: row.custom,
  demographics:
    row.ethnicity === undefined ? null : { ethnicity: ethnicity(row.ethnicity), ethnicityRaw: row.ethnicity || null }
})

const profile = (row: PlaygroundRow): DataType.Input<typeof Employee>["profile"] => ({
  id: row.id,
  employeeNumber: row.number,
  firstName: row.firstName,
  lastName: row.lastName,
  displayName: `${row.firstName} ${row.lastName}`,
  workEmail: row.email,
  username: row.email.split("@")[0],
  avatarUrl: `https://${company.domain}/people/${row.id}.png`,
  birthDate: Dates.fromCalendar(row.born),
  startDate: Dates.fromCalendar(row.hired),
  originalHireDate: Dates.fromCalendar(row.hired),
  terminationDate: Dates.fromCalendar(row.left),
  employmentStatus: employmentStatus(row.status),
  employmentStatusDetail: employmentStatusDetail(row.status),
  employmentType: employmentType(row.contract),
  employmentTypeDetail: employmentTypeDetail(row.contract),
  workerType: row.contract === "Contractor" ? "CONTRACTOR" : "EMPLOYEE",
  preferredName: row.calledName || null,
  pronouns: row.pronouns || null,
  probationEndDate: Dates.fromCalendar(row.probationUntil),
  worksRemotely: Enums.flag(row.remote),
  gender: gender(row.gender),
  maritalStatus: maritalStatus(row.maritalStatus),
  maritalStatusDetail: maritalStatusDetail(row.maritalStatus),
  nationality: Country.code(row.site.country),
  timezone: row.site.timezone,
  preferredLanguage: row.site.language,
  weeklyHours: row.weeklyHours,
  fte: row.weeklyHours / 40,
  isManager: Enums.flag(row.leads),
  createdAt: Dates.fromInstant(row.created),
  updatedAt: Dates.fromInstant(row.updated)
})

const address = (home: PlaygroundHome) => ({
  addressLine1: home.street,
  city: home.city,
  state: home.state,
  zipCode: home.zip,
  country: Country.code(home.country)
})

const money = (row: PlaygroundRow) => {
  const fixed = row.pay.filter(({ kind }) => kind === "Salary")
  const variable = row.pay.filter(({ kind }) => kind === "Bonus")
  const salary = Money.parse(fixed[0]?.amount)?.amount ?? null
  const american = row.officialNumber.kind === "SSN"
  return {
    bankAccounts: [
      {
        id: row.bank.id,
        accountNumber: row.bank.number,
        accountType: bankAccountType(row.bank.kind),
        bankName: "Bank of Example",
        routingInfo: [{ type: american ? "ROUTING_NUMBER" : "BRANCH_CODE", number: row.bank.routing }],
        payTypes: ["ALL"],
        holderName: `${row.firstName} ${row.lastName}`,
        currency: row.currency,
        country: Country.code(row.site.country),
        percentage: 100,
        isPrimary: "TRUE"
      }
    ],
    compensation: {
      fixed: fixed.map((pay) => ({
        ...payOf(pay),
        type: "SALARY",
        payPeriod: "YEAR",
        payFrequency: "MONTHLY",
        isCurrent: "TRUE"
      })),
      variable: variable.map((pay) => ({
        ...payOf(pay),
        type: "BONUS",
        payPeriod: "YEAR",
        payFrequency: "ANNUALLY",
        isCurrent: "TRUE"
      })),
      stock: row.pay
        .filter(({ kind }) => kind === "Options")
        .map((grant) => ({
          id: grant.id,
          optionType: "OTHER",
          quantity: Number(grant.amount),
          vestingStart: Dates.fromCalendar(grant.since)
        }))
    },
    deductions: [
      {
        id: `${row.id}-d1`,
        name: american ? "401(k)" : "Pension",
        code: american ? "401K" : "PEN",
        benefitType: american ? "RETIREMENT_401K" : "PENSION",
        employeePercentage: 5,
        employerPercentage: 3,
        currency: row.currency,
        preTax: "TRUE",
        frequency: "MONTHLY",
        startDate: Dates.fromCalendar(row.hired)
      }
    ],
    w4Data: american
      ? {
          filingStatus: row.maritalStatus === "Married" ? "MARRIED_JOINT" : "SINGLE",
          multipleJobs: "FALSE",
          dependentsAmount: row.children.length * 2000,
          exempt: "FALSE",
          effectiveDate: Dates.fromCalendar(row.hired)
        }
      : null,
    employments: row.jobs.map((job, index) => ({
      id: job.id,
      jobTitle: job.title,
      employmentType: employmentType(row.contract),
      flsaStatus: american ? "EXEMPT" : "NOT_SPECIFIED",
      effectiveDate: Dates.fromCalendar(job.from),
      endDate: Dates.fromCalendar(index === 0 ? row.left : job.to),
      isPrimary: "TRUE",
      payRate: Money.parse(job.pay)?.amount ?? salary,
      payPeriod: "YEAR",
      payFrequency: "MONTHLY",
      currency: row.currency,
      workLocationId: row.site.id,
      reason: job.why
    }))
  } satisfies DataType.Input<typeof Employee>
}

const payOf = (pay: PlaygroundRow["pay"][number]) => {
  const { amount = null, currency = null } = Money.parse(pay.amount) ?? {}
  return { id: pay.id, amount, currency, startDate: Dates.fromCalendar(pay.since) }
}

const leave = (row: PlaygroundRow) =>
  ({
    leaveRequests: row.leave.map((request) => ({
      id: request.id,
      startDate: Dates.fromCalendar(request.from),
      endDate: Dates.fromCalendar(request.to),
      requestedOn: Dates.fromInstant(request.asked),
      note: request.note || null,
      approverId: row.manager?.id ?? null,
      decidedOn: Dates.fromInstant(request.decided),
      status: leaveStatus(request.status),
      leaveType: { id: request.kind, name: request.kind, type: leaveType(request.kind) },
      unit: "DAYS",
      amount: request.days,
      isPaid: "TRUE"
    })),
    leaveBalances: [
      {
        leaveTypeId: "Holiday",
        name: "Holiday",
        type: "VACATION",
        unit: "DAYS",
        balance: row.holiday.entitled - row.holiday.used,
        used: row.holiday.used,
        pending: row.leave.reduce((sum, { days, status }) => sum + (status === "Requested" ? days : 0), 0),
        accrued: row.holiday.entitled,
        asOf: Dates.fromCalendar(row.holiday.asOf),
        isPaid: "TRUE",
        isEligible: "TRUE"
      }
    ]
  }) satisfies DataType.Input<typeof Employee>
