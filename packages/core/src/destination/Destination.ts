import type { Category } from "../model/DataType.ts"

/** Where events go. Times are epoch milliseconds. */
export interface Destination {
  readonly id: string
  readonly workspaceId: string
  /** The category whose events go here unless a sync names another destination; null for one that a sync named. */
  readonly category: Category | null
  readonly url: string
  /** Event types that are sent; null for all. */
  readonly events: ReadonlyArray<string> | null
  /** `knit` sends both signatures, `standard` only those of Standard Webhooks. */
  readonly mode: "knit" | "standard"
  /** Other names for event types, e.g. `record.modified` → `record.changed`. */
  readonly aliases: { readonly [eventType: string]: string }
  /** Which answers acknowledge. */
  readonly ack: "200" | "2xx"
  /** The API key whose text signs `X-Knit-Signature`: the one that created the destination. */
  readonly apiKeyId: string
  /** The Standard Webhooks secret (`whsec_…`), sealed. */
  readonly secret: Uint8Array
  /** Extra request headers as JSON, sealed: they often carry credentials. */
  readonly headers: Uint8Array | null
  readonly state: "active" | "paused"
  readonly pausedReason: string | null
  readonly createdAt: number
  readonly updatedAt: number
}
