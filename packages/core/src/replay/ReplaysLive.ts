import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { EventState } from "../event/Event.ts"
import type { Principal } from "../service/Access.ts"
import { notFound, orRefuse, Refusal, unprocessable } from "../service/Refusal.ts"
import { type ReplayRequest, Replays } from "../service/Replays.ts"
import { ReplayStore } from "../store/ReplayStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { noProgress, type Replay, type ReplayFilter } from "./Replay.ts"
import { ReplayWakeup } from "./ReplayWakeup.ts"

/** Two clicks are one; a later one is meant. */
const sameWithinMillis = 5000
/** What has not reached its receiver. */
const undelivered: ReadonlyArray<EventState> = ["pending", "expired", "discarded"]
/** Named events go into the replay's row. */
const mostEvents = 1000

/** Replays on the store. */
export const layer: Layer.Layer<Replays, never, Crypto | ReplayStore | ReplayWakeup> = Layer.effect(
  Replays,
  Effect.gen(function* () {
    const crypto = yield* Crypto
    const store = yield* ReplayStore
    const wakeup = yield* ReplayWakeup

    const filterOf = Effect.fnUntraced(function* ({ filter }: ReplayRequest) {
      const { destinationId, eventIds, from, integrationId, runId, states, to } = filter
      if (eventIds !== undefined && (eventIds.length === 0 || eventIds.length > mostEvents)) {
        return yield* unprocessable(
          "replay.too_many_events",
          "eventIds",
          `A replay names 1 to ${mostEvents} events, not ${eventIds.length}.`,
          "Choose them by syncRunId, destinationId, integration or time instead."
        )
      }
      if ([destinationId, eventIds, from, integrationId, runId, to].every((given) => given === undefined)) {
        return yield* unprocessable(
          "replay.no_filter",
          "syncRunId",
          "Nothing says which events to send again.",
          "Give eventIds, syncRunId, destinationId, from, to, or X-Knit-Integration-Id."
        )
      }
      if (from !== undefined && to !== undefined && from >= to) {
        return yield* unprocessable("replay.empty_range", "to", "The range ends before it begins.", "Swap from and to.")
      }
      const chosen = states ?? (eventIds === undefined ? undelivered : undefined)
      return JSON.parse(JSON.stringify({ ...filter, states: chosen })) as ReplayFilter
    })

    const viewed = Effect.fnUntraced(function* (list: ReadonlyArray<Replay>) {
      const progress = list.length === 0 ? new Map() : yield* store.progress(list.map((replay) => replay.id))
      return list.map((replay) => ({ replay, progress: progress.get(replay.id) ?? noProgress }))
    })

    const find = Effect.fnUntraced(function* (principal: Principal, id: string) {
      const found = yield* store.get(principal.workspaceId, id)
      if (Option.isNone(found)) return yield* notFound("replay", "replayId")
      const [view] = yield* viewed([found.value])
      return view!
    })

    return Replays.of({
      create: Effect.fn("Replays.create")(function* (principal, request) {
        const filter = yield* filterOf(request)
        const createdAt = yield* Clock.currentTimeMillis
        const ratePerSecond = request.ratePerSecond ?? null
        const fingerprint = JSON.stringify([Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)), ratePerSecond])
        const { replay } = yield* store.create(
          {
            id: yield* Id.make(crypto, "rp"),
            workspaceId: principal.workspaceId,
            filter,
            fingerprint: crypto.fingerprinter(crypto.sha256(new TextEncoder().encode("crochet/replay")))(fingerprint),
            ratePerSecond,
            state: "queued",
            cursorPosition: 0,
            untilPosition: 0,
            examined: 0,
            replayed: 0,
            madeDue: 0,
            skipped: {},
            nextAt: createdAt,
            interruptions: 0,
            lastError: null,
            createdAt,
            startedAt: null,
            finishedAt: null
          },
          sameWithinMillis
        )
        yield* wakeup.notify
        const [view] = yield* viewed([replay])
        return view!
      }, orRefuse),
      count: Effect.fn("Replays.count")(function* (principal, request) {
        const filter = yield* filterOf(request)
        const total: { [State in EventState]: number } = { ...noProgress }
        for (let after = 0; ;) {
          const part = yield* store.count(principal.workspaceId, filter, after)
          for (const state of Object.keys(total) as Array<EventState>) total[state] += part.states[state]
          if (part.cursorPosition === null) return total
          after = part.cursorPosition
          yield* Effect.yieldNow
        }
      }, orRefuse),
      list: Effect.fn("Replays.list")(function* (principal, request) {
        const page = yield* store.list(principal.workspaceId, request)
        return { ...page, items: yield* viewed(page.items) }
      }, orRefuse),
      get: (principal, id) => orRefuse(find(principal, id)),
      cancel: Effect.fn("Replays.cancel")(function* (principal, id) {
        yield* find(principal, id)
        if (yield* store.cancel(principal.workspaceId, id, yield* Clock.currentTimeMillis)) {
          return yield* find(principal, id)
        }
        return yield* new Refusal({
          kind: "conflict",
          code: "replay.over",
          msg: "The replay is over: all of its events were made, or it was cancelled.",
          field: "replayId",
          resolution: "Nothing to do. What it made is delivered like every event."
        })
      }, orRefuse)
    })
  })
)
