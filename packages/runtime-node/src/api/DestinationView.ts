import type { Circuit, Destination } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** How a destination does. */
const HealthView = Schema.Struct({
  /** `open`: nothing is sent but one probe at a time. */
  circuit: Schema.Literals(["closed", "open"]),
  openedAt: Schema.NullOr(Stamp),
  nextProbeAt: Schema.NullOr(Stamp),
  failedProbes: Schema.Int,
  /** The receiver asked for silence until then. */
  parkedUntil: Schema.NullOr(Stamp),
  lastFailureAt: Schema.NullOr(Stamp),
  lastError: Schema.NullOr(Schema.String)
})

const ofHealth = (health: Circuit.DestinationHealth | undefined): typeof HealthView.Type => ({
  circuit: health === undefined || health.openedAt === null ? "closed" : "open",
  openedAt: stamp(health?.openedAt ?? null),
  nextProbeAt: stamp(health?.nextProbeAt ?? null),
  failedProbes: health?.probes ?? 0,
  parkedUntil: stamp(health?.parkedUntil ?? null),
  lastFailureAt: stamp(health?.lastFailureAt ?? null),
  lastError: health?.lastError ?? null
})

/** A destination: its secret and its headers are never shown. */
export const DestinationView = Schema.Struct({
  destinationId: Schema.String,
  category: Schema.NullOr(Schema.String),
  url: Schema.String,
  events: Schema.NullOr(Schema.Array(Schema.String)),
  mode: Schema.Literals(["knit", "standard"]),
  aliases: Schema.Record(Schema.String, Schema.String),
  ack: Schema.Literals(["200", "2xx"]),
  signatures: Schema.Array(Schema.Literals(["v1", "v1a"])),
  previousSecrets: Schema.Array(
    Schema.Struct({ endsAt: Stamp.annotate({ description: "When the replaced secret stopped, or stops, signing." }) })
  ),
  ordering: Schema.Literals(["record", "run", "none"]),
  coalesce: Schema.Boolean,
  apiKeyId: Schema.String,
  hasHeaders: Schema.Boolean,
  state: Schema.Literals(["active", "paused"]),
  pausedReason: Schema.NullOr(Schema.String),
  pausedAt: Schema.NullOr(Stamp),
  concurrency: Schema.NullOr(Schema.Int),
  ratePerSecond: Schema.NullOr(Schema.Int),
  health: HealthView,
  createdAt: Stamp,
  updatedAt: Stamp
}).annotate({ identifier: "Destination" })

/** A destination for the wire. */
export const ofDestination = (
  destination: Destination.Destination,
  health?: Circuit.DestinationHealth
): typeof DestinationView.Type => ({
  destinationId: destination.id,
  category: destination.category,
  url: destination.url,
  events: destination.events,
  mode: destination.mode,
  aliases: destination.aliases,
  ack: destination.ack,
  signatures: destination.signatures,
  previousSecrets: destination.previousSecrets.map(({ until }) => ({ endsAt: stamp(until) })),
  ordering: destination.ordering,
  coalesce: destination.coalesce,
  apiKeyId: destination.apiKeyId,
  hasHeaders: destination.headers !== null,
  state: destination.state,
  pausedReason: destination.pausedReason,
  pausedAt: stamp(destination.pausedAt),
  concurrency: destination.concurrency,
  ratePerSecond: destination.ratePerSecond,
  health: ofHealth(health),
  createdAt: stamp(destination.createdAt),
  updatedAt: stamp(destination.updatedAt)
})
