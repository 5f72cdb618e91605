import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { address } from "../../shared/Address.ts"
import { phone } from "../../shared/Phone.ts"

/** Types of a company's addresses. */
export const CompanyAddressType = ["PRIMARY", "BILLING", "SHIPPING", "MAILING", "OTHER"] as const
/** Types of a company's phones. */
export const CompanyPhoneType = ["WORK", "MOBILE", "HOME", "FAX", "OTHER"] as const

/** An address of the company. */
export const CompanyAddress = address(CompanyAddressType)
/** A phone of the company. */
export const CompanyPhone = phone(CompanyPhoneType)

/** A number that an authority gave the company. `type` is free: `EIN`, `VAT`, `COMPANY_NUMBER`, `SIRET`, …. */
export const RegistrationNumber = Schema.Struct({
  type: Field.text(),
  number: Field.text("government_id"),
  country: Field.text()
})

/**
 * A legal entity that employs people. `entityType` is the app's own word (`LLC`, `GmbH`), `country` ISO 3166-1 alpha-2,
 * `currency` ISO 4217, `parentId` the record id of the company that it belongs to.
 */
export const CompanyInfo = Schema.Struct({
  id: Field.text(),
  legalName: Field.text(),
  displayName: Field.text(),
  registrationNumbers: Field.list(RegistrationNumber),
  entityType: Field.text(),
  country: Field.text(),
  currency: Field.text(),
  addresses: Field.list(CompanyAddress),
  phones: Field.list(CompanyPhone),
  parentId: Field.text()
})

/** `hris_company_info`. */
export const companyInfo = DataType.model({
  id: "hris_company_info",
  title: "Company",
  description: "A legal entity that employs people.",
  schema: CompanyInfo
})

/** `hris_companies`: the legal entities of an HR system. Every one that is listed counts as active. */
export const HrisCompanies = DataType.make({
  id: "hris_companies",
  category: "HRIS",
  title: "Companies",
  models: { info: companyInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ companyId: recordId })
})
