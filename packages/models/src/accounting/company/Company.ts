import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { goneWhen } from "../Activity.ts"
import { Address } from "../Address.ts"
import { Phone } from "../Phone.ts"

/** When income and costs count: on payment, or when they arise. */
export const AccountingMethod = ["CASH", "ACCRUAL"] as const

/** Whom to write to at the company. */
export const CompanyContact = Schema.Struct({
  name: Field.text("personal"),
  emails: Field.list(Email)
})

/**
 * A company whose books these are. The first thirteen fields are Knit's; the fiscal year begins on month and day (1 to
 * 12, 1 to 31).
 */
export const CompanyInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  legalName: Field.text(),
  taxNumber: Field.text("government_id"),
  fiscalYearStartMonth: Field.number(),
  fiscalYearStartDay: Field.number(),
  createdAt: Field.dateTime(),
  isActive: Field.flag(),
  currency: Field.text(),
  urls: Field.list(Schema.String, "none"),
  addresses: Field.list(Address),
  phones: Field.list(Phone),
  contact: Field.optional(CompanyContact),
  accountingMethod: Field.enumeration(AccountingMethod),
  taxEnabled: Field.flag(),
  country: Field.text(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind a company's enums, verbatim. */
export const CompanyRawValues = Schema.Struct({
  fiscalYearStart: Field.text(),
  accountingMethod: Field.text(),
  isActive: Field.text()
})

/** `accounting_companies`. Gone for receivers once `isActive` is `FALSE`. */
export const AccountingCompany = DataType.make({
  id: "accounting_companies",
  category: "ACCOUNTING",
  title: "Companies",
  models: {
    info: DataType.model({ id: "accounting_companies_info", title: "Company", schema: CompanyInfo }),
    rawValues: DataType.model({ id: "accounting_companies_rawValues", title: "Raw values", schema: CompanyRawValues })
  },
  core: ["info"],
  isActive: goneWhen("isActive", "FALSE"),
  identifiers: (companyId) => ({ companyId })
})
