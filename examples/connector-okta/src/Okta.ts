import { type Connector, Declare } from "@crochet/core"
import { messageOf } from "./OktaErrors.ts"
import { users } from "./OktaUsers.ts"

/** Okta: the people of an organisation as employees, by API token. */
export const connector: Connector.Connector = Declare.connector({
  app: {
    id: "okta",
    name: "Okta",
    categories: ["HRIS"],
    website: "https://www.okta.com",
    docs: "https://developer.okta.com/docs/guides/create-an-api-token/main/"
  },
  auth: [
    Declare.bearer({
      prefix: "SSWS",
      title: "API token",
      label: "API token",
      help: "In Okta's Admin Console: Security → API → Tokens → Create token. It sees what its maker sees: a read-only administrator will do."
    })
  ],
  settings: [
    Declare.subdomain("okta.com"),
    {
      key: "domain",
      label: "Okta cell",
      help: "The end of your Okta address.",
      options: ["okta.com", "okta-emea.com", "oktapreview.com"].map((value) => ({ value, label: value })),
      default: "okta.com"
    }
  ],
  http: {
    baseUrl: "https://{subdomain}.{domain}/api/v1",
    errorMessage: messageOf,
    // Throttling is 429 with the end of the window and no Retry-After
    // (https://developer.okta.com/docs/reference/rl-best-practices/, read 2026-11).
    retryAfterMillis: Declare.resetAt("x-rate-limit-reset"),
    // Quotas differ by plan and endpoint; 75 requests at a time are the most that an organisation may have.
    concurrency: 4
  },
  validate: {
    path: "/users/me",
    name: "profile.login",
    subject: "id",
    hints: {
      Unauthorized: "Create a new token in Okta's Admin Console; a token ends after 30 days without use.",
      Forbidden: "Let an administrator, at least a read-only one, create the token.",
      NotFound: "Check the subdomain and the end of the address."
    }
  },
  resources: [users]
})
