import { Connector } from "@crochet/core"
import { accounts } from "./SalesforceAccounts.ts"
import { associations } from "./SalesforceAssociations.ts"
import { engagements, notes, tasks } from "./SalesforceActivities.ts"
import { contacts } from "./SalesforceContacts.ts"
import { deals } from "./SalesforceDeals.ts"
import { classify, messageOf } from "./SalesforceErrors.ts"
import { leads } from "./SalesforceLeads.ts"
import { campaigns, products, users } from "./SalesforceLookups.ts"
import { pipelines } from "./SalesforcePipelines.ts"
import { records } from "./SalesforceRecords.ts"
import { schemas } from "./SalesforceSchemas.ts"
import { baseUrl, help, oauth, settings } from "./SalesforceSettings.ts"
import { validate } from "./SalesforceValidation.ts"

/** Salesforce: accounts, contacts, leads, deals, activities and custom objects, by OAuth 2. */
export const connector: Connector.Connector = Connector.make({
  app: { id: "salesforce", name: "Salesforce", categories: ["CRM"], website: "https://www.salesforce.com", docs: help },
  auth: [oauth],
  settings,
  http: {
    baseUrl,
    // The quota is the org's and counts a whole day, so no window of ours helps; long requests are limited to 25.
    concurrency: 4,
    classify,
    errorMessage: messageOf,
    // Queries may take up to two minutes.
    timeoutMillis: 150_000
  },
  validate,
  resources: [
    accounts,
    contacts,
    leads,
    deals,
    pipelines,
    users,
    tasks,
    notes,
    engagements,
    campaigns,
    products,
    records,
    schemas,
    associations
  ]
})
