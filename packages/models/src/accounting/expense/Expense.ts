import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { LineItem } from "../LineItem.ts"
import { PaymentMode, PaymentModeDetail } from "../PaymentMode.ts"

/** Whether money was spent or came back. */
export const ExpenseType = ["EXPENSE", "REFUND"] as const
/** How far the expense has come. */
export const ExpenseStatus = ["DRAFT", "POSTED", "VOIDED"] as const

/** Money that was spent at once, without a bill; `accountId` is the account that it was paid from. */
export const ExpenseInfo = Schema.Struct({
  id: Field.text(),
  number: Field.text(),
  date: Field.date(),
  type: Field.enumeration(ExpenseType),
  paymentMode: Field.enumeration(PaymentMode),
  paymentModeDetail: Field.enumeration(PaymentModeDetail),
  accountId: Field.text(),
  contactId: Field.text(),
  employeeId: Field.text(),
  currency: Field.text(),
  exchangeRate: Field.number(),
  subTotal: Field.number("financial"),
  totalTax: Field.number("financial"),
  totalAmount: Field.number("financial"),
  memo: Field.text("personal"),
  status: Field.enumeration(ExpenseStatus),
  companyId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind an expense's enums, verbatim. */
export const ExpenseRawValues = Schema.Struct({ type: Field.text(), paymentMode: Field.text(), status: Field.text() })

/** `accounting_expenses`. */
export const AccountingExpense = DataType.make({
  id: "accounting_expenses",
  category: "ACCOUNTING",
  title: "Expenses",
  models: {
    info: DataType.model({ id: "accounting_expense_info", title: "Expense", schema: ExpenseInfo }),
    lineItems: DataType.model({
      id: "accounting_expense_lineItems",
      title: "Line items",
      schema: Schema.Array(LineItem)
    }),
    rawValues: DataType.model({ id: "accounting_expense_rawValues", title: "Raw values", schema: ExpenseRawValues }),
    customFields: customFields("accounting_expense_custom_fields")
  },
  core: ["info"],
  isActive: always,
  identifiers: (expenseId) => ({ expenseId })
})
