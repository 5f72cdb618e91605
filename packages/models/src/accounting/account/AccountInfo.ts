import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Whether money lies in the account or only figures. */
export const AccountCategory = ["BANK_ACCOUNT", "LEDGER_ACCOUNT"] as const
/** The side of the books. Knit's page misspells `LIABILITY`; it is never sent that way. */
export const AccountType = ["ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE"] as const
/** The type in more detail. */
export const AccountSubType = [
  "BANK",
  "CREDIT_CARD",
  "CASH",
  "ACCOUNTS_RECEIVABLE",
  "ACCOUNTS_PAYABLE",
  "INVENTORY",
  "CURRENT_ASSET",
  "FIXED_ASSET",
  "OTHER_ASSET",
  "CURRENT_LIABILITY",
  "LONG_TERM_LIABILITY",
  "EQUITY",
  "RETAINED_EARNINGS",
  "REVENUE",
  "OTHER_INCOME",
  "COST_OF_SALES",
  "EXPENSE",
  "OTHER_EXPENSE",
  "NON_POSTING",
  "OTHER"
] as const
/** Whether the account may be posted to. */
export const AccountStatus = ["ACTIVE", "INACTIVE", "PENDING"] as const

/**
 * An account of the chart of accounts. The first fourteen fields are Knit's.
 *
 * `currentBalance` is in `currency` (ISO 4217). `isHeader` is true for accounts that only group others.
 */
export const AccountInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("financial"),
  category: Field.enumeration(AccountCategory),
  type: Field.enumeration(AccountType),
  description: Field.text("financial"),
  accountNumber: Field.text("financial"),
  status: Field.enumeration(AccountStatus),
  currentBalance: Field.number("financial"),
  companyId: Field.text(),
  linkedCompanyIds: Field.list(Schema.String, "none"),
  currency: Field.text(),
  parentAccountId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  subType: Field.enumeration(AccountSubType),
  fullName: Field.text("financial"),
  isHeader: Field.flag(),
  taxRateId: Field.text(),
  openingBalance: Field.number("financial")
})

/** `accounting_accounts_info`. */
export const accountInfo = DataType.model({
  id: "accounting_accounts_info",
  title: "Account",
  schema: AccountInfo
})
