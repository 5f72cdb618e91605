import * as Schema from "effect/Schema"

/**
 * Where a run stands, committed with each page and sealed (an app's page tokens may carry data).
 *
 * `reading`: pages are read; `page` is the app's own position. `agreed`, `fresh`: reading ended with proof, and
 * deletions are worked off in two passes over the snapshot.
 */
export const Checkpoint = Schema.Struct({
  phase: Schema.Literals(["reading", "agreed", "fresh"]),
  /** A run that began as `changes` may go on as a `listing` when the app forgot the cursor. */
  mode: Schema.Literals(["initial", "changes", "listing", "release", "record"]),
  /** Where the next delta starts, once this run has ended. */
  cursor: Schema.NullOr(Schema.String),
  /** The connector's checkpoint of the last committed page. */
  page: Schema.Unknown,
  /** A row without an id came: absence proves nothing in this listing. */
  tainted: Schema.Boolean,
  /** What is done with live rows that the listing lacked. */
  plan: Schema.NullOr(Schema.Literals(["delete", "confirm", "hold", "mark", "keep"])),
  /** Absences that were held so far. */
  held: Schema.Int,
  /** The one record of a `record` run. */
  recordId: Schema.optionalKey(Schema.String)
})
/** Where a run stands. */
export type Checkpoint = typeof Checkpoint.Type

const codec = Schema.fromJsonString(Checkpoint)

/** A checkpoint as bytes. */
export const encode = (checkpoint: Checkpoint): Uint8Array =>
  new TextEncoder().encode(Schema.encodeSync(codec)(checkpoint))

/** The inverse of `encode`; throws for anything else. */
export const decode = (bytes: Uint8Array): Checkpoint => Schema.decodeSync(codec)(new TextDecoder().decode(bytes))

/** Where a run of the mode begins. */
export const initial = (mode: Checkpoint["mode"], recordId?: string): Checkpoint => ({
  phase: mode === "release" ? "agreed" : "reading",
  mode,
  cursor: null,
  page: null,
  tainted: false,
  plan: null,
  held: 0,
  ...(recordId === undefined ? {} : { recordId })
})
