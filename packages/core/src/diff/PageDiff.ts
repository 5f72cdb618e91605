import * as Result from "effect/Result"
import type { DeletionReason, SnapshotEntry, SnapshotRow } from "../store/SyncStore.ts"
import { addCounts, noCounts, type RunCounts } from "../sync/Run.ts"
import { fingerprintLength, type Incoming, type Normalised, type Normaliser } from "./Normaliser.ts"
import { compare, isSettled } from "./RecordDiff.ts"
import type { SeenBitmap } from "./SeenBitmap.ts"

/**
 * In place of a raw fingerprint: the row is looked at again when it comes, because its deletion is due. Otherwise a
 * record that is inactive, and whose deletion an operator discards, would pass as unchanged and live for ever.
 */
const unsettled = "A".repeat(fingerprintLength)

/** A change that becomes an event. */
export interface RecordChange {
  readonly kind: "new" | "modified" | "deleted"
  readonly recordId: string
  /** The record's ordinal in the snapshot. */
  readonly ordinal: number
  readonly sequence: number
  /** `eventData` as JSON text, for new and modified records. */
  readonly text: string | null
  readonly identifiers: { readonly [key: string]: string | null }
  readonly reason: DeletionReason | null
}

/** A snapshot row whose identifiers are not sealed yet. */
export interface RowDraft extends SnapshotEntry {
  /** Bytes are the stored ones, which stay as they are. */
  readonly identifiers: { readonly recordId: string; readonly [key: string]: string | null } | Uint8Array
}

/** What a page changes. */
export interface PageDiff {
  readonly rows: ReadonlyArray<RowDraft>
  readonly changes: ReadonlyArray<RecordChange>
  readonly counts: RunCounts
  readonly nextOrdinal: number
  /** Rows that could not be read, in words without data, each with how often. */
  readonly quarantined: ReadonlyMap<string, number>
  /** A row without an id: nobody knows whom it stands for, so nobody may be deleted by this listing. */
  readonly tainted: boolean
}

/** The rows of a page, told apart. */
export interface Identified {
  /** By key. */
  readonly incoming: Map<string, Incoming>
  /** How many rows cannot be told apart, by why. */
  readonly quarantined: Map<string, number>
  /** How many rows gave way to another of the same id. */
  duplicates: number
}

/** The rows of a page by identity: of two rows with one id the newer wins, else the later. More rows may be added `into`. */
export const identify = (
  rows: ReadonlyArray<unknown>,
  normaliser: Normaliser,
  into: Identified = { incoming: new Map(), quarantined: new Map(), duplicates: 0 }
): Identified => {
  const { incoming, quarantined } = into
  for (const row of rows) {
    const identified = normaliser.identify(row)
    if (Result.isFailure(identified)) {
      quarantined.set(identified.failure, (quarantined.get(identified.failure) ?? 0) + 1)
      continue
    }
    const next = identified.success
    const other = incoming.get(next.key)
    if (other !== undefined) into.duplicates++
    if (other?.updatedAt !== undefined && next.updatedAt !== undefined && other.updatedAt > next.updatedAt) continue
    incoming.set(next.key, next)
  }
  return into
}

/**
 * The diff engine: a page's records against their snapshot rows. Pure but for the seen-bitmap, which it marks.
 *
 * `initial`: every wanted record is new on its first arrival in the run. A row that cannot be mapped is quarantined but
 * counts as seen: unparseable is not absent.
 */
