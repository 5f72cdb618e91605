import { Connector } from "@crochet/core"
import { classify, messageOf, retryAfterMillis } from "./QuickBooksErrors.ts"
import { resources } from "./QuickBooksResources.ts"
import { baseUrl, oauth, settings } from "./QuickBooksSettings.ts"
import { validate } from "./QuickBooksValidation.ts"

/** QuickBooks Online: the books of a company by OAuth 2, with changes and deletions by change data capture. */
export const connector: Connector.Connector = Connector.make({
  app: {
    id: "quickbooks",
    name: "QuickBooks Online",
    categories: ["ACCOUNTING"],
    website: "https://quickbooks.intuit.com",
    docs: "https://developer.intuit.com/app/developer/qbo/docs/get-started"
  },
  auth: [oauth],
  settings,
  http: {
    baseUrl,
    // Without it the API answers XML.
    headers: { accept: "application/json" },
    concurrency: 4,
    // 500 a minute and 10 a second are allowed for a company (developer.intuit.com, limits and throttles, 2026-11).
    rateLimit: { limit: 8, windowMillis: 1000 },
    classify,
    retryAfterMillis,
    errorMessage: messageOf,
    // The API gives up on a request after 120 s by itself.
    timeoutMillis: 130_000
  },
  validate,
  resources
})
