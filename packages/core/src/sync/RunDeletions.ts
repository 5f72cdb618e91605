import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import type { End } from "../connector/Page.ts"
import { deleteRow, type RecordChange, type RowDraft } from "../diff/PageDiff.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { SnapshotRow } from "../store/SyncStore.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import { noCounts } from "./Run.ts"
import type { Stores } from "./RunReader.ts"
import { commit, contextOf, lookup, type RunSession } from "./RunSession.ts"

/** When inferred deletions look like a mistake: more than `records` and more than `share` of what is live. */
export interface DeletionGuard {
  readonly records: number
  readonly share: number
}

/** More than 10 records and more than 5 % (`sync-engine.md` 4.5). */
export const defaultGuard: DeletionGuard = { records: 10, share: 0.05 }

const scanSize = 5000
const batchSize = 500
/** So many records are confirmed one by one at most; more wait for a second listing. */
const maxConfirmations = 100
const sampleSize = 20

/**
 * Decides what a complete listing's absences mean, before anything is deleted. The decision is part of the checkpoint:
 * a run that goes on after a crash does not decide again on a snapshot that it has begun to change.
 *
 * Nothing is inferred from a listing that is tainted or of another scope (`keep`). An initial run only marks. Absences
 * above the guard's threshold are held (`hold`) unless a random sample is confirmed as gone by the app itself. What an
 * earlier listing lacked too is deleted, unless there is much of it and the app, asked about a sample, still has one.
 * Offset paging may skip rows, so single absences are confirmed one by one (`confirm`).
 */
export const plan = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  end: End,
  guard: DeletionGuard
): Effect.fn.Return<Pick<Checkpoint, "phase" | "plan" | "held">, ConnectorError | StoreError> {
  const { job, run, seen } = session
  const decide = (plan: NonNullable<Checkpoint["plan"]>) => ({ phase: "agreed", plan, held: 0 }) as const
  if (session.checkpoint.mode === "changes") return decide("keep")
  if (session.checkpoint.tainted) {
    yield* issue(
      session,
      "deletions.skipped",
      "The listing had rows without an id: no deletions were inferred from it."
    )
    return decide("keep")
  }
  // Ordinals are dense: when as many were seen as were ever given, nobody is absent, and nothing has to be looked through.
  if (seen.size === session.nextOrdinal) return { phase: "fresh", plan: "keep", held: 0 }
  if (session.checkpoint.mode === "initial") return decide("mark")
  if (job.scope !== session.scope) {
    if (job.scope !== null) {
      yield* issue(
        session,
        "deletions.skipped",
        "Credentials, settings or filters changed since the last listing: no deletions were inferred."
      )
    }
    return decide("keep")
  }
  let known = 0
  const absent = sample()
  const agreed = sample()
  for (let after = -1; ;) {
    const rows = yield* stores.sync.scan(run.jobId, after, scanSize)
    if (rows.length === 0) break
    after = rows[rows.length - 1]!.ordinal
    for (const row of rows) {
      if (row.state !== "deleted") known++
      if (row.state === "deleted" || seen.has(row.ordinal)) continue
      yield* take(row.state === "live" ? absent : agreed, row.key)
    }
  }
  const many = (count: number) =>
    count > 0 && (seen.size === 0 || (count > guard.records && count > guard.share * known))
  // Two listings that agree are believed, but not against the app's own word on single people.
  if (many(agreed.count) && session.resource.get !== undefined && !(yield* allGone(session, stores, agreed.keys))) {
    return { phase: "fresh", plan: "hold", held: agreed.count }
  }
  if (many(absent.count)) return decide((yield* allGone(session, stores, absent.keys)) ? "delete" : "hold")
  return decide(end.paging === "offset" ? "confirm" : "delete")
})

/** A random sample of keys, and how many there were to choose from. */
interface Sample {
  count: number
  readonly keys: Array<string>
}

const sample = (): Sample => ({ count: 0, keys: [] })

/** Reservoir sampling: each key is in the sample with the same probability, whatever their number. */
const take = Effect.fnUntraced(function* (into: Sample, key: string): Effect.fn.Return<void> {
  into.count++
  if (into.keys.length < sampleSize) {
    into.keys.push(key)
    return
  }
  const at = yield* Random.nextIntBetween(0, into.count)
  if (at < sampleSize) into.keys[at] = key
})

/**
 * Works deletions off in two passes over the snapshot: `agreed` deletes what an earlier complete listing lacked too,
 * `fresh` does with the rest what the plan says. Each batch is one transaction and leaves rows that a second look
 * passes by, so a crash repeats nothing.
 */
