import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The company that employs the person; `country` ISO 3166-1 alpha-2, `currency` ISO 4217. */
export const Company = Schema.Struct({
  id: Field.text(),
  legalName: Field.text(),
  displayName: Field.text(),
  country: Field.text(),
  currency: Field.text()
})

/** `employee_company`. */
export const company = DataType.model({
  id: "employee_company",
  title: "Company",
  description: "The company that employs the person.",
  schema: Company
})
