import type { Hris } from "@crochet/models"
import { Dates, Money } from "@crochet/models"
import type { Tables, WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"
import * as Words from "./BambooHRWords.ts"

const isObject = (value: unknown): value is WireRow =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** An amount: `"65000.00 USD"`, `"65000.00"`, or `{value, currency}` as newer answers write it. */
export const money = (value: unknown): Money.Money | null => {
  if (!isObject(value)) return Money.parse(text(value))
  const parsed = Money.parse(text(value.value) ?? text(value.amount))
  return parsed === null
    ? null
    : { amount: parsed.amount, currency: text(value.currency)?.toUpperCase() ?? parsed.currency }
}

/** Rows by their date, newest first; the later entered one first on the same day. */
const newestFirst = (rows: ReadonlyArray<WireRow>, date: string): ReadonlyArray<WireRow> => {
  if (rows.length < 2) return rows
  const compare = (a: WireRow, b: WireRow): number => {
    const left = text(a[date]) ?? ""
    const right = text(b[date]) ?? ""
    return left === right ? Number(text(b.id) ?? 0) - Number(text(a.id) ?? 0) : left < right ? 1 : -1
  }
  // They come by their ids, and who is entered later mostly begins later.
  return rows.every((row, index) => index === 0 || compare(rows[index - 1]!, row) > 0)
    ? rows.toReversed()
    : rows.toSorted(compare)
}

/** The day before, for a row that ends when the next one begins. */
const dayBefore = (date: string | null): string | null => {
  if (date === null) return null
  const day = Number(date.slice(8, 10))
  // Within a month the calendar need not be asked.
  if (day > 1) return `${date.slice(0, 8)}${day > 10 ? "" : "0"}${day - 1}T00:00:00.000Z`
  return Dates.fromMillis(Date.parse(date) - 86_400_000)
}

/** Of rows that are newest first, the one in force on the given day. */
const inForce = (rows: ReadonlyArray<WireRow>, column: string, day: string | undefined): WireRow | undefined =>
  day === undefined ? undefined : rows.find((row) => (text(row[column]) ?? "") <= day)

const isCurrent = (row: WireRow): "TRUE" | "FALSE" | "NOT_SPECIFIED" =>
  row.inForce === true ? "TRUE" : row.inForce === false ? "FALSE" : "NOT_SPECIFIED"

type Variable = (typeof Hris.VariablePay)["Encoded"]

const oneTime = (type: "BONUS" | "COMMISSION", row: WireRow): Variable => {
  const paid = money(row.amount)
  const date = Dates.fromCalendar(text(row.date))
  return {
    id: text(row.id),
    type,
    amount: paid?.amount,
    currency: paid?.currency,
    payFrequency: "ONE_TIME",
    startDate: date,
    endDate: date,
    note: text(row.comment)
  }
}

/** A row of the pay table; it ends when the next one begins. */
const agreed = <T extends string>(type: T, row: WireRow, next: WireRow | undefined) => {
  const paid = money(row.rate)
  return {
    id: text(row.id),
    type,
    amount: paid?.amount,
    currency: paid?.currency,
    payPeriod: Words.payPeriod(text(row.paidPer)),
    payFrequency: Words.payFrequency(text(row.paySchedule)),
    startDate: Dates.fromCalendar(text(row.startDate)),
    endDate: next === undefined ? null : dayBefore(Dates.fromCalendar(text(next.startDate))),
    isCurrent: isCurrent(row),
    note: text(row.comment)
  }
}

/** Pay that is agreed on, newest first, and what was paid beside it. `null` when pay may not be read. */
export const compensation = (tables: Tables): (typeof Hris.Compensation)["Encoded"] | null => {
  if (tables.compensation === undefined || tables.compensation === null) return null
  const rows = newestFirst(tables.compensation, "startDate")
  const variable: Array<Variable> = []
  const fixed: Array<(typeof Hris.FixedPay)["Encoded"]> = []
  rows.forEach((row, index) => {
    const type = text(row.type)
    const next = rows[index - 1]
    if (type?.toLowerCase() === "commission") variable.push(agreed("COMMISSION", row, next))
    else fixed.push(agreed(Words.fixedPayType(type), row, next))
  })
  for (const row of newestFirst(tables.bonus ?? [], "date")) variable.push(oneTime("BONUS", row))
  for (const row of newestFirst(tables.commission ?? [], "date")) variable.push(oneTime("COMMISSION", row))
  return { fixed, variable }
}

/**
 * The history of positions, newest first: a row of the job table, with the kind of employment and the pay that were in
 * force on its first day. A position ends when the next one begins. `null` when the job table may not be read.
 */
export const employments = (tables: Tables): ReadonlyArray<(typeof Hris.Employment)["Encoded"]> | null => {
  if (tables.jobInfo === undefined || tables.jobInfo === null) return null
  const jobs = newestFirst(tables.jobInfo, "date")
  const statuses = newestFirst(tables.employmentStatus ?? [], "date")
  const pays = newestFirst(tables.compensation ?? [], "startDate")
  return jobs.map((job, index) => {
    const day = text(job.date)
    const next = jobs[index - 1]
    const status = inForce(statuses, "date", day)
    const pay = inForce(pays, "startDate", day)
    const paid = money(pay?.rate)
    return {
      id: text(job.id),
      jobTitle: text(job.jobTitle),
      employmentType: Words.employmentType(text(status?.employmentStatus)),
      flsaStatus: Words.flsaStatus(text(pay?.exempt)),
      effectiveDate: Dates.fromCalendar(day),
      endDate: next === undefined ? null : dayBefore(Dates.fromCalendar(text(next.date))),
      isPrimary: isCurrent(job),
      payRate: paid?.amount,
      payPeriod: Words.payPeriod(text(pay?.paidPer)),
      payFrequency: Words.payFrequency(text(pay?.paySchedule)),
      currency: paid?.currency
    }
  })
}
