import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { Status } from "../Status.ts"

/** What the tax is raised on. */
export const TaxRateType = ["SALES", "PURCHASE", "BOTH"] as const

/** A part of a tax rate; `isCompound` when it is raised on the other parts too. */
export const TaxRateComponent = Schema.Struct({
  name: Field.text(),
  rate: Field.number(),
  isCompound: Field.flag()
})

/** A tax rate; `rate` and `effectiveRate` (all parts together) are percentages: 8 is eight per cent. */
export const TaxRateInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  code: Field.text(),
  rate: Field.number(),
  effectiveRate: Field.number(),
  country: Field.text(),
  type: Field.enumeration(TaxRateType),
  status: Field.enumeration(Status),
  components: Field.list(TaxRateComponent, "none"),
  description: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind a tax rate's enums, verbatim. */
export const TaxRateRawValues = Schema.Struct({ type: Field.text(), status: Field.text() })

/** `accounting_tax_rates`. Gone for receivers once the status is `INACTIVE`. */
export const AccountingTaxRate = DataType.make({
  id: "accounting_tax_rates",
  category: "ACCOUNTING",
  title: "Tax rates",
  models: {
    info: DataType.model({ id: "accounting_tax_rate_info", title: "Tax rate", schema: TaxRateInfo }),
    rawValues: DataType.model({ id: "accounting_tax_rate_rawValues", title: "Raw values", schema: TaxRateRawValues })
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE"),
  identifiers: (taxRateId) => ({ taxRateId })
})
