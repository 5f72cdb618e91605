import type { Reply, Request } from "../server/Reply.ts"
import { legacyError } from "./Errors.ts"

/** A time to the second. */
export const second = (millis: number) => `${new Date(millis).toISOString().slice(0, 19)}Z`
/** Whether the answer is to be JSON; XML is what the older calls give otherwise. */
export const wantsJson = ({ headers }: Request) => (headers.accept ?? "").toLowerCase().includes("json")
/** There is no such employee. */
export const notFound = () => legacyError(404, "Employee not found, Employee not found")

/** The refusal of a call that has no XML; undefined when JSON is asked for. */
export const needsJson = (request: Request): Reply | undefined =>
  wantsJson(request)
    ? undefined
    : legacyError(406, "The simulator writes this as JSON only: send Accept: application/json")

/** The time of `since`; undefined when it is missing or none. */
export const readSince = (request: Request): number | undefined => {
  const since = request.query.get("since")
  // A "+" that was not encoded arrives as a space; the app refuses it as well.
  if (since === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(since))
    return undefined
  const instant = Date.parse(since)
  return Number.isNaN(instant) ? undefined : instant
}
