import * as Option from "effect/Option"
import type { EventRecord, EventState } from "../../event/Event.ts"
import { noProgress, open, type Replay, type ReplayFilter } from "../../replay/Replay.ts"
import { reading } from "../../sync/Run.ts"
import { type ReplayLease, ReplayStore } from "../ReplayStore.ts"
import { conflict, leaseLost } from "../StoreError.ts"
import { newestFirst } from "./MemoryListing.ts"
import { bookCoalesced, dueNow, insertEvents, patchEvent } from "./MemoryOutbox.ts"
import { atomic, type MemoryState, type ReplayEntry } from "./MemoryState.ts"

const matches = (workspaceId: string, filter: ReplayFilter, event: EventRecord): boolean => {
  const lost = event.state === "expired" || event.state === "discarded"
  return (
    event.workspaceId === workspaceId &&
    (filter.eventIds !== undefined
      ? filter.eventIds.includes(event.id)
      : !lost || (event.replacedBy === null && event.replayOf === null)) &&
    (filter.runId === undefined || event.runId === filter.runId) &&
    (filter.integrationId === undefined || event.integrationId === filter.integrationId) &&
    (filter.destinationId === undefined || event.destinationId === filter.destinationId) &&
    (filter.type === undefined || event.type === filter.type) &&
    (filter.from === undefined || event.createdAt >= filter.from) &&
    (filter.to === undefined || event.createdAt < filter.to) &&
    (filter.states === undefined || filter.states.includes(event.state))
  )
}

