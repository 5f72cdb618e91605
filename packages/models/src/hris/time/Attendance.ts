import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { infoText } from "../../shared/Info.ts"

/** What the day was for the person. */
export const AttendanceStatus = ["PRESENT", "ABSENT", "HOLIDAY", "WEEKLY_OFF"] as const

/**
 * One day of one person. `shiftStart` and `shiftEnd` are planned, `firstIn` and `lastOut` what happened; `totalHours`
 * is from first in to last out, `effectiveHours` without `breakHours`.
 */
export const AttendanceInfo = Schema.Struct({
  id: Field.text(),
  employeeId: Field.text(),
  date: Field.date("personal"),
  status: Field.enumeration(AttendanceStatus, "personal"),
  shiftStart: Field.dateTime("personal"),
  shiftEnd: Field.dateTime("personal"),
  firstIn: Field.dateTime("personal"),
  lastOut: Field.dateTime("personal"),
  totalHours: Field.number("personal"),
  breakHours: Field.number("personal"),
  effectiveHours: Field.number("personal")
})

/** The app's own words behind the enums, verbatim. They can tell of an illness. */
export const AttendanceRawValues = Schema.Struct({ status: Field.text("special") })

/** `hris_attendance_info`. */
export const attendanceInfo = DataType.model({
  id: "hris_attendance_info",
  title: "Attendance",
  description: "One day of one person.",
  schema: AttendanceInfo
})

/** `hris_attendance_rawValues`. */
export const attendanceRawValues = DataType.model({
  id: "hris_attendance_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: AttendanceRawValues
})

/** `hris_attendance`: a record for each person and day. */
export const HrisAttendance = DataType.make({
  id: "hris_attendance",
  category: "HRIS",
  title: "Attendance",
  models: { info: attendanceInfo, rawValues: attendanceRawValues },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, record) => ({ attendanceId: recordId, employeeId: infoText(record, "employeeId") })
})
