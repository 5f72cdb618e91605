import type { EventRecord, NewEvent } from "../../event/Event.ts"
import { noProgress } from "../../replay/Replay.ts"
import * as Barrier from "../Barrier.ts"
import { type MemoryState, type Pending, type RunEntry, shredRuns } from "./MemoryState.ts"

/**
 * The due time of an event that is to go at once. While its destination is paused that is when the pause began: what lies
 * after it is put off by the length of the pause when it ends.
 */
export const dueNow = (state: MemoryState, { event }: Pending, now: number): number => {
  const destination = state.destinations.get(event.destinationId)
  return destination?.state === "paused" ? Math.min(destination.pausedAt ?? now, now) : now
}

const queueOf = (event: Pick<NewEvent, "jobId" | "record">): string | null =>
  event.jobId === null || event.record === null ? null : `${event.jobId}|${event.record}`

const behindInRun = (state: MemoryState, event: NewEvent): boolean => {
  if (event.runId === null || Barrier.isClosing(event.type)) return false
  const position = state.outbox.get(event.id)?.position ?? 0
  for (const other of state.outbox.values()) {
    if (other.event.runId !== event.runId || Barrier.isClosing(other.event.type)) continue
    if (other.position < position) return true
  }
  return false
}

/** Whether an earlier event is not settled yet for which this one has to wait, as its destination wants it. */
export const waits = (state: MemoryState, event: NewEvent): boolean => {
  const ordering = state.destinations.get(event.destinationId)?.ordering ?? "record"
  if (ordering === "none") return false
  if (ordering === "run" && behindInRun(state, event)) return true
  const queue = queueOf(event)
  if (queue === null || event.sequence === null) return false
  for (const id of state.queues.get(queue) ?? []) {
    const sequence = state.outbox.get(id)!.event.sequence
    if (sequence !== null && sequence < event.sequence) return true
  }
  return false
}

/** What came of writing events. */
export interface Written {
  /** Those that were not there before. */
  readonly events: ReadonlyArray<NewEvent>
  /** Those whose place they took, which the books of their runs have to be told. */
  readonly coalesced: ReadonlyArray<NewEvent>
}

/** Writes events to log and outbox. */
export const insertEvents = (state: MemoryState, events: ReadonlyArray<NewEvent>, now: number): Written => {
  const inserted: Array<NewEvent> = []
  for (const event of events) {
    if (state.events.has(event.id)) continue
    const position = ++state.lastPosition
    const { body: _, origin, ...rest } = event
    const record: EventRecord = {
      ...rest,
      state: "pending",
      firstAttemptAt: null,
      nextAttemptAt: event.createdAt,
      settledAt: null,
      attempts: 0,
      lastStatus: null,
      lastError: null,
      replacedBy: null,
      replayId: origin?.replayId ?? null,
      replayOf: origin?.eventId ?? null,
      originRunId: origin?.runId ?? null
    }
    state.events.set(event.id, { record, position })
    state.outbox.set(event.id, {
      event,
      position,
      dueAt: event.createdAt,
      leaseUntil: 0,
      token: 0,
      attempts: 0,
      firstAttemptAt: null
    })
    const queue = queueOf(event)
    if (queue !== null) {
      const ids = state.queues.get(queue)
      if (ids === undefined) state.queues.set(queue, new Set([event.id]))
      else ids.add(event.id)
    }
    inserted.push(event)
  }
  // The newest takes the place of all: one that is not the newest goes itself.
  const newestFirst = [...inserted].sort((a, b) => (b.sequence ?? 0) - (a.sequence ?? 0))
  return { events: inserted, coalesced: newestFirst.flatMap((event) => coalesce(state, event, now)) }
}

/** Takes the record's older modifications that wait, and that nobody holds, out of the outbox. */
const coalesce = (state: MemoryState, newer: NewEvent, now: number): ReadonlyArray<NewEvent> => {
  if (state.destinations.get(newer.destinationId)?.coalesce !== true || !state.outbox.has(newer.id)) return []
  if (newer.type !== "record.modified" && newer.type !== "record.deleted") return []
  const queue = queueOf(newer)
  const replaced: Array<NewEvent> = []
  const queued = [...(queue === null ? [] : (state.queues.get(queue) ?? []))].map((id) => state.outbox.get(id)!)
  for (const { event, leaseUntil } of queued) {
    if (event.type !== "record.modified" || event.destinationId !== newer.destinationId || leaseUntil > 0) continue
    if (event.sequence === null || newer.sequence === null || event.sequence >= newer.sequence) continue
    if ((event.origin?.replayId ?? null) !== null) continue
    replaced.push(event)
  }
  for (const event of replaced) {
    removePending(state, event, "coalesced")
    patchEvent(state, event.id, { state: "coalesced", replacedBy: newer.id, settledAt: now, nextAttemptAt: null })
  }
  return replaced
}

/** Counts events whose place newer ones took, in the books of their runs. */
export const bookCoalesced = (state: MemoryState, coalesced: ReadonlyArray<NewEvent>, now: number): void => {
  for (const event of coalesced) {
    const entry = event.runId === null ? undefined : state.runs.get(event.runId)
    if (entry !== undefined) setBooks(state, Barrier.leave(entry, event, "coalesced", now))
  }
  shredRuns(
    state,
    coalesced.flatMap(({ runId }) => runId ?? [])
  )
}

/** Replaces the books of a run. */
export const setBooks = (state: MemoryState, books: Barrier.Books): void => {
  const entry: RunEntry | undefined = state.runs.get(books.run.id)
  if (entry !== undefined) {
    state.runs.set(books.run.id, { ...entry, run: books.run, closingEventId: books.closingEventId })
  }
}

/** The run in whose books an event counts: its own, or the one that it closes although that one's key is gone. */
export const bookedRun = ({ origin, runId, type }: NewEvent): string | null =>
  runId ?? (Barrier.isClosing(type) && (origin?.eventId ?? null) === null ? (origin?.runId ?? null) : null)

/** Takes an event out of the outbox, as something has become of it; the log keeps its record. */
export const removePending = (state: MemoryState, event: NewEvent, fate: Barrier.Fate): void => {
  state.outbox.delete(event.id)
  const replayId = event.origin?.replayId ?? null
  if (replayId !== null) {
    const outcomes = state.replayOutcomes.get(replayId) ?? noProgress
    state.replayOutcomes.set(replayId, { ...outcomes, [fate]: outcomes[fate] + 1 })
  }
  const queue = queueOf(event)
  if (queue === null) return
  const ids = state.queues.get(queue)
  ids?.delete(event.id)
  if (ids?.size === 0) state.queues.delete(queue)
}

/** Changes the log's record of an event. */
export const patchEvent = (state: MemoryState, id: string, patch: Partial<EventRecord>): void => {
  const entry = state.events.get(id)
  if (entry !== undefined) state.events.set(id, { ...entry, record: { ...entry.record, ...patch } })
}
