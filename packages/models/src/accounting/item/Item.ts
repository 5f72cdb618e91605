import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { itemInfo } from "./ItemInfo.ts"

/** The app's own words behind an item's enums, verbatim. */
export const ItemRawValues = Schema.Struct({ type: Field.text(), status: Field.text() })

/** `accounting_items`: products and services. Gone for receivers once the status is `INACTIVE` or `ARCHIVED`. */
export const AccountingItem = DataType.make({
  id: "accounting_items",
  category: "ACCOUNTING",
  title: "Items",
  models: {
    info: itemInfo,
    rawValues: DataType.model({ id: "accounting_item_rawValues", title: "Raw values", schema: ItemRawValues }),
    customFields: customFields("accounting_item_custom_fields")
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE", "ARCHIVED"),
  identifiers: (itemId) => ({ itemId })
})
