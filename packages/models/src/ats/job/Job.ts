import { DataType } from "@crochet/core"
import { customFields } from "../CustomFields.ts"
import { jobCompensation } from "./JobCompensation.ts"
import { jobDepartments } from "./JobDepartments.ts"
import { jobInfo } from "./JobInfo.ts"
import { jobInfoEnhanced } from "./JobInfoEnhanced.ts"
import { jobOffices } from "./JobOffices.ts"
import { jobPosts } from "./JobPosts.ts"
import { jobQuestions } from "./JobQuestions.ts"
import { jobRawValues } from "./JobRawValues.ts"
import { jobRequirements } from "./JobRequirements.ts"
import { jobStages } from "./JobStages.ts"
import { jobHiringManagers, jobHiringTeam, jobRecruiters } from "./JobTeam.ts"

/**
 * `ats_jobs`: a job that is to be filled. A closed or archived job is still a record; it is gone when the app no longer
 * has it.
 */
export const AtsJobs = DataType.make({
  id: "ats_jobs",
  category: "ATS",
  title: "Jobs",
  models: {
    info: jobInfo,
    departments: jobDepartments,
    offices: jobOffices,
    hiringManagers: jobHiringManagers,
    recruiters: jobRecruiters,
    stages: jobStages,
    rawValues: jobRawValues,
    jobPosts,
    jobCompensation,
    jobQuestions,
    jobRequirements,
    jobInfoEnhanced,
    hiringTeam: jobHiringTeam,
    customFields
  },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ jobId: recordId })
})
