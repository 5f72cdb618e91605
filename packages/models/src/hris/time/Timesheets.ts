import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { infoText } from "../../shared/Info.ts"

/** How far a time sheet has come. */
export const TimesheetStatus = ["DRAFT", "SUBMITTED", "APPROVED", "REJECTED"] as const

/** Time that a person worked, perhaps on a project: `hours` between `start` and `end`, breaks not counted. */
export const TimesheetInfo = Schema.Struct({
  id: Field.text(),
  employeeId: Field.text(),
  start: Field.dateTime("personal"),
  end: Field.dateTime("personal"),
  hours: Field.number("personal"),
  projectId: Field.text(),
  note: Field.text("personal"),
  status: Field.enumeration(TimesheetStatus)
})

/** The app's own words behind the enums, verbatim. */
export const TimesheetRawValues = Schema.Struct({ status: Field.text() })

/** `hris_timesheet_info`. */
export const timesheetInfo = DataType.model({
  id: "hris_timesheet_info",
  title: "Time sheet entry",
  description: "Time that a person worked, perhaps on a project.",
  schema: TimesheetInfo
})

/** `hris_timesheet_rawValues`. */
export const timesheetRawValues = DataType.model({
  id: "hris_timesheet_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: TimesheetRawValues
})

/** `hris_timesheets`: a record for each entry. */
export const HrisTimesheets = DataType.make({
  id: "hris_timesheets",
  category: "HRIS",
  title: "Time sheets",
  models: { info: timesheetInfo, rawValues: timesheetRawValues },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, record) => ({ timesheetId: recordId, employeeId: infoText(record, "employeeId") })
})