export const diffPage = (options: {
  readonly initial: boolean
  readonly incoming: ReadonlyMap<string, Incoming>
  readonly previous: ReadonlyMap<string, SnapshotEntry>
  /** Rows that the app itself reports as deleted, by key. */
  readonly deleted: ReadonlyMap<string, SnapshotRow>
  readonly seen: SeenBitmap
  readonly normaliser: Normaliser
  readonly nextOrdinal: number
  /** The job's. */
  readonly sequenceFloor: number
  readonly now: number
  readonly quarantined: Map<string, number>
  /** Opens the stored identifiers of a row. */
  readonly identifiersOf: (row: SnapshotRow) => { readonly recordId: string; readonly [key: string]: string | null }
}): PageDiff => {
  const { normaliser, previous, quarantined, seen } = options
  const rows: Array<RowDraft> = []
  const changes: Array<RecordChange> = []
  const models: Record<string, number> = {}
  const count = { new: 0, modified: 0, deleted: 0, unchanged: 0, skipped: 0, quarantined: 0 }
  const tainted = quarantined.size > 0
  for (const n of quarantined.values()) count.quarantined += n
  let nextOrdinal = options.nextOrdinal
  let processed = 0

  for (const record of options.incoming.values()) {
    const row = previous.get(record.key)
    // Pages are read again after crashes and expired tokens: a second sight of a record counts nothing.
    const again = row !== undefined && seen.has(row.ordinal)
    if (!again) processed++
    // A record that this run has only marked as missing (it was unwanted) was not sent yet.
    const fresh = options.initial && !(again && row.state !== "missing")
    if (row !== undefined && normaliser.stable && isSettled(row, record.raw, normaliser.mapper, fresh)) {
      seen.add(row.ordinal)
      if (!again) count[row.state === "deleted" ? "skipped" : "unchanged"]++
      continue
    }
    const normalised = normaliser.normalise(record, options.now)
    if (Result.isFailure(normalised)) {
      quarantined.set(normalised.failure, (quarantined.get(normalised.failure) ?? 0) + 1)
      count.quarantined++
      if (row !== undefined) seen.add(row.ordinal)
      continue
    }
    const { identifiers, models: fingerprints, text, unwanted } = normalised.success
    const arrival = { raw: record.raw, mapper: normaliser.mapper, models: fingerprints, unwanted, fresh }
    const { change, reason, state } = compare(row, arrival)
    const emits = change.kind !== "unchanged" && change.kind !== "skipped"
    if (emits || !again) count[change.kind]++
    const sequence = emits ? sequenceAfter(row, options.sequenceFloor) : (row?.sequence ?? 0)
    const ordinal = row?.ordinal ?? nextOrdinal++
    seen.add(ordinal)
    // What the receiver was not told yet is not what the next delta compares with.
    const told = state === "missing" && row !== undefined ? row : { mapper: normaliser.mapper, models: fingerprints }
    rows.push({
      key: record.key,
      ordinal,
      raw: state === "missing" ? unsettled : record.raw,
      mapper: told.mapper,
      models: told.models,
      identifiers: { recordId: record.recordId, ...identifiers },
      sequence,
      state,
      reason
    })
    if (!emits) continue
    if (change.kind === "modified") {
      for (const at of change.models) {
        const key = normaliser.modelKeys[at]!
        models[key] = (models[key] ?? 0) + 1
      }
    }
    changes.push({
      kind: change.kind,
      recordId: record.recordId,
      ordinal,
      sequence,
      text: change.kind === "deleted" ? null : text,
      identifiers,
      reason
    })
  }

  for (const row of options.deleted.values()) {
    if (row.state === "deleted" || options.incoming.has(row.key)) continue
    const deletion = deleteRow(row, "gone", options.identifiersOf, options.sequenceFloor)
    count.deleted++
    rows.push(deletion.row)
    changes.push(deletion.change)
  }

  return {
    rows,
    changes,
    counts: { ...noCounts, ...count, pages: 1, processed, models },
    nextOrdinal,
    quarantined,
    tainted
  }
}

/** Parts of one page as if they had been compared at once. */
export const merge = (diffs: ReadonlyArray<PageDiff>): PageDiff => {
  const quarantined = new Map<string, number>()
  for (const diff of diffs) {
    for (const [why, count] of diff.quarantined) quarantined.set(why, (quarantined.get(why) ?? 0) + count)
  }
  return {
    rows: diffs.flatMap((diff) => diff.rows),
    changes: diffs.flatMap((diff) => diff.changes),
    counts: { ...diffs.reduce((sum, diff) => addCounts(sum, diff.counts), noCounts), pages: 1 },
    nextOrdinal: Math.max(...diffs.map((diff) => diff.nextOrdinal)),
    quarantined,
    tainted: diffs.some((diff) => diff.tainted)
  }
}

/** The sequence of a record's next event. */
const sequenceAfter = (row: SnapshotEntry | undefined, floor: number): number => Math.max(row?.sequence ?? 0, floor) + 1

/** The row and the change of a record that is gone. */
export const deleteRow = (
  row: SnapshotRow,
  reason: DeletionReason,
  identifiersOf: (row: SnapshotRow) => { readonly recordId: string; readonly [key: string]: string | null },
  sequenceFloor: number
): { readonly row: RowDraft; readonly change: RecordChange } => {
  const { recordId, ...identifiers } = identifiersOf(row)
  const sequence = sequenceAfter(row, sequenceFloor)
  return {
    row: { ...row, sequence, state: "deleted", reason },
    change: { kind: "deleted", recordId, ordinal: row.ordinal, sequence, text: null, identifiers, reason }
  }
}

/** A normalised record as a change that is sent whatever the snapshot says, e.g. for `record.resync`. */
export const resend = (
  record: Incoming,
  normalised: Normalised,
  row: SnapshotRow | undefined,
  normaliser: Normaliser,
  { nextOrdinal, sequenceFloor }: { readonly nextOrdinal: number; readonly sequenceFloor: number }
): { readonly row: RowDraft; readonly change: RecordChange } => {
  const sequence = sequenceAfter(row, sequenceFloor)
  return {
    row: {
      key: record.key,
      ordinal: row?.ordinal ?? nextOrdinal,
      raw: record.raw,
      mapper: normaliser.mapper,
      models: normalised.models,
      identifiers: { recordId: record.recordId, ...normalised.identifiers },
      sequence,
      state: "live",
      reason: null
    },
    change: {
      kind: row === undefined || row.state === "deleted" ? "new" : "modified",
      recordId: record.recordId,
      ordinal: row?.ordinal ?? nextOrdinal,
      sequence,
      text: normalised.text,
      identifiers: normalised.identifiers,
      reason: null
    }
  }
}
