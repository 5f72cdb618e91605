import { Event, type Events, EventType, Hint } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** The states of an event. */
export const EventState = Schema.Literals(Event.eventStates)

/** An event of the log, without its body. */
export const EventView = Schema.Struct({
  eventId: Schema.String,
  eventType: Schema.Literals(EventType.eventTypes),
  state: EventState,
  recordId: Schema.NullOr(Schema.String),
  sequence: Schema.NullOr(Schema.String),
  integrationId: Schema.NullOr(Schema.String),
  syncJobId: Schema.NullOr(Schema.String),
  syncRunId: Schema.NullOr(Schema.String),
  destinationId: Schema.String,
  attempts: Schema.Int,
  lastStatus: Schema.NullOr(Schema.Int),
  lastError: Schema.NullOr(Schema.String),
  replacedBy: Schema.NullOr(Schema.String).annotate({
    description: "The newer event that took its place (`coalesced`), or the acknowledged replay of a lost one."
  }),
  replayOf: Schema.NullOr(Schema.String).annotate({ description: "The event that a replay repeats with it." }),
  replayId: Schema.NullOr(Schema.String),
  createdAt: Stamp,
  firstAttemptAt: Schema.NullOr(Stamp),
  nextAttemptAt: Schema.NullOr(Stamp),
  settledAt: Schema.NullOr(Stamp)
}).annotate({ identifier: "Event" })

/** An event for the wire. */
export const ofEvent = (event: Events.EventView): typeof EventView.Type => ({
  eventId: event.id,
  eventType: event.type,
  state: event.state,
  recordId: event.recordId,
  sequence: event.sequence === null ? null : String(event.sequence),
  integrationId: event.integrationId,
  syncJobId: event.jobId,
  syncRunId: event.runId ?? event.originRunId,
  destinationId: event.destinationId,
  attempts: event.attempts,
  lastStatus: event.lastStatus,
  lastError: event.lastError,
  replacedBy: event.replacedBy,
  replayOf: event.replayOf,
  replayId: event.replayId,
  createdAt: stamp(event.createdAt),
  firstAttemptAt: stamp(event.firstAttemptAt),
  nextAttemptAt: stamp(event.nextAttemptAt),
  settledAt: stamp(event.settledAt)
})

/** One delivery attempt. */
export const AttemptView = Schema.Struct({
  number: Schema.Int,
  at: Stamp,
  durationMillis: Schema.Finite,
  status: Schema.NullOr(Schema.Int),
  error: Schema.NullOr(Schema.String),
  hint: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Attempt" })

/** An attempt for the wire. */
export const ofAttempt = (attempt: Event.Attempt): typeof AttemptView.Type => ({
  number: attempt.number,
  at: stamp(attempt.at),
  durationMillis: attempt.durationMillis,
  status: attempt.status,
  error: attempt.error,
  hint: Hint.hintOf(attempt.status, attempt.error === null)
})
