import * as Option from "effect/Option"
import type { NewEvent } from "../../event/Event.ts"
import * as Barrier from "../Barrier.ts"
import { type ClaimedEvent, type Outcome, OutboxStore } from "../OutboxStore.ts"
import { newestFirst } from "./MemoryListing.ts"
import { bookCoalesced, bookedRun, insertEvents, patchEvent, removePending, setBooks, waits } from "./MemoryOutbox.ts"
import { atomic, type MemoryState, type Pending, shredRuns } from "./MemoryState.ts"

/** `OutboxStore` over the shared state. */
export const make = (state: MemoryState): OutboxStore["Service"] => {
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
      if (current === undefined || outcome.result.kind === "retry") continue
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
      for (const { event, dueAt, leaseUntil } of state.outbox.values()) {
        if (ids.has(event.destinationId) || dueAt > now || leaseUntil > now) continue
        if (isActive(event.destinationId) && !waits(state, event)) ids.add(event.destinationId)
      }
      return [...ids].sort()
    }),
    nextDueAt: atomic(() => {
      let next = Number.POSITIVE_INFINITY
      for (const { event, dueAt, leaseUntil } of state.outbox.values()) {
        const at = Math.max(dueAt, leaseUntil)
        if (at < next && isActive(event.destinationId) && !waits(state, event)) next = at
      }
      return Number.isFinite(next) ? Option.some(next) : Option.none()
    }),
    claim: ({ destinationId, leaseMillis, limit }) =>
      atomic((now) => {
        if (!isActive(destinationId)) return []
        return [...state.outbox.values()]
          .filter(
            ({ event, dueAt, leaseUntil }) => event.destinationId === destinationId && dueAt <= now && leaseUntil <= now
          )
          .filter(({ event }) => !waits(state, event))
          .sort((a, b) => a.dueAt - b.dueAt || a.position - b.position)
          .slice(0, limit)
          .map((pending): ClaimedEvent => {
            const token = pending.token + 1
            state.outbox.set(pending.event.id, { ...pending, token, leaseUntil: now + leaseMillis })
            const { origin: _, ...event } = pending.event
            return { ...event, token, attempts: pending.attempts, firstAttemptAt: pending.firstAttemptAt }
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
          const firstAttemptAt = pending.firstAttemptAt ?? attempt.at
          state.attempts.set(id, [...(state.attempts.get(id) ?? []), { ...attempt, eventId: id }])
          const seen = {
            firstAttemptAt,
            attempts: attempt.number,
            lastStatus: attempt.status,
            lastError: attempt.error
          }
          if (result.kind === "retry") {
            patchEvent(state, id, { ...seen, nextAttemptAt: result.at })
            state.outbox.set(id, {
              ...pending,
              firstAttemptAt,
              attempts: attempt.number,
              dueAt: result.at,
              leaseUntil: 0,
              token: pending.token + 1
            })
          } else {
            patchEvent(state, id, { ...seen, nextAttemptAt: null, state: result.kind, settledAt: now })
            removePending(state, pending.event)
          }
        }
        for (const current of books.values()) setBooks(state, current)
        for (const [id, replacedBy] of repaired) patchEvent(state, id, { replacedBy })
        insertEvents(state, closing, now)
        shredRuns(state, books.keys())
        return { lost, closed: closing.flatMap((event) => event.runId ?? []) }
      }),

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
        state.outbox.set(id, { ...pending, dueAt: now })
        patchEvent(state, id, { nextAttemptAt: now })
        return true
      }),
    backlog: (destinationId) =>
      atomic(() => {
        let waiting = 0
        for (const { run } of state.runs.values()) if (run.destinationId === destinationId) waiting += run.outstanding
        return waiting
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