export const work = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores
): Effect.fn.Return<void, ConnectorError | StoreError> {
  if (session.checkpoint.phase === "agreed") {
    if ((yield* stores.sync.countMissing(session.run.jobId)) > 0) yield* pass(session, stores, "missing")
    session.checkpoint = { ...session.checkpoint, phase: "fresh" }
  }
  if (session.checkpoint.mode !== "release" && session.checkpoint.plan !== "keep") yield* pass(session, stores, "live")
})

const pass = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  state: "missing" | "live"
): Effect.fn.Return<void, ConnectorError | StoreError> {
  const { mode } = session.checkpoint
  // An initial run says only what is new; a delta that reads changes has not looked at the rest.
  if (state === "missing" && mode === "initial") return
  for (let after = -1; ;) {
    const rows = yield* stores.sync.scan(session.run.jobId, after, scanSize)
    if (rows.length === 0) return
    after = rows[rows.length - 1]!.ordinal
    const keys = rows.filter((row) => row.state === state && !session.seen.has(row.ordinal)).map((row) => row.key)
    for (let from = 0; from < keys.length; from += batchSize) {
      const found = yield* lookup(session, stores.sync, keys.slice(from, from + batchSize))
      yield* settle(session, stores, [...found.values()], state)
    }
  }
})

const settle = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  rows: ReadonlyArray<SnapshotRow>,
  state: "missing" | "live"
): Effect.fn.Return<void, ConnectorError | StoreError> {
  const { checkpoint } = session
  const drafts: Array<RowDraft> = []
  const changes: Array<RecordChange> = []
  let held = 0
  const mark = (row: SnapshotRow) => void drafts.push({ ...row, state: "missing", reason: row.reason ?? "gone" })
  const remove = (row: SnapshotRow) => {
    const deletion = deleteRow(row, row.reason ?? "gone", session.recorder.identifiersOf, session.job.sequenceFloor)
    drafts.push(deletion.row)
    changes.push(deletion.change)
  }
  const confirm = Effect.fnUntraced(function* (row: SnapshotRow) {
    const gone = yield* isGone(session, row)
    if (gone === true) remove(row)
    else if (gone === false) drafts.push({ ...row, state: "live", reason: null })
    else if (row.state === "live") mark(row)
  })

  for (const row of rows) {
    if (state === "missing") {
      const seenByItself = row.reason === "inactive" || row.reason === "out_of_filter"
      if (checkpoint.mode !== "changes" || seenByItself) {
        // A release and a second listing agree; a record that was seen to be inactive needs no second opinion. Two
        // listings by offset may have lost the same rows: the app is asked, and believed before them.
        if (checkpoint.mode !== "release" && checkpoint.plan === "confirm" && !seenByItself) {
          if ((yield* isGone(session, row)) !== false) remove(row)
        } else if (checkpoint.mode === "release" || checkpoint.plan !== "keep" || seenByItself) remove(row)
      } else yield* confirm(row)
    } else if (checkpoint.plan === "delete") remove(row)
    else if (checkpoint.plan === "confirm") yield* confirm(row)
    else {
      if (checkpoint.plan === "hold") held++
      mark(row)
    }
  }
  yield* commit(
    session,
    stores.sync,
    { rows: drafts, changes, counts: { ...noCounts, deleted: changes.length } },
    { ...checkpoint, held: checkpoint.held + held }
  )
})

/** Whether the app says that the record is gone; null when it cannot be asked (any more). */
const isGone = Effect.fnUntraced(function* (
  session: RunSession,
  row: SnapshotRow
): Effect.fn.Return<boolean | null, ConnectorError> {
  if (session.resource.get === undefined || session.confirmations >= maxConfirmations) return null
  session.confirmations++
  const { recordId } = session.recorder.identifiersOf(row)
  return Option.isNone(yield* session.resource.get(contextOf(session), recordId))
})

const allGone = Effect.fnUntraced(function* (
  session: RunSession,
  stores: Stores,
  keys: ReadonlyArray<string>
): Effect.fn.Return<boolean, ConnectorError | StoreError> {
  if (session.resource.get === undefined) return false
  for (const row of (yield* lookup(session, stores.sync, keys)).values()) {
    if ((yield* isGone(session, row)) !== true) return false
  }
  return true
})

const issue = (session: RunSession, code: string, message: string) =>
  Effect.map(Clock.currentTimeMillis, (at) => void session.issues.push({ at, code, message }))
