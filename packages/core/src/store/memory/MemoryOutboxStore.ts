import * as Option from "effect/Option"
import * as Circuit from "../../delivery/Circuit.ts"
import * as RetrySchedule from "../../delivery/RetrySchedule.ts"
import type { NewEvent } from "../../event/Event.ts"
import { isRecordEvent } from "../../event/EventType.ts"
import * as Barrier from "../Barrier.ts"
import { type ClaimedEvent, type Outcome, OutboxStore } from "../OutboxStore.ts"
import * as MemoryHealth from "./MemoryHealth.ts"
import { newestFirst } from "./MemoryListing.ts"
import {
  bookCoalesced,
  bookedRun,
  dueNow,
  insertEvents,
  patchEvent,
  removePending,
  setBooks,
  waits
} from "./MemoryOutbox.ts"
import { atomic, type MemoryState, type Pending, shredRuns } from "./MemoryState.ts"

/** `OutboxStore` over the shared state. */
export const make = (state: MemoryState): OutboxStore["Service"] => {
  const { admits, choose, healthOf, observe } = MemoryHealth.make(state)
  const isActive = (destinationId: string): boolean => state.destinations.get(destinationId)?.state === "active"
  const held = (event: Pick<ClaimedEvent, "id" | "token">): Pending | undefined => {
    const pending = state.outbox.get(event.id)
    return pending !== undefined && pending.leaseUntil > 0 && pending.token === event.token ? pending : undefined
  }

  /** Which lost events acknowledged repetitions make up for, each once; changes the books of their runs. */
  const repair = (
    settled: Iterable<{ readonly pending: Pending; readonly outcome: Outcome }>,
    books: Map<string, Barrier.Books>,
    now: number
  ): ReadonlyMap<string, string> => {
    const repaired = new Map<string, string>()
    for (const { outcome, pending } of settled) {
      const of = pending.event.origin?.eventId ?? null
      if (of === null || outcome.result.kind !== "acknowledged") continue
      const lost = state.events.get(of)?.record
      if (lost === undefined || lost.replacedBy !== null) continue
      if (lost.state !== "expired" && lost.state !== "discarded") continue
      const known = repaired.has(of)
      repaired.set(of, pending.event.id)
      const current = lost.runId === null ? undefined : (books.get(lost.runId) ?? state.runs.get(lost.runId))
      if (current !== undefined && !known) books.set(current.run.id, Barrier.repair(current, lost, now))
    }
    return repaired
  }

  /** Everything that a settlement will change, found before anything is changed: `close` may throw. */
  const plan = (
    outcomes: ReadonlyArray<Outcome>,
    close: Parameters<OutboxStore["Service"]["settle"]>[1],
    now: number
  ) => {
    const lost: Array<string> = []
    const settled = new Map<string, { readonly pending: Pending; readonly outcome: Outcome }>()
    const books = new Map<string, Barrier.Books>()
    for (const outcome of outcomes) {
      const pending = held(outcome.event)
      if (pending === undefined || settled.has(outcome.event.id)) {
        lost.push(outcome.event.id)
        continue
      }
      settled.set(outcome.event.id, { pending, outcome })
      const runId = bookedRun(pending.event)
      const current = runId === null ? undefined : (books.get(runId) ?? state.runs.get(runId))
      if (current === undefined || outcome.result.kind === "retry" || outcome.result.kind === "parked") continue
      books.set(current.run.id, Barrier.leave(current, pending.event, outcome.result.kind, now))
    }
    const departed = [...books.keys()]
    const repaired = repair(settled.values(), books, now)
    const closing: Array<NewEvent> = []
    for (const runId of departed) {
      const current = books.get(runId)!
      const result = Barrier.closeIfDone(current, close, now)
      books.set(runId, result.books)
      if (result.closing !== null) closing.push(result.closing)
    }
    return { lost, settled, books, closing, repaired }
  }

  return OutboxStore.of({
    enqueue: (events) =>
      atomic((now) => {
        const written = insertEvents(state, events, now)
        for (const event of written.events) {
          const entry = event.runId === null ? undefined : state.runs.get(event.runId)
          if (entry !== undefined) setBooks(state, Barrier.emit(entry, [event]))
        }
        bookCoalesced(state, written.coalesced, now)
      }),
    dueDestinations: atomic((now) => {
      const ids = new Set<string>()
      for (const pending of state.outbox.values()) {
        const { dueAt, event, leaseUntil } = pending
        if (ids.has(event.destinationId) || leaseUntil > now) continue
        const admitted = isActive(event.destinationId) ? admits(event.destinationId, now) : "nothing"
        if (admitted === "nothing" || (admitted === "due" && dueAt > now) || waits(state, event)) continue
        ids.add(event.destinationId)
      }
      return [...ids].sort()
    }),
    nextDueAt: atomic(() => {
      let next = Number.POSITIVE_INFINITY
      for (const { event, dueAt, leaseUntil } of state.outbox.values()) {
        const health = state.health.get(event.destinationId)
        const own = Math.max((health?.openedAt ?? null) === null ? dueAt : (health?.nextProbeAt ?? 0), leaseUntil)
        const at = Math.max(own, health?.parkedUntil ?? 0)
        if (at < next && isActive(event.destinationId) && !waits(state, event)) next = at
      }
      return Number.isFinite(next) ? Option.some(next) : Option.none()
    }),
    claim: ({ destinationId, leaseMillis, limit }) =>
      atomic((now) => {
        const destination = state.destinations.get(destinationId)
        if (destination?.state !== "active") return []
        const health = healthOf(destinationId)
        const { purpose, taken } = choose(destination, health, limit, now)
        return taken.map((pending): ClaimedEvent => {
          const token = pending.token + 1
          const { attempts, firstAttemptAt, position } = pending
          const { origin: _, ...event } = pending.event
          state.outbox.set(event.id, { ...pending, token, leaseUntil: now + leaseMillis })
          const why =
            purpose ?? (RetrySchedule.isOver(attempts, firstAttemptAt, now) ? ("overdue" as const) : undefined)
          return { ...event, position, token, attempts, firstAttemptAt, ...(why === undefined ? {} : { purpose: why }) }
        })
      }),
    renew: (events, leaseMillis) =>
      atomic((now) =>
        events.flatMap((event) => {
          const pending = held(event)
          if (pending === undefined) return []
          state.outbox.set(event.id, { ...pending, leaseUntil: now + leaseMillis })
          return [event.id]
        })
      ),
    release: (events) =>
      atomic(() => {
        for (const event of events) {
          const pending = held(event)
          if (pending !== undefined) state.outbox.set(event.id, { ...pending, leaseUntil: 0, token: pending.token + 1 })
        }
      }),
    settle: (outcomes, close) =>
      atomic((now) => {
        const { lost, settled, books, closing, repaired } = plan(outcomes, close, now)
        for (const { pending, outcome } of settled.values()) {
          const { attempt, result } = outcome
          const { id } = pending.event
          const free = { ...pending, leaseUntil: 0, token: pending.token + 1 }
          if (result.kind === "parked") {
            const firstAttemptAt =
              pending.firstAttemptAt ?? Circuit.windowOf(healthOf(pending.event.destinationId), pending.dueAt)
            state.outbox.set(id, { ...free, firstAttemptAt, dueAt: now })
            continue
          }
          if (attempt !== null) {
            state.attempts.set(id, [...(state.attempts.get(id) ?? []), { ...attempt, eventId: id }])
            patchEvent(state, id, {
              firstAttemptAt: state.events.get(id)?.record.firstAttemptAt ?? attempt.at,
              attempts: attempt.number,
              lastStatus: attempt.status,
              lastError: attempt.error
            })
          }
          if (result.kind === "retry") {
            patchEvent(state, id, { nextAttemptAt: result.at })
            state.outbox.set(id, {
              ...free,
              firstAttemptAt: pending.firstAttemptAt ?? attempt?.at ?? now,
              attempts: attempt?.number ?? pending.attempts,
              dueAt: result.at
            })
          } else {
            patchEvent(state, id, { nextAttemptAt: null, state: result.kind, settledAt: now })
            removePending(state, pending.event, result.kind)
          }
        }
        const turns = observe(settled.values(), now)
        for (const current of books.values()) setBooks(state, current)
        for (const [id, replacedBy] of repaired) patchEvent(state, id, { replacedBy })
        insertEvents(state, closing, now)
        shredRuns(state, books.keys())
        return { lost, closed: closing.flatMap((event) => event.runId ?? []), turns }
      }),

    health: (destinationIds) =>
      atomic(() => destinationIds.flatMap((id) => (state.destinations.has(id) ? [healthOf(id)] : []))),
    event: (workspaceId, id) =>
      atomic(() =>
        Option.filter(
          Option.fromUndefinedOr(state.events.get(id)?.record),
          (record) => record.workspaceId === workspaceId
        )
      ),
    body: (workspaceId, id) =>
      atomic(() => {
        const event = state.outbox.get(id)?.event
        return event?.workspaceId === workspaceId ? Option.some(event.body) : Option.none()
      }),
    attempts: (eventId) => atomic(() => [...(state.attempts.get(eventId) ?? [])].sort((a, b) => a.number - b.number)),
    list: (filter, request) =>
      atomic(() => {
        const matching = [...state.events.values()].filter(
          ({ record }) =>
            record.workspaceId === filter.workspaceId &&
            (filter.integrationId === undefined || record.integrationId === filter.integrationId) &&
            (filter.runId === undefined || record.runId === filter.runId) &&
            (filter.records === undefined ||
              (record.jobId === filter.records.jobId &&
                record.record !== null &&
                filter.records.ordinals.includes(record.record))) &&
            (filter.type === undefined || record.type === filter.type) &&
            (filter.state === undefined || record.state === filter.state)
        )
        const { items, nextPageToken } = newestFirst("listEvents", matching, request, ({ position }) => ({
          at: position,
          id: ""
        }))
        return { items: items.map(({ record }) => record), nextPageToken }
      }),
    retryNow: (workspaceId, id) =>
      atomic((now) => {
        const pending = state.outbox.get(id)
        if (pending?.event.workspaceId !== workspaceId) return false
        state.outbox.set(id, { ...pending, dueAt: dueNow(state, pending, now) })
        patchEvent(state, id, { nextAttemptAt: now })
        return true
      }),
    backlog: (destinationId) =>
      atomic(() => {
        let waiting = 0
        for (const { run } of state.runs.values()) if (run.destinationId === destinationId) waiting += run.outstanding
        return waiting
      }),
    imbalances: (since, limit) =>
      atomic(() => {
        const waiting = new Map<string, Barrier.Waiting>()
        for (const { event } of state.outbox.values()) {
          if (event.runId === null || Barrier.isClosing(event.type)) continue
          const { events, records } = waiting.get(event.runId) ?? { events: 0, records: 0 }
          waiting.set(event.runId, { events: events + 1, records: records + (isRecordEvent(event.type) ? 1 : 0) })
        }
        return [...state.runs.values()]
          .filter(({ run }) => run.createdAt >= since || run.outstanding !== 0)
          .filter((books) => !Barrier.isBalanced(books, waiting.get(books.run.id) ?? { events: 0, records: 0 }))
          .map(({ run }) => run.id)
          .sort()
          .slice(0, limit)
      }),
    prune: (before, limit) =>
      atomic(() => {
        const old = [...state.events.values()]
          .filter(({ record }) => record.settledAt !== null && record.settledAt < before)
          .sort((a, b) => a.position - b.position)
          .slice(0, limit)
        for (const { record } of old) {
          state.events.delete(record.id)
          state.attempts.delete(record.id)
        }
        return old.length
      })
  })
}
