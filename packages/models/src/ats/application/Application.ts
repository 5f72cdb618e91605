import { DataType } from "@crochet/core"
import * as Predicate from "effect/Predicate"
import { customFields } from "../CustomFields.ts"
import { applicationAttachments } from "./ApplicationAttachments.ts"
import { applicationInfo } from "./ApplicationInfo.ts"
import { applicationInterviews } from "./ApplicationInterviews.ts"
import { applicationOffers } from "./ApplicationOffers.ts"
import { applicationQuestions } from "./ApplicationQuestions.ts"
import { applicationRawValues } from "./ApplicationRawValues.ts"
import { applicationRejection } from "./ApplicationRejection.ts"
import { applicationScorecards } from "./ApplicationScorecards.ts"
import { applicationStage } from "./ApplicationStage.ts"

const textAt = (value: unknown, ...path: ReadonlyArray<string>): string | null => {
  let found = value
  for (const key of path) found = Predicate.hasProperty(found, key) ? found[key] : undefined
  return typeof found === "string" ? found : null
}

/**
 * `ats_applications`: a candidate's application for a job. A rejected one is still a record; it is gone when the app no
 * longer has it, and is then identified by candidate and job too.
 */
export const AtsApplications = DataType.make({
  id: "ats_applications",
  category: "ATS",
  title: "Applications",
  models: {
    info: applicationInfo,
    currentStage: applicationStage,
    interviews: applicationInterviews,
    rejection: applicationRejection,
    offers: applicationOffers,
    attachments: applicationAttachments,
    questionResponses: applicationQuestions,
    scorecards: applicationScorecards,
    rawValues: applicationRawValues,
    customFields
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, record) => ({
    applicationId: recordId,
    candidateId: textAt(record, "info", "candidate", "id"),
    jobId: textAt(record, "info", "jobId")
  })
})
