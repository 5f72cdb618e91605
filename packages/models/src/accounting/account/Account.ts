import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { accountInfo } from "./AccountInfo.ts"

/** The app's own words behind an account's enums, verbatim. */
export const AccountRawValues = Schema.Struct({ type: Field.text(), subType: Field.text(), status: Field.text() })

/** `accounting_accounts`: the chart of accounts. Gone for receivers once its status is `INACTIVE`. */
export const AccountingAccount = DataType.make({
  id: "accounting_accounts",
  category: "ACCOUNTING",
  title: "Accounts",
  models: {
    info: accountInfo,
    rawValues: DataType.model({ id: "accounting_accounts_rawValues", title: "Raw values", schema: AccountRawValues }),
    customFields: customFields("accounting_accounts_custom_fields")
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE"),
  identifiers: (accountId) => ({ accountId })
})
