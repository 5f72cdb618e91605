import * as Effect from "effect/Effect"
import type { Attempt } from "../../event/Event.ts"
import type { TransportRequest } from "../../delivery/Transport.ts"
import { insertEvents, removePending } from "../../store/memory/MemoryOutbox.ts"
import type { MemoryState } from "../../store/memory/MemoryState.ts"
import { StoreError, StoreUnavailable } from "../../store/StoreError.ts"
import type { OutboxStore } from "../../store/OutboxStore.ts"
import type { SnapshotRow, SyncStore } from "../../store/SyncStore.ts"
import type { Crypto } from "../../vault/Crypto.ts"
import type { Invariant } from "./Known.ts"
import type { Stores } from "./Machine.ts"

/** A way to break core's wiring, and the invariant that must then be reported: the check of the checker. */
export interface Sabotage {
  readonly breaks: Invariant
  readonly stores?: (stores: Stores, state: MemoryState) => Stores
  readonly request?: (request: TransportRequest, requests: number) => TransportRequest
  readonly crypto?: (crypto: Crypto["Service"]) => Crypto["Service"]
}

type Outbox = OutboxStore["Service"]
type Sync = SyncStore["Service"]

const onOutbox =
  (change: (outbox: Outbox, state: MemoryState) => Partial<Outbox>): NonNullable<Sabotage["stores"]> =>
  (stores, state) => ({ ...stores, outbox: { ...stores.outbox, ...change(stores.outbox, state) } })

const onSync =
  (change: (sync: Sync, state: MemoryState) => Partial<Sync>): NonNullable<Sabotage["stores"]> =>
  (stores, state) => ({ ...stores, sync: { ...stores.sync, ...change(stores.sync, state) } })

const hour = 3_600_000
const away = Effect.fail(new StoreError({ operation: "commitPage", reason: new StoreUnavailable({}) }))

// Not every outcome is of an attempt.
const numberOf = ({ attempt }: { readonly attempt: Attempt | null }): number => attempt?.number ?? 0

