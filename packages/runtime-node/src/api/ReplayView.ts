import { EventType, type Replays, SkipReason } from "@crochet/core"
import * as Schema from "effect/Schema"
import { EventState } from "./EventView.ts"
import { stamp, Stamp } from "./Stamp.ts"

const count = Schema.Int
/** How many events are in which state. */
export const StateCounts = Schema.Struct({
  pending: count,
  acknowledged: count,
  expired: count,
  discarded: count,
  coalesced: count
})

/** A replay: what it is about, how far it is, and what became of its events. */
export const ReplayView = Schema.Struct({
  replayId: Schema.String,
  state: Schema.Literals(["queued", "running", "sending", "completed", "cancelled"]).annotate({
    description: "`sending`: all events were made, some are not settled yet."
  }),
  filter: Schema.Struct({
    eventIds: Schema.NullOr(Schema.Array(Schema.String)),
    syncRunId: Schema.NullOr(Schema.String),
    integrationId: Schema.NullOr(Schema.String),
    destinationId: Schema.NullOr(Schema.String),
    eventType: Schema.NullOr(Schema.Literals(EventType.eventTypes)),
    states: Schema.NullOr(Schema.Array(EventState)),
    from: Schema.NullOr(Stamp),
    to: Schema.NullOr(Stamp)
  }),
  ratePerSecond: Schema.NullOr(Schema.Int),
  examined: count.annotate({ description: "Events of the log that matched so far." }),
  replayed: count.annotate({ description: "Events that were made from them." }),
  madeDue: count.annotate({ description: "Pending events that were made due at once." }),
  skipped: Schema.Array(Schema.Struct({ reason: Schema.String, count, resolution: Schema.String })),
  events: StateCounts.annotate({ description: "What became of the events that were made." }),
  lastError: Schema.NullOr(Schema.String).annotate({ description: "The app's code while the replay waits for it." }),
  createdAt: Stamp,
  startedAt: Schema.NullOr(Stamp),
  finishedAt: Schema.NullOr(Stamp).annotate({ description: "When the last event was made." })
}).annotate({ identifier: "Replay" })

/** A replay for the wire. */
export const ofReplay = ({ progress, replay }: Replays.ReplayView): typeof ReplayView.Type => {
  const { filter } = replay
  return {
    replayId: replay.id,
    state: replay.state === "done" ? (progress.pending > 0 ? "sending" : "completed") : replay.state,
    filter: {
      eventIds: filter.eventIds ?? null,
      syncRunId: filter.runId ?? null,
      integrationId: filter.integrationId ?? null,
      destinationId: filter.destinationId ?? null,
      eventType: filter.type ?? null,
      states: filter.states ?? null,
      from: stamp(filter.from ?? null),
      to: stamp(filter.to ?? null)
    },
    ratePerSecond: replay.ratePerSecond,
    examined: replay.examined,
    replayed: replay.replayed,
    madeDue: replay.madeDue,
    skipped: Object.entries(replay.skipped).map(([reason, n]) => ({
      reason,
      count: n,
      resolution: SkipReason.resolutionOf(reason)
    })),
    events: progress,
    lastError: replay.lastError,
    createdAt: stamp(replay.createdAt),
    startedAt: stamp(replay.startedAt),
    finishedAt: stamp(replay.finishedAt)
  }
}
