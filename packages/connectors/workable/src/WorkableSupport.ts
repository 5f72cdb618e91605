import type { Resource, Support } from "@crochet/core"

type Models = { readonly [modelKey: string]: Resource.ModelSupport }

const all = (
  support: Support.Support,
  ...fields: ReadonlyArray<string>
): { readonly [field: string]: Support.Support } => Object.fromEntries(fields.map((field) => [field, support]))

/**
 * What the connector reads, model by model and field by field; a field that is not named is read.
 *
 * UNSUPPORTED: Workable's public API does not have it. NOT_IMPLEMENTED: it has, and it is not read.
 */
export const jobSupport: Models = {
  info: {
    support: "SUPPORTED",
    fields: {
      ...all("UNSUPPORTED", "closedAt", "openings", "openedAt", "publishedAt", "visibility", "weeklyHours", "category"),
      // Requisitions are an endpoint and an add-on of their own.
      ...all("NOT_IMPLEMENTED", "requisitionId")
    }
  },
  departments: { support: "SUPPORTED" },
  offices: { support: "SUPPORTED", fields: all("UNSUPPORTED", "name") },
  hiringManagers: { support: "SUPPORTED", fields: all("UNSUPPORTED", "employeeId") },
  recruiters: { support: "SUPPORTED", fields: all("UNSUPPORTED", "employeeId") },
  stages: { support: "SUPPORTED", fields: all("UNSUPPORTED", "isActive") },
  rawValues: { support: "SUPPORTED", fields: all("UNSUPPORTED", "visibility") },
  jobPosts: { support: "UNSUPPORTED" },
  jobCompensation: { support: "SUPPORTED", fields: all("UNSUPPORTED", "period", "note") },
  jobQuestions: {
    support: "SUPPORTED",
    fields: {
      ...all("UNSUPPORTED", "description", "min", "max", "category", "dependsOn"),
      // In the application form, not in the list of questions.
      ...all("NOT_IMPLEMENTED", "acceptedTypes")
    }
  },
  jobRequirements: { support: "SUPPORTED", fields: all("UNSUPPORTED", "text", "skills") },
  jobInfoEnhanced: { support: "SUPPORTED" },
  hiringTeam: { support: "SUPPORTED" },
  // The shape of custom attributes was never seen: the recorded account has none.
  customFields: { support: "NOT_IMPLEMENTED" }
}

/** Candidates. `info.tags`, `info.links`, `info.summary` and `info.photoUrl` come with the models that need the details. */
export const candidateSupport: Models = {
  info: {
    support: "SUPPORTED",
    fields: all("UNSUPPORTED", "company", "owner", "isConfidential", "canEmail", "lastInteractionAt")
  },
  education: { support: "SUPPORTED", fields: all("UNSUPPORTED", "grade") },
  locations: {
    support: "SUPPORTED",
    fields: all("UNSUPPORTED", "addressLine1", "addressLine2", "addressType", "id", "name", "subdivisionCode")
  },
  skills: { support: "SUPPORTED", fields: all("UNSUPPORTED", "level") },
  experiences: { support: "SUPPORTED", fields: all("UNSUPPORTED", "location") },
  // The CV; other files are one more request per candidate.
  attachments: { support: "SUPPORTED", fields: all("UNSUPPORTED", "id") },
  customFields: { support: "NOT_IMPLEMENTED" },
  eeoc: { support: "UNSUPPORTED" }
}

