/** One place in the program at which a process may die, and what a test of it shows. */
export interface CrashPointInfo {
  readonly name: string
  /** Where the place is, in a sentence. */
  readonly where: string
  /** Rows of the fault matrix in `docs/reliability.md` that a kill here belongs to. */
  readonly rows: ReadonlyArray<string>
}

/**
 * Every place at which a test kills the program with `kill -9`. Closed: a call names one of these, a test goes through
 * all of them and fails for one that has no test, whose call is gone, or at which no process died.
 */
export const points = [
  {
    name: "migration.writing",
    where: "inside the transaction that brings the schema up to date, after its last step",
    rows: ["F-14"]
  },
  { name: "migration.committed", where: "the schema is up to date, nothing else has happened", rows: ["F-14"] },
  { name: "run.claimed", where: "a run's lease is committed, the app was not asked yet", rows: ["F-02"] },
  { name: "page.read", where: "a page is read and compared, nothing of it is written", rows: ["F-01"] },
  {
    name: "page.writing",
    where: "inside the page's transaction: events and counters are written, rows and checkpoint are not all",
    rows: ["F-01"]
  },
  { name: "page.committed", where: "the page is committed, nobody was told", rows: ["F-01"] },
  {
    name: "deletions.planned",
    where: "it is decided what a complete listing's absences mean, nothing is deleted",
    rows: ["F-01", "F-52"]
  },
  { name: "reading.ended", where: "the last page is committed, the run is not sealed", rows: ["F-03"] },
  {
    name: "run.sealing",
    where: "inside the transaction that ends reading: `processed` is written, the run still reads",
    rows: ["F-04"]
  },
  { name: "run.sealed", where: "the end of reading is committed, the dispatcher was not woken", rows: ["F-04"] },
  { name: "run.released", where: "a run was given back, by a stop or a fault that may pass", rows: ["F-18"] },
  { name: "claim.writing", where: "inside the transaction that leases events, before its commit", rows: ["F-05"] },
  { name: "claim.committed", where: "events are leased, no request was made", rows: ["F-05"] },
  { name: "lease.renewed", where: "the leases of events were prolonged", rows: ["F-16"] },
  { name: "request.sending", where: "a request is signed and about to be sent", rows: ["F-05", "F-06"] },
  { name: "answer.read", where: "the receiver's answer is read, nothing is written", rows: ["F-07", "F-08"] },
  {
    name: "settle.attempted",
    where: "inside the settling transaction, between the attempts' record and what follows from them",
    rows: ["F-08", "F-12"]
  },
  {
    name: "settle.expiring",
    where: "inside the settling transaction, after events became expired and before they leave the outbox",
    rows: ["F-11"]
  },
  {
    name: "settle.closing",
    where: "inside the settling transaction, after the last acknowledgement has written `allConsumed`",
    rows: ["F-09"]
  },
  {
    name: "settle.committed",
    where: "outcomes are committed, the process does not know it yet",
    rows: ["F-09", "F-10"]
  },
  { name: "events.released", where: "events were given back to others, by a stop or a pause", rows: ["F-18"] },
  { name: "replay.read", where: "a replay has read a batch of records again, nothing is written", rows: ["F-13"] },
  { name: "replay.committed", where: "a batch of a replay and its cursor are committed", rows: ["F-13"] },
  { name: "refresh.answered", where: "the app has answered with new tokens, they are not stored", rows: ["F-17"] },
  { name: "refresh.stored", where: "new tokens are stored, nobody has used them", rows: ["F-17"] },
  {
    name: "oauth.exchanged",
    where: "the app has answered a code with tokens, nothing of the account is stored",
    rows: ["F-17"]
  },
  {
    name: "account.ending",
    where: "inside the transaction that ends an account, after it is written down that its app is to be told",
    rows: ["F-44"]
  },
  { name: "revocation.told", where: "the app was told that an account has ended, it is still owed", rows: ["F-44"] },
  {
    name: "keys.rewrapping",
    where: "inside the transaction that wraps data keys under another master key",
    rows: ["F-14"]
  },
  {
    name: "keys.rewrapped",
    where: "a batch of data keys is under the new master key, others may not be",
    rows: ["F-14"]
  },
  { name: "prune.writing", where: "inside the transaction that removes old events from the log", rows: ["F-14"] },
  { name: "prune.committed", where: "a batch of old events is removed", rows: ["F-14"] }
] as const satisfies ReadonlyArray<CrashPointInfo>

/** The name of a place at which a test may kill the program. */
export type CrashPoint = (typeof points)[number]["name"]

let watcher: ((point: CrashPoint) => void) | undefined

/**
 * Marks the place: calls whoever watches, at once and in the middle of whatever is going on. Nobody does in a shipped
 * program, and no setting makes anybody: then this is one comparison.
 */
export const at = (point: CrashPoint): void => {
  if (watcher !== undefined) watcher(point)
}

/** For test programs: watches every place that this process passes, until the returned function is called. */
export const watch = (watching: (point: CrashPoint) => void): (() => void) => {
  watcher = watching
  return () => {
    if (watcher === watching) watcher = undefined
  }
}
