import type { Resource, Support } from "@crochet/core"

type Models = { readonly [modelKey: string]: Resource.ModelSupport }

const all = (
  support: Support.Support,
  ...fields: ReadonlyArray<string>
): { readonly [field: string]: Support.Support } => Object.fromEntries(fields.map((field) => [field, support]))
const none = (...fields: ReadonlyArray<string>) => all("UNSUPPORTED", ...fields)
const later = (...fields: ReadonlyArray<string>) => all("NOT_IMPLEMENTED", ...fields)
const read = (fields: { readonly [field: string]: Support.Support } = {}): Resource.ModelSupport => ({
  support: "SUPPORTED",
  fields
})

// One connection is one company: its id is the same everywhere, and is not repeated on every record.
const company = none("companyId")
const linkedCompanies = none("companyId", "linkedCompanyIds")
const lines = read({
  ...none("itemCode", "unitOfMeasure", "employeeId", "locationId"),
  ...later("taxRateId", "projectId")
})

/**
 * What the connector reads of each model, field by field; a field that is not named is read.
 *
 * UNSUPPORTED: QuickBooks' API does not have it there. NOT_IMPLEMENTED: it has, and it is not read.
 */
export const accounts: Models = {
  info: read({ ...linkedCompanies, ...none("isHeader"), ...later("taxRateId") }),
  rawValues: read(),
  customFields: { support: "UNSUPPORTED" }
}
export const companies: Models = {
  info: read(none("isActive", "fiscalYearStartDay")),
  rawValues: read(none("isActive"))
}
export const contacts: Models = {
  info: read({ ...none("isIndividual", "creditLimit"), ...later("bankAccounts") }),
  addresses: read(none("name", "raw", "subdivisionCode")),
  phones: read(none("extension")),
  emails: read(none("type")),
  users: { support: "UNSUPPORTED" },
  rawValues: read(),
  // Since 2025 they have an interface of their own, GraphQL, for some plans.
  customFields: { support: "NOT_IMPLEMENTED" }
}
export const creditNotes: Models = {
  info: read(company),
  lineItems: lines,
  // Told by the payment (often of zero) whose lines link credit and invoice, never by the credit itself.
  appliedTo: { support: "UNSUPPORTED" },
  rawValues: read(none("status")),
  customFields: read()
}
export const employees: Models = {
  info: read(none("linkedCompanyIds", "employmentType")),
  rawValues: read(none("employmentType"))
}
export const expenses: Models = {
  info: read(company),
  lineItems: lines,
  rawValues: read(none("status")),
  customFields: { support: "UNSUPPORTED" }
}
export const invoices: Models = {
  info: read({
    ...linkedCompanies,
    ...none("paidOnDate", "purchaseOrderNumber", "reference", "employeeId", "accountingPeriodId"),
    ...later("sourceUrl")
  }),
  lineItems: lines,
  addresses: read(none("name", "raw", "subdivisionCode")),
  payments: read(none("date", "amount", "mode", "modeDetail", "referenceNumber")),
  // A payment of zero links a credit with what it was set off against (recorded 2026-05).
  credits: { support: "UNSUPPORTED" },
  // Files are an entity of their own, with addresses that live for 15 minutes.
  attachments: { support: "NOT_IMPLEMENTED" },
  rawValues: read(),
  customFields: read()
}
export const items: Models = {
  info: read({ ...none("currency"), ...later("salesTaxRateId", "purchaseTaxRateId") }),
  rawValues: read(),
  customFields: { support: "UNSUPPORTED" }
}
export const journalEntries: Models = {
  info: read({ ...company, ...none("status", "periodId", "sourceType", "sourceId") }),
  lines: read(later("taxRateId", "projectId")),
  rawValues: { support: "UNSUPPORTED" },
  customFields: { support: "UNSUPPORTED" }
}
export const paymentMethods: Models = { info: read() }
export const paymentTerms: Models = { info: read() }
export const payments: Models = {
  info: read({ ...company, ...none("reconciled") }),
  lineItems: read(),
  rawValues: read(),
  customFields: { support: "UNSUPPORTED" }
}
// Only the date up to which the books are closed: QuickBooks keeps no periods.
export const periods: Models = { info: read(none("name", "start", "statusRaw")) }
export const projects: Models = { info: read() }
export const purchaseOrders: Models = { info: read(company), lineItems: lines, rawValues: read(), customFields: read() }
export const taxRates: Models = {
  info: read({ ...none("code", "country"), ...later("effectiveRate", "type", "components") }),
  rawValues: read()
}
export const trackingCategories: Models = { info: read(none("options")), rawValues: read() }
