import type { NewEvent } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import { isRecordEvent } from "../event/EventType.ts"
import type { Run, RunStatus } from "../sync/Run.ts"
import type { CloseRun, SnapshotRow } from "./SyncStore.ts"

/**
 * What both stores agree on about the books of a run: what an event changes in them, and when the run closes. Pure, so
 * that a store decides inside its transaction with the rows that it holds there.
 */

/** Whether the event is the one that closes a run; it is not counted among the outstanding ones. */
export const isClosing = (type: EventType): boolean =>
  type === "sync.events.allConsumed" || type === "sync.events.incomplete"

/** Whether nothing happens to the run any more, except that events of a cancelled or failed one are delivered. */
export const isOver = (status: RunStatus): boolean =>
  status === "completed" || status === "incomplete" || status === "failed" || status === "cancelled"

/** A run together with the id of its closing event, once there is one. */
export interface Books {
  readonly run: Run
  readonly closingEventId: string | null
}

/** Whether the run was read, has nothing outstanding, and nobody was told so yet. */
export const isClosable = ({ closingEventId, run }: Books): boolean =>
  run.status === "processed" && run.outstanding === 0 && closingEventId === null

/** What of a run waits in the outbox, its closing event left out. */
export interface Waiting {
  readonly events: number
  readonly records: number
}

/**
 * Whether the books agree with themselves and with what waits. What expired counts other events than records as well:
 * records that are neither consumed, coalesced nor waiting are at most those.
 */
export const isBalanced = ({ closingEventId, run }: Books, { events, records }: Waiting): boolean => {
  const gone = run.emitted - run.consumed - run.coalesced - records
  return (
    run.outstanding === events && gone >= 0 && gone <= run.expired && (closingEventId === null || run.outstanding === 0)
  )
}

/** Counts events that were really inserted. */
export const emit = (books: Books, events: ReadonlyArray<Pick<NewEvent, "id" | "type">>): Books => {
  let { emitted, outstanding } = books.run
  let closingEventId = books.closingEventId
  for (const event of events) {
    if (isClosing(event.type)) closingEventId = event.id
    else outstanding++
    if (isRecordEvent(event.type)) emitted++
  }
  return { run: { ...books.run, emitted, outstanding }, closingEventId }
}

/** How an event left the outbox; `coalesced`: a newer event of its record took its place. */
export type Fate = "acknowledged" | "expired" | "discarded" | "coalesced"

/** Counts an event that left the outbox; the fate of the closing event is the end of the run. */
export const leave = (books: Books, event: { readonly type: EventType }, fate: Fate, at: number): Books => {
  const { run } = books
  if (isClosing(event.type)) {
    if (run.status !== "processed") return books
    // While this was on its way, replays made up for everything that had expired: the run has better news.
    if (event.type === "sync.events.incomplete" && run.expired === 0) return { ...books, closingEventId: null }
    const whole = fate === "acknowledged" && event.type === "sync.events.allConsumed"
    return { ...books, run: { ...run, status: whole ? "completed" : "incomplete", completedAt: at } }
  }
  const counted: Run = {
    ...run,
    outstanding: run.outstanding - 1,
    consumed: run.consumed + (fate === "acknowledged" && isRecordEvent(event.type) ? 1 : 0),
    coalesced: run.coalesced + (fate === "coalesced" ? 1 : 0),
    expired: run.expired + (fate === "expired" || fate === "discarded" ? 1 : 0)
  }
  return { ...books, run: counted }
}

/**
 * Makes up for an event of the run that had expired, or was discarded: its replay was acknowledged. With the last one,
 * a run that had ended as incomplete can be closed again, and better.
 */
export const repair = (books: Books, event: { readonly type: EventType }, at: number): Books => {
  const { run } = books
  if (isClosing(event.type)) {
    const whole = event.type === "sync.events.allConsumed" && run.status === "incomplete" && run.expired === 0
    return whole ? { ...books, run: { ...run, status: "completed", completedAt: at } } : books
  }
  const expired = Math.max(0, run.expired - 1)
  const repaired: Run = { ...run, expired, consumed: run.consumed + (isRecordEvent(event.type) ? 1 : 0) }
  return expired === 0 && run.status === "incomplete"
    ? { run: { ...repaired, status: "processed", completedAt: null }, closingEventId: null }
    : { ...books, run: repaired }
}

/** Closes a run that was read and has nothing outstanding: with the event that `close` makes, or at once without one. */
export const closeIfDone = (
  books: Books,
  close: CloseRun,
  at: number
): { readonly books: Books; readonly closing: NewEvent | null } => {
  const { run } = books
  if (!isClosable(books)) return { books, closing: null }
  const closing = close(run)
  if (closing !== null) return { books: { run, closingEventId: closing.id }, closing }
  return {
    books: { ...books, run: { ...run, status: run.expired > 0 ? "incomplete" : "completed", completedAt: at } },
    closing
  }
}

/**
 * Whether a page's row was made from an older one: its sequence was passed meanwhile, or given to another event. `given`
 * are the page's own events, as `ordinal/sequence`.
 */
export const isOutdated = (
  row: Pick<SnapshotRow, "ordinal" | "sequence">,
  stored: number | undefined,
  given: ReadonlySet<string>
): boolean =>
  stored !== undefined &&
  (stored > row.sequence || (stored === row.sequence && given.has(`${row.ordinal}/${row.sequence}`)))
