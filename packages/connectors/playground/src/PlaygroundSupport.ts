import type { Resource } from "@crochet/core"

/** A model that is filled but for the named fields, which the made-up HR system does not have. */
const all = (...except: ReadonlyArray<string>): Resource.ModelSupport => ({
  support: "SUPPORTED",
  ...(except.length === 0 ? {} : { fields: Object.fromEntries(except.map((field) => [field, "UNSUPPORTED" as const])) })
})

/** What the playground fills, model by model. */
export const support: { readonly [modelKey: string]: Resource.ModelSupport } = {
  profile: all("middleName", "latestRehireDate", "genderDetail"),
  contactInfo: all(),
  orgStructure: all(
    "divisionId",
    "division",
    "businessUnitId",
    "businessUnit",
    "jobId",
    "positionId",
    "directReportIds",
    "matrixManagers"
  ),
  dependents: all("middleName", "relationDetail", "phone", "address", "isStudent", "isBeneficiary", "nationalId"),
  locations: all("permanentAddress"),
  bankAccounts: all("amount"),
  employeeIdentificationData: all("expiresAt"),
  employeeKYC: all("aadharNumber", "aadharURL", "panURL"),
  employeeProfilePicture: all(),
  compensation: all(),
  deductions: all("employeeAmount", "employerAmount", "endDate", "annualMax"),
  w4Data: all("otherIncome", "deductions", "extraWithholding"),
  company: all(),
  rawValues: all("workerType", "flsaStatus", "payPeriod", "payFrequency"),
  leaveRequests: all("startHalfDay", "endHalfDay", "startTime", "endTime"),
  customFields: all(),
  employments: all("payGroupId"),
  leaveBalances: all(),
  demographics: all()
}
