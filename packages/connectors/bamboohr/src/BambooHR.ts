import { Connector } from "@crochet/core"
import { employee } from "./BambooHREmployee.ts"
import { classify, messageOf } from "./BambooHRErrors.ts"
import { apiKey, baseUrl, oauth, settings } from "./BambooHRSettings.ts"
import { validate } from "./BambooHRValidation.ts"

/** BambooHR: employees with pay, positions, dependents and time off, by API key or OAuth 2. */
export const connector: Connector.Connector = Connector.make({
  app: {
    id: "bamboohr",
    name: "BambooHR",
    categories: ["HRIS"],
    website: "https://www.bamboohr.com",
    docs: "https://documentation.bamboohr.com/docs/getting-started"
  },
  auth: [apiKey, oauth],
  settings,
  http: {
    baseUrl,
    // Without it several endpoints answer XML.
    headers: { accept: "application/json" },
    // No quota is published; a few at a time has been well received.
    concurrency: 4,
    classify,
    errorMessage: messageOf,
    // Whole-company answers, such as a table of everybody, have no pages.
    timeoutMillis: 120_000,
    maxAnswerBytes: 256 * 1024 * 1024
  },
  validate,
  resources: [employee]
})