/** Applications. */
export const applicationSupport: Models = {
  info: {
    support: "SUPPORTED",
    fields: {
      ...all("UNSUPPORTED", "owner", "creditedTo", "isConverted"),
      ...all("NOT_IMPLEMENTED", "candidate.links")
    }
  },
  // When a stage was entered is in the candidate's history, one more request per candidate.
  currentStage: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "enteredAt") },
  interviews: {
    support: "SUPPORTED",
    fields: all("UNSUPPORTED", "stageId", "organizer", "location", "videoUrl")
  },
  rejection: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "rejectedBy") },
  // An offer was never seen, the recorded answer is of a candidate without one: what it calls the rest is not known.
  offers: {
    support: "SUPPORTED",
    fields: all("NOT_IMPLEMENTED", "sentAt", "respondedAt", "startDate", "salary", "documentUrl")
  },
  attachments: { support: "SUPPORTED", fields: all("UNSUPPORTED", "id") },
  questionResponses: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "answer.files") },
  // Ratings of the timeline: they name neither the meeting nor single traits.
  scorecards: {
    support: "SUPPORTED",
    fields: all("UNSUPPORTED", "interviewId", "attributes", "interviewer.email", "interviewer.employeeId")
  },
  rawValues: { support: "SUPPORTED", fields: all("UNSUPPORTED", "status") },
  customFields: { support: "NOT_IMPLEMENTED" }
}

/** Entries of candidates' timelines. */
export const activitySupport: Models = {
  info: {
    support: "SUPPORTED",
    // Comments have readers, but the timeline does not say whom.
    fields: all("UNSUPPORTED", "visibility", "author.email", "author.employeeId")
  }
}

/** Members as users. */
export const userSupport: Models = { info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "employeeId") } }
/** Departments. */
export const departmentSupport: Models = { info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "isActive") } }
/** Disqualification reasons. */
export const reasonSupport: Models = { info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "isActive") } }

/** Employees: what the list has. The single employee's answer has much more, in groups that differ between accounts. */
export const employeeSupport: Models = {
  profile: {
    support: "SUPPORTED",
    fields: {
      ...all("NOT_IMPLEMENTED", "terminationDate", "employmentType", "maritalStatus", "gender", "middleName"),
      ...all("NOT_IMPLEMENTED", "avatarUrl", "nationality", "originalHireDate", "probationEndDate"),
      ...all("NOT_IMPLEMENTED", "employmentTypeDetail", "workerType", "genderDetail", "maritalStatusDetail"),
      ...all("UNSUPPORTED", "displayName", "pronouns", "username", "timezone", "preferredLanguage", "weeklyHours"),
      ...all("UNSUPPORTED", "latestRehireDate", "fte", "isManager", "worksRemotely", "createdAt", "updatedAt")
    }
  },
  contactInfo: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "workPhones", "emergencyContacts") },
  orgStructure: {
    support: "SUPPORTED",
    fields: {
      ...all("NOT_IMPLEMENTED", "manager.workEmail", "team", "division", "directReportIds"),
      ...all("UNSUPPORTED", "teamId", "businessUnitId", "businessUnit", "costCenterId", "costCenter", "jobId"),
      ...all("UNSUPPORTED", "jobCode", "jobLevel", "jobFamily", "positionId", "matrixManagers")
    }
  },
  rawValues: {
    support: "SUPPORTED",
    fields: all("NOT_IMPLEMENTED", "employmentType", "maritalStatus", "gender", "workerType", "flsaStatus")
  },
  dependents: { support: "NOT_IMPLEMENTED" },
  locations: {
    support: "SUPPORTED",
    fields: all("NOT_IMPLEMENTED", "workAddress", "presentAddress", "workLocationId", "workLocationType")
  },
  bankAccounts: { support: "NOT_IMPLEMENTED" },
  employeeIdentificationData: { support: "NOT_IMPLEMENTED" },
  employeeKYC: { support: "UNSUPPORTED" },
  employeeProfilePicture: { support: "NOT_IMPLEMENTED" },
  compensation: { support: "NOT_IMPLEMENTED" },
  deductions: { support: "UNSUPPORTED" },
  w4Data: { support: "UNSUPPORTED" },
  company: { support: "UNSUPPORTED" },
  leaveRequests: { support: "NOT_IMPLEMENTED" },
  customFields: { support: "NOT_IMPLEMENTED" },
  employments: { support: "NOT_IMPLEMENTED" },
  leaveBalances: { support: "NOT_IMPLEMENTED" },
  demographics: { support: "NOT_IMPLEMENTED" }
}
