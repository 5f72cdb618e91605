import type { Resource, Support } from "@crochet/core"

const all = (
  support: Support.Support,
  ...fields: ReadonlyArray<string>
): { readonly [field: string]: Support.Support } => Object.fromEntries(fields.map((field) => [field, support]))

/**
 * What the connector reads of each model, field by field; a field that is not named is read.
 *
 * UNSUPPORTED: BambooHR's public API does not have it. NOT_IMPLEMENTED: it has, and it is not read.
 */
export const support: { readonly [modelKey: string]: Resource.ModelSupport } = {
  profile: {
    support: "SUPPORTED",
    fields: {
      ...all("UNSUPPORTED", "username", "preferredLanguage", "latestRehireDate", "worksRemotely", "createdAt"),
      // Of the dataset only; other endpoints would contradict it.
      ...all("NOT_IMPLEMENTED", "timezone", "probationEndDate", "weeklyHours", "fte", "isManager"),
      // A signed address that is another one on every call.
      ...all("NOT_IMPLEMENTED", "avatarUrl")
    }
  },
  contactInfo: { support: "SUPPORTED" },
  orgStructure: {
    support: "SUPPORTED",
    fields: {
      ...all("NOT_IMPLEMENTED", "departmentId", "divisionId", "jobId", "jobLevel", "team", "directReportIds"),
      ...all("UNSUPPORTED", "teamId", "businessUnitId", "businessUnit", "costCenterId", "costCenter", "legalEntityId"),
      ...all("UNSUPPORTED", "legalEntity", "jobCode", "jobFamily", "positionId", "matrixManagers")
    }
  },
  dependents: {
    support: "SUPPORTED",
    fields: { ...all("UNSUPPORTED", "isBeneficiary"), ...all("NOT_IMPLEMENTED", "nationalId") }
  },
  locations: {
    support: "SUPPORTED",
    fields: { ...all("UNSUPPORTED", "permanentAddress"), ...all("NOT_IMPLEMENTED", "workLocationId") }
  },
  // From the custom table customBankInfo, where an account has it; the API has no bank accounts of its own.
  bankAccounts: {
    support: "SUPPORTED",
    fields: all("UNSUPPORTED", "payTypes", "currency", "country", "percentage", "amount", "isPrimary")
  },
  employeeIdentificationData: { support: "SUPPORTED", fields: all("UNSUPPORTED", "issuedAt", "expiresAt") },
  employeeKYC: { support: "UNSUPPORTED" },
  employeeProfilePicture: { support: "SUPPORTED", fields: all("UNSUPPORTED", "fileName", "contentType") },
  compensation: {
    support: "SUPPORTED",
    fields: {
      ...all(
        "UNSUPPORTED",
        "fixed.planId",
        "fixed.planName",
        "fixed.percentage",
        "variable.planId",
        "variable.planName"
      ),
      ...all("NOT_IMPLEMENTED", "variable.percentage", "stock")
    }
  },
  deductions: { support: "NOT_IMPLEMENTED" },
  w4Data: { support: "UNSUPPORTED" },
  company: { support: "SUPPORTED", fields: all("UNSUPPORTED", "id", "country", "currency") },
  rawValues: {
    support: "SUPPORTED",
    fields: all("NOT_IMPLEMENTED", "workerType", "flsaStatus", "payPeriod", "payFrequency")
  },
  leaveRequests: {
    support: "SUPPORTED",
    fields: {
      ...all("UNSUPPORTED", "isPaid", "startHalfDay", "endHalfDay", "startTime", "endTime"),
      // The app names the user who decided; users and employees are joined by another endpoint.
      ...all("NOT_IMPLEMENTED", "approverId")
    }
  },
  customFields: { support: "SUPPORTED" },
  employments: {
    support: "SUPPORTED",
    fields: { ...all("UNSUPPORTED", "payGroupId"), ...all("NOT_IMPLEMENTED", "workLocationId", "reason") }
  },
  // One request per employee, and balances move every day.
  leaveBalances: { support: "NOT_IMPLEMENTED" },
  demographics: { support: "SUPPORTED" }
}
