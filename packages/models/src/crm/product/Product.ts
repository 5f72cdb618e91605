import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A product; the price is the standard one. */
export const ProductInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  code: Field.text(),
  unitPrice: Field.number("financial"),
  currency: Field.text(),
  isActive: Field.flag()
})

/** `crm_product_info`. */
export const productInfo = DataType.model({ id: "crm_product_info", title: "Product", schema: ProductInfo })

/** `crm_products`: what can be sold; a look-up for deals. */
export const CrmProduct = DataType.make({
  id: "crm_products",
  category: "CRM",
  title: "Products",
  models: { info: productInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ productId: recordId })
})
