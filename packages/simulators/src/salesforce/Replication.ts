import type { Reply } from "../server/Reply.ts"
import { refusal } from "./Errors.ts"
import type { Org, Table } from "./Org.ts"
import { stampOf } from "./Values.ts"

const day = 86_400_000
const minute = 60_000
const floor = (millis: number) => Math.floor(millis / minute) * minute

/** `/sobjects/{object}/deleted` (15 days back) and `/updated` (30 days): seconds of start and end do not count. */
export const replication = (
  org: Org,
  table: Table,
  what: "deleted" | "updated",
  query: URLSearchParams,
  maxIds: number
): Reply => {
  if (!table.replicateable) {
    return refusal(400, "INVALID_TYPE_FOR_OPERATION", `object type ${table.definition.name} is not replicable`)
  }
  const start = floor(Date.parse(query.get("start") ?? ""))
  const end = floor(Date.parse(query.get("end") ?? ""))
  if (Number.isNaN(start) || Number.isNaN(end)) return refusal(400, "MALFORMED_QUERY", "start and end must be stamps")
  const earliest = org.now() - (what === "deleted" ? 15 : 30) * day
  if (start >= end)
    return refusal(400, "INVALID_REPLICATION_DATE", "endDate must be at least one minute greater than startDate")
  if (start < earliest) return refusal(400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
  const covered = Math.min(end, floor(org.now() - org.delayMillis))
  const inside = (at: number) => at >= start && at < end && at <= org.now() - org.delayMillis
  if (what === "updated") {
    const touched = new Set([...table.versions].filter(([, all]) => all.some(({ at }) => inside(at))).map(([n]) => n))
    for (let n = org.firstSince(table, start); n < table.generated; n++) if (inside(org.stamp(table, n))) touched.add(n)
    const ids = [...touched].filter((n) => org.state(table, n) === "live").map((n) => org.id(table, n))
    return { status: 200, json: { ids, latestDateCovered: stampOf(covered) } }
  }
  const deletedRecords = [...table.deleted]
    .filter(([, { at }]) => inside(at))
    .map(([n, { at }]) => ({ id: org.id(table, n), deletedDate: stampOf(at) }))
  if (deletedRecords.length > maxIds)
    return refusal(400, "EXCEEDED_ID_LIMIT", "too many ids returned, reduce the window")
  return {
    status: 200,
    json: { deletedRecords, earliestDateAvailable: stampOf(earliest), latestDateCovered: stampOf(covered) }
  }
}
