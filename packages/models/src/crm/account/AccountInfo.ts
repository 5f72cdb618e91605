import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Link } from "../../shared/Link.ts"
import { UserReference } from "../../shared/UserReference.ts"
import { LifecycleStage } from "../shared/LifecycleStage.ts"

/** What the company is to us. */
export const AccountType = ["PROSPECT", "CUSTOMER", "PARTNER", "VENDOR", "COMPETITOR", "OTHER"] as const

/**
 * The company. The first thirteen fields are Knit's, in Knit's order; `numberOfEmployees` is text there. A person account
 * is a private person whom the app keeps as a company.
 */
export const AccountInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  description: Field.text("personal"),
  industry: Field.text(),
  website: Field.text("personal"),
  numberOfEmployees: Field.text(),
  owner: Field.optional(UserReference),
  createdBy: Field.optional(UserReference),
  socialMediaLinks: Field.list(Link),
  updatedAt: Field.dateTime(),
  createdAt: Field.dateTime(),
  lastActivityAt: Field.dateTime(),
  isPersonAccount: Field.flag(),
  domain: Field.text("personal"),
  annualRevenue: Field.number("financial"),
  currency: Field.text(),
  type: Field.enumeration(AccountType),
  lifecycleStage: Field.enumeration(LifecycleStage),
  parentAccountId: Field.text(),
  taxNumber: Field.text("financial"),
  tags: Field.list(Schema.String, "personal")
})

/** `crm_account_info`. */
export const accountInfo = DataType.model({ id: "crm_account_info", title: "Account", schema: AccountInfo })
