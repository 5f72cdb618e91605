import type { Hris } from "@crochet/models"
import { Dates } from "@crochet/models"
import type { WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"
import * as Words from "./BambooHRWords.ts"

/** An object, or nothing: PHP writes an empty one as `[]`. */
const objectOf = (value: unknown): WireRow =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as WireRow) : {}

const number = (value: unknown): number | null => {
  const parsed = Number(text(value) ?? "")
  return text(value) === undefined || !Number.isFinite(parsed) ? null : parsed
}

const day = (value: unknown) => Dates.fromCalendar(text(value)?.slice(0, 10))

/** A request for time off. */
export const leaveRequest = (row: WireRow): (typeof Hris.LeaveRequest)["Encoded"] => {
  const type = objectOf(row.type)
  const amount = objectOf(row.amount)
  const notes = objectOf(row.notes)
  const status = objectOf(row.status)
  const mapped = Words.leaveStatus(text(status.status))
  const name = text(type.name)
  return {
    id: text(row.id),
    startDate: day(row.start),
    endDate: day(row.end),
    requestedOn: day(row.created),
    note: text(notes.employee) ?? text(notes.manager),
    status: mapped,
    leaveType:
      name === undefined && text(type.id) === undefined
        ? null
        : { id: text(type.id), name, ...Words.leaveType(name ?? "") },
    unit: Words.leaveUnit(text(amount.unit)),
    amount: number(amount.amount),
    decidedOn: mapped === "APPROVED" || mapped === "DECLINED" ? day(status.lastChanged) : null
  }
}
