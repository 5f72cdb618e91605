import { Enums, Hris } from "@crochet/models"

/*
 * BambooHR's words for closed sets of values. Most of these lists can be edited by the account's administrators, so each
 * mapping knows the words that BambooHR ships with and their usual variants; the rest is NOT_SPECIFIED.
 */

export const employmentStatus = Enums.mapping(Hris.EmploymentStatus)

/** Of the employment status list, whose default entries are Full-Time, Part-Time, Contractor, Furloughed, Terminated. */
export const employmentType = Enums.mapping(Hris.EmploymentType, {
  "Full Time Employee": "FULL_TIME",
  "Regular Full-Time": "FULL_TIME",
  "Full-Time Regular": "FULL_TIME",
  "Part Time Employee": "PART_TIME",
  "Regular Part-Time": "PART_TIME",
  "Part-Time Regular": "PART_TIME",
  Contractor: "CONTRACT",
  "Independent Contractor": "CONTRACT",
  Freelance: "CONTRACT",
  Freelancer: "CONTRACT",
  Consultant: "CONTRACT"
})

export const employmentTypeDetail = Enums.mapping(Hris.EmploymentTypeDetail, {
  "Full Time Employee": "FULL_TIME",
  "Regular Full-Time": "FULL_TIME",
  "Full-Time Regular": "FULL_TIME",
  "Part Time Employee": "PART_TIME",
  "Regular Part-Time": "PART_TIME",
  "Part-Time Regular": "PART_TIME",
  Contract: "CONTRACTOR",
  "Independent Contractor": "CONTRACTOR",
  Consultant: "CONTRACTOR",
  Freelancer: "FREELANCE",
  Internship: "INTERN",
  Temp: "TEMPORARY",
  Casual: "TEMPORARY",
  Apprenticeship: "APPRENTICE",
  "Working Student": "WORKING_STUDENT"
})

export const employmentStatusDetail = Enums.mapping(Hris.EmploymentStatusDetail, {
  Furloughed: "ON_LEAVE",
  Leave: "ON_LEAVE",
  "Leave of Absence": "ON_LEAVE",
  "Parental Leave": "ON_LEAVE",
  "Maternity Leave": "ON_LEAVE"
})

export const gender = Enums.mapping(Hris.Gender, { M: "MALE", Man: "MALE", F: "FEMALE", Woman: "FEMALE" })

export const genderDetail = Enums.mapping(Hris.GenderDetail, {
  "Decline to answer": "PREFER_NOT_TO_DISCLOSE",
  "Prefer not to say": "PREFER_NOT_TO_DISCLOSE"
})

export const maritalStatus = Enums.mapping(Hris.MaritalStatus, { "Never Married": "SINGLE" })

export const maritalStatusDetail = Enums.mapping(Hris.MaritalStatusDetail, {
  "Domestic Partner": "DOMESTIC_PARTNERSHIP",
  "Common Law": "DOMESTIC_PARTNERSHIP",
  "Common-Law": "DOMESTIC_PARTNERSHIP",
  "Civil Partnership": "DOMESTIC_PARTNERSHIP",
  Unmarried: "NOT_MARRIED"
})

export const ethnicity = Enums.mapping(Hris.Ethnicity, {
  "American Indian or Alaska Native": "INDIGENOUS_AMERICAN",
  "American Indian/Alaskan Native": "INDIGENOUS_AMERICAN",
  "Black or African American": "BLACK",
  "Native Hawaiian or Other Pacific Islander": "PACIFIC_ISLANDER",
  "Two or More Races": "TWO_OR_MORE",
  "Middle Eastern or North African": "OTHER",
  "Decline to answer": "DECLINED"
})

export const relation = Enums.mapping(Hris.Relation, {
  "Step Child": "CHILD",
  Stepchild: "CHILD",
  "Adopted Child": "CHILD"
})

export const relationDetail = Enums.mapping(Hris.RelationDetail, { "Domestic Partnership": "DOMESTIC_PARTNER" })