/** `ReplayStore` over the shared state. */
export const make = (state: MemoryState): ReplayStore["Service"] => {
  const find = (workspaceId: string, id: string): ReplayEntry | undefined => {
    const entry = state.replays.get(id)
    return entry?.replay.workspaceId === workspaceId ? entry : undefined
  }
  const held = (operation: string, lease: ReplayLease): ReplayEntry => {
    const entry = state.replays.get(lease.replayId)
    if (
      entry === undefined ||
      entry.replay.state !== "running" ||
      entry.token !== lease.token ||
      entry.leaseUntil === 0
    )
      throw leaseLost(operation)
    return entry
  }
  const selected = (workspaceId: string, filter: ReplayFilter, after: number, until: number) =>
    [...state.events.values()]
      .filter(({ position, record }) => position > after && position <= until && matches(workspaceId, filter, record))
      .sort((a, b) => a.position - b.position)

  return ReplayStore.of({
    create: (replay, windowMillis) =>
      atomic(() => {
        for (const { replay: known } of state.replays.values()) {
          if (
            known.workspaceId === replay.workspaceId &&
            known.fingerprint === replay.fingerprint &&
            known.createdAt > replay.createdAt - windowMillis
          )
            return { replay: known, created: false }
        }
        const stored: Replay = { ...replay, untilPosition: state.lastPosition }
        state.replays.set(replay.id, { replay: stored, token: 0, leaseUntil: 0 })
        return { replay: stored, created: true }
      }),
    get: (workspaceId, id) => atomic(() => Option.fromUndefinedOr(find(workspaceId, id)?.replay)),
    list: (workspaceId, request) =>
      atomic(() =>
        newestFirst(
          "listReplays",
          [...state.replays.values()]
            .map(({ replay }) => replay)
            .filter((replay) => replay.workspaceId === workspaceId),
          request,
          (replay) => ({ at: replay.createdAt, id: replay.id })
        )
      ),
    progress: (ids) =>
      atomic(() => {
        const known = ids.flatMap((id) => state.replays.get(id)?.replay ?? [])
        return new Map(
          known.map(({ id, replayed }) => {
            const outcomes = state.replayOutcomes.get(id) ?? noProgress
            const left = Object.values(outcomes).reduce((sum, events) => sum + events, 0)
            return [id, { ...outcomes, pending: replayed - left }]
          })
        )
      }),
    cancel: (workspaceId, id, at) =>
      atomic(() => {
        const entry = find(workspaceId, id)
        if (entry === undefined || !open.includes(entry.replay.state)) return false
        const replay: Replay = { ...entry.replay, state: "cancelled", finishedAt: at }
        state.replays.set(id, { replay, token: entry.token + 1, leaseUntil: 0 })
        return true
      }),
    claim: ({ leaseMillis }) =>
      atomic((now) => {
        const [entry] = [...state.replays.values()]
          .filter(({ leaseUntil, replay }) => open.includes(replay.state) && replay.nextAt <= now && leaseUntil <= now)
          .sort((a, b) => a.replay.nextAt - b.replay.nextAt || (a.replay.id < b.replay.id ? -1 : 1))
        if (entry === undefined) return Option.none()
        const replay: Replay = { ...entry.replay, state: "running", startedAt: entry.replay.startedAt ?? now }
        const token = entry.token + 1
        state.replays.set(replay.id, { replay, token, leaseUntil: now + leaseMillis })
        return Option.some({ lease: { replayId: replay.id, token }, replay })
      }),
    renew: (lease, leaseMillis) =>
      atomic((now) => {
        const entry = held("renewReplay", lease)
        state.replays.set(lease.replayId, { ...entry, leaseUntil: now + leaseMillis })
      }),
    release: (lease, { error, nextAt }) =>
      atomic(() => {
        const { replay, token } = held("releaseReplay", lease)
        const interruptions = replay.interruptions + (error === null ? 0 : 1)
        state.replays.set(lease.replayId, {
          replay: { ...replay, nextAt, interruptions, lastError: error ?? replay.lastError },
          token: token + 1,
          leaseUntil: 0
        })
      }),
    scan: ({ cursorPosition, filter, untilPosition, workspaceId }, limit) =>
      atomic(() => {
        const found = selected(workspaceId, filter, cursorPosition, untilPosition)
        const part = found.slice(0, limit)
        return {
          events: part.map(({ record }) => record),
          cursorPosition: part.length === limit ? part.at(-1)!.position : untilPosition,
          done: part.length < limit
        }
      }),
    count: (workspaceId, filter, after) =>
      atomic(() => {
        const states = { ...noProgress } as { [State in EventState]: number }
        for (const { record } of selected(workspaceId, filter, after, Number.POSITIVE_INFINITY)) states[record.state]++
        return { states, cursorPosition: null }
      }),
    commit: (lease, batch) =>
      atomic((now) => {
        const entry = held("commitReplay", lease)
        for (const { jobId, row, sequence } of batch.rows) {
          if (state.snapshots.get(jobId)?.get(row.key)?.sequence !== sequence)
            throw conflict("commitReplay", "a record that changed meanwhile")
        }
        const jobs = new Set(batch.rows.map(({ jobId }) => jobId))
        for (const [id, run] of state.runs) {
          if (jobs.has(run.run.jobId) && reading.includes(run.run.status))
            state.runs.set(id, { ...run, replayed: true })
        }
        for (const { jobId, row } of batch.rows) state.snapshots.get(jobId)!.set(row.key, row)
        const written = insertEvents(state, batch.events, now)
        bookCoalesced(state, written.coalesced, now)
        for (const id of batch.due) {
          const pending = state.outbox.get(id)
          if (
            pending === undefined ||
            pending.event.workspaceId !== entry.replay.workspaceId ||
            pending.dueAt <= dueNow(state, pending, now)
          )
            continue
          state.outbox.set(id, { ...pending, dueAt: dueNow(state, pending, now) })
          patchEvent(state, id, { nextAttemptAt: now })
        }
        const skipped: { [reason: string]: number } = { ...entry.replay.skipped }
        for (const [reason, n] of Object.entries(batch.skipped)) skipped[reason] = (skipped[reason] ?? 0) + n
        const replay: Replay = {
          ...entry.replay,
          cursorPosition: batch.cursorPosition,
          examined: entry.replay.examined + batch.examined,
          replayed: entry.replay.replayed + written.events.length,
          madeDue: entry.replay.madeDue + batch.due.length,
          skipped,
          nextAt: batch.nextAt,
          interruptions: 0,
          lastError: null,
          state: batch.done ? "done" : "running",
          finishedAt: batch.done ? now : null
        }
        state.replays.set(replay.id, { ...entry, replay })
      })
  })
}
