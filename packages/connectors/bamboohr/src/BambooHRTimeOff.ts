import type { ConnectorError, Resource } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { WireRow } from "./BambooHRWire.ts"
import { Rows, text } from "./BambooHRWire.ts"

/** What is kept of a request for time off; `actions` and `icon` depend on who asks and on taste. */
export const columns: ReadonlyArray<string> = ["status", "start", "end", "created", "type", "amount", "notes"]

const day = (time: DateTime.Utc) => DateTime.formatIsoDateUtc(time)

/**
 * The days between which requests are read: whole months, from twelve months before the app's today to twelve months
 * after it. Whole months, because a request that leaves the window is a change, and once a month is often enough.
 */
export const window = (today: number): { readonly start: string; readonly end: string } => {
  const now = DateTime.makeUnsafe(today)
  return {
    start: day(now.pipe(DateTime.subtract({ months: 12 }), DateTime.startOf("month"))),
    end: day(now.pipe(DateTime.startOf("month"), DateTime.add({ months: 12 }), DateTime.endOf("month")))
  }
}

/** Requests for time off in the window, of everybody or of one employee. */
export const requests = Effect.fn("BambooHR.timeOff")(function* (
  context: Resource.ResourceContext,
  employee?: string
): Effect.fn.Return<ReadonlyArray<WireRow>, ConnectorError.ConnectorError> {
  const { start, end } = window(yield* context.client.providerTime)
  const query = { start, end, ...(employee === undefined ? {} : { employeeId: employee }) }
  return yield* context.client.decode(
    { operation: "employee.table.timeOff", path: "/v1/time_off/requests", query },
    Rows
  )
})

/**
 * Who has a request that was made or decided since. The app tells days in the company's time zone only, so a day is
 * added at the lower end.
 */
export const changedSince = (rows: ReadonlyArray<WireRow>, since: number): ReadonlyArray<string> => {
  const from = day(DateTime.makeUnsafe(since).pipe(DateTime.subtract({ days: 1 })))
  const ids = new Set<string>()
  for (const row of rows) {
    const status = typeof row.status === "object" && row.status !== null ? (row.status as WireRow) : {}
    const last = [text(row.created), text(status.lastChanged)]
      .filter((date) => date !== undefined)
      .sort()
      .at(-1)
    const id = text(row.employeeId)
    if (id !== undefined && (last === undefined || last.slice(0, 10) >= from)) ids.add(id)
  }
  return [...ids]
}
