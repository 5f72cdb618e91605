import { Connector } from "@crochet/core"
import { activities } from "./WorkableActivity.ts"
import { applications } from "./WorkableApplication.ts"
import { candidates } from "./WorkableCandidate.ts"
import { employees } from "./WorkableEmployee.ts"
import { classify, messageOf, pauseMillis, retryAfterMillis } from "./WorkableErrors.ts"
import { jobs } from "./WorkableJob.ts"
import { departments, rejectReasons, users } from "./WorkableLists.ts"
import { accountToken, baseUrl, oauth, settings } from "./WorkableSettings.ts"
import { validate } from "./WorkableValidation.ts"

/** Workable: jobs, candidates, applications and activities, the account's lists, and employees, by account token or OAuth 2. */
export const connector: Connector.Connector = Connector.make({
  app: {
    id: "workable",
    name: "Workable",
    categories: ["ATS", "HRIS"],
    website: "https://www.workable.com",
    docs: "https://workable.readme.io/reference/generate-an-access-token"
  },
  auth: [accountToken, oauth],
  settings,
  http: {
    baseUrl,
    headers: { accept: "application/json" },
    // 10 requests in 10 seconds with an account token, 50 with OAuth: the headers tell which, and `pauseMillis` heeds them.
    concurrency: 3,
    classify,
    errorMessage: messageOf,
    retryAfterMillis,
    pauseMillis
  },
  validate,
  resources: [jobs, candidates, applications, activities, users, departments, rejectReasons, employees]
})
