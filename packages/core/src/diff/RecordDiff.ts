import type { DeletionReason, SnapshotRow, SnapshotState } from "../store/SyncStore.ts"
import { fingerprintLength, sameShape } from "./Normaliser.ts"

/** What a record's arrival means for the receiver. */
export type Change =
  | { readonly kind: "new" }
  | { readonly kind: "modified"; readonly models: ReadonlyArray<number> }
  | { readonly kind: "deleted"; readonly reason: DeletionReason }
  | { readonly kind: "unchanged" }
  /** It is not, and was not, the receiver's: inactive or outside of the filter. */
  | { readonly kind: "skipped" }

/** The part of a snapshot row that decides. */
export type Previous = Pick<SnapshotRow, "raw" | "mapper" | "models" | "state" | "reason">

/** What the run has found out about the incoming record. */
export interface Arrival {
  readonly raw: string
  readonly mapper: number
  readonly models: string
  readonly unwanted: DeletionReason | null
  /**
   * Whether the run is an initial one that has not sent the record yet: every wanted record is new then, whatever the
   * snapshot says.
   */
  readonly fresh: boolean
}

/** The change, and how the snapshot row goes on. */
export interface Verdict {
  readonly change: Change
  readonly state: SnapshotState
  readonly reason: DeletionReason | null
}

const live = { state: "live", reason: null } as const

/**
 * Whether the row is the one that was seen before, mapped by the same mapper, of a record that stays as it is: then
 * nothing has to be decoded. A record that was gone and is back is not settled, however much it looks as before; nor is
 * any that an initial run has not judged yet.
 */
export const isSettled = (previous: Previous, raw: string, mapper: number, fresh: boolean): boolean =>
  previous.raw === raw &&
  previous.mapper === mapper &&
  !fresh &&
  (previous.state === "live" || (previous.state === "deleted" && previous.reason !== "gone"))

/**
 * Compares a record with its snapshot row.
 *
 * The same row under a new mapper is silent (the snapshot is re-based), but not when other models or fields are asked for:
 * then the initial run that tells the receiver has not reached the record. A new row whose models are the same is silent;
 * models that were fingerprinted by different mappers cannot be compared, so a row that changed meanwhile is reported.
 * An unwanted record in an initial run becomes `missing`: the next delta deletes it, because an initial run says only
 * what is new.
 */
export const compare = (previous: Previous | undefined, arrival: Arrival): Verdict => {
  const known = previous !== undefined && previous.state !== "deleted"
  if (arrival.unwanted !== null) {
    if (!known) return { change: { kind: "skipped" }, state: "deleted", reason: arrival.unwanted }
    if (arrival.fresh) return { change: { kind: "skipped" }, state: "missing", reason: arrival.unwanted }
    return { change: { kind: "deleted", reason: arrival.unwanted }, state: "deleted", reason: arrival.unwanted }
  }
  if (!known || arrival.fresh) return { change: { kind: "new" }, ...live }
  if (previous.mapper !== arrival.mapper) {
    return previous.raw === arrival.raw && sameShape(previous.mapper, arrival.mapper)
      ? { change: { kind: "unchanged" }, ...live }
      : { change: { kind: "modified", models: changedModels("", arrival.models) }, ...live }
  }
  if (previous.models === arrival.models) return { change: { kind: "unchanged" }, ...live }
  return { change: { kind: "modified", models: changedModels(previous.models, arrival.models) }, ...live }
}

const changedModels = (before: string, after: string): ReadonlyArray<number> => {
  const changed: Array<number> = []
  for (let at = 0; at < after.length; at += fingerprintLength) {
    if (before.slice(at, at + fingerprintLength) !== after.slice(at, at + fingerprintLength))
      changed.push(at / fingerprintLength)
  }
  return changed
}
