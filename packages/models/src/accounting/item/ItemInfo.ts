import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What kind of thing is sold or bought. */
export const ItemType = ["INVENTORY", "NON_INVENTORY", "SERVICE", "BUNDLE", "OTHER"] as const
/** Whether the item is in use. */
export const ItemStatus = ["ACTIVE", "INACTIVE", "ARCHIVED"] as const

/** A product or service; prices are per unit in `currency`. */
export const ItemInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  code: Field.text(),
  description: Field.text(),
  type: Field.enumeration(ItemType),
  isSold: Field.flag(),
  isPurchased: Field.flag(),
  unitPrice: Field.number("financial"),
  purchasePrice: Field.number("financial"),
  currency: Field.text(),
  salesAccountId: Field.text(),
  purchaseAccountId: Field.text(),
  assetAccountId: Field.text(),
  salesTaxRateId: Field.text(),
  purchaseTaxRateId: Field.text(),
  quantityOnHand: Field.number("financial"),
  status: Field.enumeration(ItemStatus),
  parentId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_item_info`. */
export const itemInfo = DataType.model({ id: "accounting_item_info", title: "Item", schema: ItemInfo })
