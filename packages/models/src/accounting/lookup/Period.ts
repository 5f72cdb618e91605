import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"

/** Whether one may still post into the period. */
export const PeriodStatus = ["OPEN", "CLOSED", "LOCKED"] as const

/** An accounting period, both days included. */
export const PeriodInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  start: Field.date(),
  end: Field.date(),
  status: Field.enumeration(PeriodStatus),
  statusRaw: Field.text()
})

/** `accounting_periods`. */
export const AccountingPeriod = DataType.make({
  id: "accounting_periods",
  category: "ACCOUNTING",
  title: "Accounting periods",
  models: { info: DataType.model({ id: "accounting_period_info", title: "Accounting period", schema: PeriodInfo }) },
  core: ["info"],
  isActive: always,
  identifiers: (periodId) => ({ periodId })
})
