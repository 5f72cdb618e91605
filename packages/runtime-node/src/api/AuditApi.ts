import { AuditEntry } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { docs } from "./CallDocs.ts"
import { failures, listing } from "./Envelope.ts"
import { paging } from "./Paging.ts"
import { stamp, Stamp } from "./Stamp.ts"

const time = Schema.optionalKey(
  Schema.DateTimeUtcFromString.annotate({ description: "RFC 3339, e.g. 2026-05-01T00:00:00Z." })
)

/** An entry of the audit log. */
export const AuditEntryView = Schema.Struct({
  position: Schema.Int.annotate({ description: "1, 2, 3, … without a gap." }),
  at: Stamp,
  actor: Schema.String.annotate({ description: "An API key's id, `operator` (command line) or `system`." }),
  action: Schema.Literals(AuditEntry.actions),
  target: Schema.NullOr(Schema.String).annotate({ description: "The id of what it was done to." }),
  detail: Schema.Record(Schema.String, Schema.Unknown),
  previousHash: Schema.String,
  hash: Schema.String.annotate({ description: "Keyed; over this entry and `previousHash`." })
}).annotate({ identifier: "AuditEntry" })

/** An entry for the wire. */
export const ofEntry = (entry: AuditEntry.AuditEntry): typeof AuditEntryView.Type => ({
  position: entry.position,
  at: stamp(entry.at),
  actor: entry.actor,
  action: entry.action,
  target: entry.target,
  detail: entry.detail,
  previousHash: entry.previousHash,
  hash: entry.hash
})

/** Who did what. */
export class AuditApi extends HttpApiGroup.make("audit").add(
  HttpApiEndpoint.get("list", "/audit.list", {
    query: {
      actor: Schema.optionalKey(Schema.String),
      action: Schema.optionalKey(Schema.Literals(AuditEntry.actions)),
      from: time,
      to: time,
      ...paging
    },
    success: listing("entries", AuditEntryView),
    error: failures
  }).annotateMerge(docs("admin", "The audit log, newest first: by time, actor or action"))
) {}
