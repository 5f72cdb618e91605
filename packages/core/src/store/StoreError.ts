import * as Schema from "effect/Schema"

/** The lease on a run or an event passed to somebody else: whoever sees this stops and changes nothing. */
export class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", {}) {}
/** The database is away, busy or full. The caller may try again. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  cause: Schema.optionalKey(Schema.Defect())
}) {}
/** A uniqueness rule was broken, e.g. two jobs for one integration and data type. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", { what: Schema.String }) {}

/** The one error of every storage port. Its message never contains a stored value. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.String,
  reason: Schema.Union([LeaseLost, StoreUnavailable, Conflict])
}) {
  override get message(): string {
    return `Store: ${this.operation}: ${this.reason._tag}`
  }
}
