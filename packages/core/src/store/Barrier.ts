import type { NewEvent } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import { isRecordEvent } from "../event/EventType.ts"
import type { Run, RunStatus } from "../sync/Run.ts"
import type { CloseRun } from "./SyncStore.ts"

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

/** How an event left the outbox. */
export type Fate = "acknowledged" | "expired" | "discarded"

/** Counts an event that left the outbox; the fate of the closing event is the end of the run. */
export const leave = (books: Books, event: { readonly type: EventType }, fate: Fate, at: number): Books => {
  const { run } = books
  if (isClosing(event.type)) {
    if (run.status !== "processed") return books
    const whole = fate === "acknowledged" && event.type === "sync.events.allConsumed"
    return { ...books, run: { ...run, status: whole ? "completed" : "incomplete", completedAt: at } }
  }
  const counted: Run = {
    ...run,
    outstanding: run.outstanding - 1,
    consumed: run.consumed + (fate === "acknowledged" && isRecordEvent(event.type) ? 1 : 0),
    expired: run.expired + (fate === "acknowledged" ? 0 : 1)
  }
  return { ...books, run: counted }
}

/** Closes a run that was read and has nothing outstanding: with the event that `close` makes, or at once without one. */
export const closeIfDone = (
  books: Books,
  close: CloseRun,
  at: number
): { readonly books: Books; readonly closing: NewEvent | null } => {
  const { run } = books
  if (run.status !== "processed" || run.outstanding > 0 || books.closingEventId !== null)
    return { books, closing: null }
  const closing = close(run)
  if (closing !== null) return { books: { run, closingEventId: closing.id }, closing }
  return {
    books: { ...books, run: { ...run, status: run.expired > 0 ? "incomplete" : "completed", completedAt: at } },
    closing
  }
}