/** What an amount of pay is for: the table's `paidPer`. */
export const payPeriod = Enums.mapping(Hris.PayPeriod, {
  Hourly: "HOUR",
  Daily: "DAY",
  Weekly: "WEEK",
  Monthly: "MONTH",
  Quarterly: "QUARTER",
  Annually: "YEAR",
  Yearly: "YEAR"
})

/** How often it is paid: the pay schedule, a list that every account names for itself. */
export const payFrequency = Enums.mapping(Hris.PayFrequency, {
  "Every week": "WEEKLY",
  "Once a week": "WEEKLY",
  "Every other week": "BIWEEKLY",
  "Every two weeks": "BIWEEKLY",
  "Every 2 weeks": "BIWEEKLY",
  "Bi-Weekly": "BIWEEKLY",
  "Twice a month": "SEMIMONTHLY",
  "Twice per month": "SEMIMONTHLY",
  "Once a month": "MONTHLY",
  "Every month": "MONTHLY",
  Yearly: "ANNUALLY"
})

/** The table's `type`. */
export const fixedPayType = Enums.mapping(Hris.FixedPayType, {
  Hourly: "HOURLY_WAGE",
  "Exception Hourly": "HOURLY_WAGE",
  Monthly: "SALARY",
  Weekly: "SALARY",
  Daily: "SALARY",
  "Piece Rate": "OTHER",
  Contract: "OTHER",
  "Pro Rata": "OTHER"
})

export const flsaStatus = Enums.mapping(Hris.FlsaStatus, {
  "Non-exempt": "NONEXEMPT",
  "Salary Non-exempt": "SALARIED_NONEXEMPT"
})

export const bankAccountType = Enums.mapping(Hris.BankAccountType)

export const leaveUnit = Enums.mapping(Hris.LeaveUnit)

/** A request's status; `superceded` is BambooHR's spelling for one that another request replaced. */
export const leaveStatus = Enums.mapping(Hris.LeaveStatus, {
  denied: "DECLINED",
  superceded: "CANCELLED",
  canceled: "CANCELLED"
})

/** Kinds of time off are named by the account; known by the words in them. First match wins. */
const leaveWords = Enums.matching<(typeof Hris.LeaveType)[number]>([
  [/\bjury\b/i, "JURY_DUTY"],
  [/\bbereave|\bcompassionate\b|\bfuneral\b/i, "BEREAVEMENT"],
  [/\bvolunt/i, "VOLUNTEER"],
  [/\bsick|\billness\b|\bmedical\b|\bcovid\b/i, "SICK"],
  [/\bvacation\b|\bannual leave\b|\bpto\b|\bpaid time off\b|\bholidays?\b/i, "VACATION"],
  [/\bpersonal\b/i, "PERSONAL"]
])

const leaveDetailWords = Enums.matching<(typeof Hris.LeaveTypeDetail)[number]>([
  [/\bparental\b|\bmaternity\b|\bpaternity\b|\badoption\b/i, "PARENTAL"],
  [/\bmilitary\b/i, "MILITARY"],
  [/\bcomp\b|\bin lieu\b|\btoil\b/i, "COMP_TIME"],
  [/\bstudy\b|\beducation/i, "STUDY"],
  [/\bpublic holiday\b/i, "PUBLIC_HOLIDAY"],
  [/\bunpaid\b/i, "UNPAID"]
])

/** The kind of leave that a name tells of, and what the kinds cannot say. */
export const leaveType = (name: string) => {
  const typeDetail = leaveDetailWords(name)
  if (typeDetail !== "NOT_SPECIFIED") return { type: "NOT_SPECIFIED", typeDetail } as const
  const type = leaveWords(name)
  return { type, typeDetail: type === "NOT_SPECIFIED" && name !== "" ? "OTHER" : "NOT_SPECIFIED" } as const
}

/** Locations are named by the account too. */
export const workLocationType = Enums.matching<(typeof Hris.WorkLocationType)[number]>([[/\bremote\b/i, "REMOTE"]])
