import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { LeaveType, LeaveUnit } from "./LeaveRequests.ts"

/** How much leave of one kind is left: `balance` remains, `used` is gone, `pending` is asked for, at `asOf`. */
export const LeaveBalance = Schema.Struct({
  leaveTypeId: Field.text(),
  name: Field.text("special"),
  type: Field.enumeration(LeaveType, "special"),
  unit: Field.enumeration(LeaveUnit),
  balance: Field.number("personal"),
  used: Field.number("special"),
  accrued: Field.number("personal"),
  pending: Field.number("personal"),
  asOf: Field.date(),
  isPaid: Field.flag(),
  isEligible: Field.flag()
})

/** `employee_leave_balance`. */
export const leaveBalances = DataType.model({
  id: "employee_leave_balance",
  title: "Leave balances",
  description: "How much leave of each kind is left.",
  schema: Schema.Array(LeaveBalance)
})