/** One for each invariant, by what it does. */
export const sabotages: { readonly [what: string]: Sabotage } = {
  "a page's last event is not in the outbox": {
    breaks: "I1 no loss",
    stores: onSync((sync, state) => ({
      commitPage: (lease, commit) =>
        Effect.tap(sync.commitPage(lease, commit), () =>
          Effect.sync(() => {
            const last = commit.events.at(-1)
            if (last !== undefined) removePending(state, last, "discarded")
          })
        )
    }))
  },
  "every answer acknowledges": {
    breaks: "I1 no loss",
    stores: onOutbox((outbox) => ({
      settle: (outcomes, close) =>
        outbox.settle(
          outcomes.map((outcome) => Object.assign(outcome, { result: { kind: "acknowledged" as const } })),
          close
        )
    }))
  },
  "a page that fails leaves its events": {
    breaks: "I2 no phantom",
    stores: onSync((sync, state) => {
      let commits = 0
      return {
        commitPage: (lease, commit) =>
          Effect.suspend(() => {
            if (commits++ % 5 !== 1 || commit.events.length === 0) return sync.commitPage(lease, commit)
            insertEvents(state, commit.events, 0)
            return away
          })
      }
    })
  },
  "a body changes between attempts": {
    breaks: "I3 identity",
    request: (request, requests) => {
      if (requests % 3 !== 0) return request
      const body = new Uint8Array(request.body.length + 1).fill(0x20)
      body.set(request.body)
      return { ...request, body }
    }
  },
  "a run closes when its reading ends": {
    breaks: "I4 barrier",
    stores: onSync((sync, state) => ({
      endRun: (lease, end, close) =>
        Effect.suspend(() => {
          const entry = state.runs.get(lease.runId)!
          const { outstanding } = entry.run
          state.runs.set(lease.runId, { ...entry, run: { ...entry.run, outstanding: -end.events.length } })
          return Effect.tap(sync.endRun(lease, end, close), () =>
            Effect.sync(() => {
              const after = state.runs.get(lease.runId)!
              const run = { ...after.run, outstanding: outstanding + end.events.length }
              state.runs.set(lease.runId, { ...after, run })
            })
          )
        })
    }))
  },
  "a run that replays made whole is not closed": {
    breaks: "I4 barrier",
    stores: onSync(() => ({ closable: () => Effect.succeed([]) }))
  },
  "the log keeps the bodies": {
    breaks: "I5 purge",
    stores: onOutbox((outbox, state) => ({
      settle: (outcomes, close) =>
        Effect.suspend(() => {
          const bodies = outcomes.map(({ event: { id } }) => [id, state.outbox.get(id)?.event.body] as const)
          return Effect.tap(outbox.settle(outcomes, close), () =>
            Effect.sync(() => {
              for (const [id, body] of bodies) {
                const entry = state.events.get(id)
                if (entry !== undefined)
                  state.events.set(id, { ...entry, record: Object.assign(entry.record, { body }) })
              }
            })
          )
        })
    }))
  },
  "tokens are not looked at": {
    breaks: "I6 fencing",
    stores: onOutbox((outbox, state) => ({
      renew: (events) => Effect.succeed(events.map(({ id }) => id)),
      settle: (outcomes, close) =>
        outbox.settle(
          outcomes.map((outcome) => {
            const token = state.outbox.get(outcome.event.id)?.token ?? outcome.event.token
            const entry = state.outbox.get(outcome.event.id)
            if (entry?.leaseUntil === 0) state.outbox.set(outcome.event.id, { ...entry, leaseUntil: 1 })
            return { ...outcome, event: { ...outcome.event, token } }
          }),
          close
        )
    }))
  },
  "an event is found without its workspace": {
    breaks: "I7 isolation",
    stores: onOutbox((outbox, state) => ({
      event: (_, id) => outbox.event(state.events.get(id)?.record.workspaceId ?? "", id)
    }))
  },
  "a page that fails leaves its rows": {
    breaks: "I8 atomic diff",
    stores: onSync((sync, state) => {
      let commits = 0
      return {
        commitPage: (lease, commit) =>
          Effect.suspend(() => {
            if (commits++ % 5 !== 1) return sync.commitPage(lease, commit)
            const rows = state.snapshots.get(lease.jobId) ?? new Map<string, SnapshotRow>()
            for (const row of commit.rows) rows.set(row.key, row)
            state.snapshots.set(lease.jobId, rows)
            return away
          })
      }
    })
  },
  "a retry counts as consumed": {
    breaks: "I9 books balance",
    stores: onOutbox((outbox, state) => ({
      settle: (outcomes, close) =>
        Effect.tap(outbox.settle(outcomes, close), () =>
          Effect.sync(() => {
            for (const { event, result } of outcomes) {
              const entry = state.runs.get(event.runId ?? "")
              if (result.kind !== "retry" || entry === undefined) continue
              state.runs.set(entry.run.id, { ...entry, run: { ...entry.run, consumed: entry.run.consumed + 1 } })
            }
          })
        )
    }))
  },
  "a lease never ends": {
    breaks: "I10 liveness",
    stores: onOutbox((outbox) => ({
      claim: (options) => outbox.claim({ ...options, leaseMillis: 1000 * hour })
    }))
  },
  "an event is tried after four days": {
    breaks: "I11 window",
    stores: onOutbox((outbox) => ({
      claim: (options) =>
        Effect.map(outbox.claim(options), (events) =>
          events.map(({ purpose, ...event }) => (purpose === "probe" ? { ...event, purpose } : event))
        ),
      settle: (outcomes, close) =>
        outbox.settle(
          // Without signs no circuit opens: every event has its own attempts.
          outcomes.map(({ sign: _, ...outcome }) =>
            outcome.result.kind === "retry" && numberOf(outcome) >= 5
              ? { ...outcome, result: { kind: "retry", at: outcome.result.at + 97 * hour } }
              : outcome
          ),
          close
        )
    }))
  },
  "an event expires after its third attempt": {
    breaks: "I11 window",
    stores: onOutbox((outbox) => ({
      settle: (outcomes, close) =>
        outbox.settle(
          outcomes.map((outcome) =>
            outcome.result.kind === "retry" && numberOf(outcome) === 3
              ? Object.assign(outcome, { result: { kind: "expired" as const } })
              : outcome
          ),
          close
        )
    }))
  },
  "the clock runs on in a pause": {
    breaks: "I11 window",
    stores: (stores, state) => ({
      ...stores,
      destinations: {
        ...stores.destinations,
        resume: (id, notices) =>
          Effect.suspend(() => {
            const before = [...state.outbox]
            return Effect.tap(stores.destinations.resume(id, notices), () =>
              Effect.sync(() => {
                for (const [eventId, { firstAttemptAt }] of before) {
                  state.outbox.set(eventId, { ...state.outbox.get(eventId)!, firstAttemptAt })
                }
              })
            )
          })
      }
    })
  },
  "signatures are made with another key": {
    breaks: "I12 verifiable",
    crypto: (crypto) => ({
      ...crypto,
      hmacSha256: (key, data) =>
        crypto.hmacSha256(
          key.map((byte) => byte ^ 1),
          data
        )
    })
  },
  "a record's events overtake each other": {
    breaks: "order",
    stores: onOutbox((outbox, state) => ({
      claim: (options) =>
        Effect.suspend(() => {
          state.queues.clear()
          return outbox.claim(options)
        })
    }))
  }
}
