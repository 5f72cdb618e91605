import * as Schema from "effect/Schema"
import * as Outage from "./Outage.ts"

/** The lease on a run or an event passed to somebody else: whoever sees this stops and changes nothing. */
export class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", {}) {}
/** The database is away, busy or full. The caller may try again. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  cause: Schema.optionalKey(Schema.Defect())
}) {}
/** A rule of the store was broken, which `what` names, e.g. two jobs for one integration and data type. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", { what: Schema.String }) {}
/** A `pageToken` that no list gave out, or one of another list. */
export class BadPageToken extends Schema.TaggedError<BadPageToken>()("BadPageToken", {}) {}

/** The one error of every storage port. Its message never contains a stored value. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.String,
  reason: Schema.Union([LeaseLost, StoreUnavailable, Conflict, BadPageToken])
}) {
  override get message(): string {
    const { reason } = this
    const why =
      reason._tag === "Conflict"
        ? reason.what
        : reason._tag === "StoreUnavailable" && reason.cause !== undefined
          ? Outage.wordsOf(reason.cause)
          : null
    const detail = why === null ? "" : ` (${why})`
    return `Store: ${this.operation}: ${this.reason._tag}${detail}`
  }
}

/** The lease is somebody else's now. */
export const leaseLost = (operation: string): StoreError => new StoreError({ operation, reason: new LeaseLost() })

/** A rule of the store was broken; `what` names what stood in the way, never a value. */
export const conflict = (operation: string, what: string): StoreError =>
  new StoreError({ operation, reason: new Conflict({ what }) })

/** What stands in the way of a page that was made from rows which a replay has changed meanwhile. */
const replayed = "a record that was replayed meanwhile"

/** The page has to be read again. */
export const replayedMeanwhile = (): StoreError => conflict("commitPage", replayed)

/** Whether a page has to be read again because of a replay. */
export const isReplayedMeanwhile = ({ reason }: StoreError): boolean =>
  reason._tag === "Conflict" && reason.what === replayed
