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
  /** Requests under way at once, in each process; null for the dispatcher's own limit. */
  readonly concurrency: number | null
  /** Requests per second at most, over all processes; null for no limit. */
  readonly ratePerSecond: number | null
  /** What waits for what: an event for earlier ones of its record, for everything earlier of its run, or for nothing. */
  readonly ordering: "record" | "run" | "none"
  /** Whether a newer state of a record may take the place of one that waits; that one is then `coalesced` in the log. */
  readonly coalesce: boolean
  /** Versions of Standard Webhooks signatures: `v1` is keyed with the secret, `v1a` with the workspace's Ed25519 key. */
  readonly signatures: ReadonlyArray<"v1" | "v1a">
  /** Secrets that were replaced and still sign until their time, sealed (base64). */
  readonly previousSecrets: ReadonlyArray<{ readonly sealed: string; readonly until: number }>
  readonly state: "active" | "paused"
  readonly pausedReason: string | null
  /** Since when it is paused: the 96 hours of its events stand still meanwhile. */
  readonly pausedAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}
