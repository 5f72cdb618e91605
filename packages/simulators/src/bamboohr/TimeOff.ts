import { type Company, leaveTypes } from "./Company.ts"
import type { Employee } from "./Employee.ts"

const day = 86_400_000
const dateText = (millis: number) => new Date(millis).toISOString().slice(0, 10)

/** Adds some requests for time off around a date. */
export const addRequests = (company: Company, employee: Employee, anchor: number) => {
  const { random } = company
  for (let count = random.integer(1, 4); count > 0; count--) {
    const type = random.pick(leaveTypes)
    const start = anchor + random.integer(-200, 60) * day
    const length = random.integer(1, type.units === "days" ? 5 : 8)
    const created = start - random.integer(5, 60) * day
    addLeave(company, employee.id, {
      start: dateText(start),
      end: dateText(start + (length - 1) * day),
      typeId: type.id,
      status:
        start > anchor
          ? random.pick(["requested", "approved", "denied"])
          : random.pick(["approved", "approved", "canceled", "superceded"]),
      created: dateText(Math.min(created, anchor)),
      note: random.chance(0.3) ? "Out of town" : null
    })
  }
}

/** Adds a request for time off; weekends count nothing, a working day 1 (days) or 8 (hours). */
export const addLeave = (
  company: Company,
  employeeId: number,
  request: {
    readonly start: string
    readonly end: string
    readonly typeId: string
    readonly status: "approved" | "denied" | "superceded" | "requested" | "canceled"
    readonly created: string
    readonly note: string | null
  }
) => {
  const unit = leaveTypes.find(({ id }) => id === request.typeId)?.units ?? "days"
  const dates: Record<string, string> = {}
  let amount = 0
  for (let at = Date.parse(request.start); at <= Date.parse(request.end); at += day) {
    const weekday = new Date(at).getUTCDay()
    const worth = weekday === 0 || weekday === 6 ? 0 : unit === "hours" ? 8 : 1
    dates[dateText(at)] = String(worth)
    amount += worth
  }
  return company.addLeave({
    ...request,
    employeeId,
    statusChanged: request.created,
    unit,
    amount: String(amount),
    dates
  })
}
