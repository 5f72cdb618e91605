import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Kinds of leave. */
export const LeaveType = ["VACATION", "SICK", "PERSONAL", "JURY_DUTY", "VOLUNTEER", "BEREAVEMENT"] as const
/** What `LeaveType` cannot say. */
export const LeaveTypeDetail = [
  "PARENTAL",
  "UNPAID",
  "PUBLIC_HOLIDAY",
  "COMP_TIME",
  "STUDY",
  "MILITARY",
  "OTHER"
] as const
/** How far a request has come. */
export const LeaveStatus = ["REQUESTED", "APPROVED", "DECLINED", "CANCELLED", "DELETED"] as const
/** What leave is counted in. */
export const LeaveUnit = ["DAYS", "HOURS"] as const

/** The account's own kind of leave and what it corresponds to. It can tell of an illness. */
export const LeaveTypeReference = Schema.Struct({
  id: Field.text("special"),
  name: Field.text("special"),
  type: Field.enumeration(LeaveType, "special"),
  typeDetail: Field.enumeration(LeaveTypeDetail, "special")
})

/**
 * A request for leave. The first ten fields are Knit's. `startTime` and `endTime` are wall-clock `HH:MM` at the place
 * of work, for leave of less than a day.
 */
export const LeaveRequest = Schema.Struct({
  id: Field.text(),
  startDate: Field.date("personal"),
  endDate: Field.date("personal"),
  requestedOn: Field.dateTime("personal"),
  note: Field.text("special"),
  status: Field.enumeration(LeaveStatus, "personal"),
  leaveType: Field.optional(LeaveTypeReference, "special"),
  unit: Field.enumeration(LeaveUnit, "personal"),
  amount: Field.number("personal"),
  isPaid: Field.flag("personal"),
  startHalfDay: Field.flag("personal"),
  endHalfDay: Field.flag("personal"),
  startTime: Field.text("personal"),
  endTime: Field.text("personal"),
  approverId: Field.text(),
  decidedOn: Field.dateTime("personal")
})

/** `employee_leave_requests`. */
export const leaveRequests = DataType.model({
  id: "employee_leave_requests",
  title: "Leave requests",
  description: "Requests for leave.",
  schema: Schema.Array(LeaveRequest)
})
