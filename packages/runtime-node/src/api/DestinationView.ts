import type { Destination } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** A destination: its secret and its headers are never shown. */
export const DestinationView = Schema.Struct({
  destinationId: Schema.String,
  category: Schema.NullOr(Schema.String),
  url: Schema.String,
  events: Schema.NullOr(Schema.Array(Schema.String)),
  mode: Schema.Literals(["knit", "standard"]),
  aliases: Schema.Record(Schema.String, Schema.String),
  ack: Schema.Literals(["200", "2xx"]),
  ordering: Schema.Literals(["record", "run", "none"]),
  coalesce: Schema.Boolean,
  apiKeyId: Schema.String,
  hasHeaders: Schema.Boolean,
  state: Schema.Literals(["active", "paused"]),
  pausedReason: Schema.NullOr(Schema.String),
  createdAt: Stamp,
  updatedAt: Stamp
}).annotate({ identifier: "Destination" })

/** A destination for the wire. */
export const ofDestination = (destination: Destination.Destination): typeof DestinationView.Type => ({
  destinationId: destination.id,
  category: destination.category,
  url: destination.url,
  events: destination.events,
  mode: destination.mode,
  aliases: destination.aliases,
  ack: destination.ack,
  ordering: destination.ordering,
  coalesce: destination.coalesce,
  apiKeyId: destination.apiKeyId,
  hasHeaders: destination.headers !== null,
  state: destination.state,
  pausedReason: destination.pausedReason,
  createdAt: stamp(destination.createdAt),
  updatedAt: stamp(destination.updatedAt)
})
