import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { DestinationHealth } from "../delivery/Circuit.ts"
import type { SigningKey } from "../delivery/SigningKey.ts"
import type { Destination } from "../destination/Destination.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

const options = {
  /** Event types to send; default all. */
  events: Schema.optionalKey(Schema.Array(Schema.String)),
  mode: Schema.optionalKey(Schema.Literals(["knit", "standard"])),
  headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  aliases: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  ack: Schema.optionalKey(Schema.Literals(["200", "2xx"])),
  /** Versions of Standard Webhooks signatures; default `v1`. */
  signatures: Schema.optionalKey(Schema.NonEmptyArray(Schema.Literals(["v1", "v1a"]))),
  /** Requests under way at once, in each process; null for the default, 16. */
  concurrency: Schema.optionalKey(Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })))),
  /** Requests per second at most, over all processes; null for no limit. */
  ratePerSecond: Schema.optionalKey(Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 })))),
  /** What an event waits for: earlier ones of its record (default), everything earlier of its run, or nothing. */
  ordering: Schema.optionalKey(Schema.Literals(["record", "run", "none"])),
  /** Whether a newer state of a record takes the place of a `record.modified` that waits. Default false. */
  coalesce: Schema.optionalKey(Schema.Boolean)
}

const rotation = {
  /** How long what is replaced goes on signing: 0 to 7 days; default a day. */
  overlapSeconds: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 604_800 }))),
  /** For a leak: what is replaced, and everything before it, ends at once. */
  expireNow: Schema.optionalKey(Schema.Boolean)
}

/** Body of `webhook.register`. */
export const RegisterRequest = Schema.Struct({
  category: Schema.Literals(["HRIS", "ATS", "CRM", "ACCOUNTING"]),
  url: Schema.NonEmptyString,
  ...options
})
/** Body of `webhook.register`. */
export type RegisterRequest = typeof RegisterRequest.Type

/** Body of `webhook.update`. */
export const UpdateRequest = Schema.Struct({
  destinationId: Schema.NonEmptyString,
  url: Schema.optionalKey(Schema.NonEmptyString),
  state: Schema.optionalKey(Schema.Literals(["active", "paused"])),
  ...options
})
/** Body of `webhook.update`. */
export type UpdateRequest = typeof UpdateRequest.Type

/** Body of `webhook.rotateSecret`. */
export const RotateSecretRequest = Schema.Struct({ destinationId: Schema.NonEmptyString, ...rotation })
/** Body of `webhook.rotateSecret`. */
export type RotateSecretRequest = typeof RotateSecretRequest.Type

/** Body of `webhook.rotateKey`. */
export const RotateKeyRequest = Schema.Struct(rotation)
/** Body of `webhook.rotateKey`. */
export type RotateKeyRequest = typeof RotateKeyRequest.Type

/** What came back from a test event. */
export interface TestReport {
  readonly delivered: boolean
  readonly status: number | null
  readonly error: string | null
  readonly durationMillis: number
  readonly hint: string | null
}

/** Where events go. */
export class Destinations extends Context.Service<
  Destinations,
  {
    /**
     * Registers a webhook for a category. The Standard Webhooks secret is returned this once. `apiKey` is the text of
     * the caller's key: it signs `X-Knit-Signature`.
     */
    readonly register: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      request: RegisterRequest
    ) => Effect.Effect<{ readonly destination: Destination; readonly secret: Redacted.Redacted }, Refusal>
    /** The destination of a URL that a sync names, made on first use. */
    readonly forUrl: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      url: string
    ) => Effect.Effect<Destination, Refusal>
    readonly list: (principal: Principal, request: ListRequest) => Effect.Effect<Listing<Destination>, Refusal>
    /** How destinations of the workspace do, by id. */
    readonly health: (
      principal: Principal,
      destinations: ReadonlyArray<Destination>
    ) => Effect.Effect<ReadonlyMap<string, DestinationHealth>, Refusal>
    readonly update: (principal: Principal, request: UpdateRequest) => Effect.Effect<Destination, Refusal>
    /** Refused while a sync sends to it. Undelivered events are discarded. */
    readonly remove: (principal: Principal, id: string) => Effect.Effect<{ readonly discarded: number }, Refusal>
    /** Sends a signed sample event now and reports what came back. */
    readonly test: (principal: Principal, id: string) => Effect.Effect<TestReport, Refusal>
    /** Gives the destination a new Standard Webhooks secret, returned this once; the old one signs beside it for a while. */
    readonly rotateSecret: (
      principal: Principal,
      request: RotateSecretRequest
    ) => Effect.Effect<{ readonly destination: Destination; readonly secret: Redacted.Redacted }, Refusal>
    /** The workspace's Ed25519 keys that sign now (`v1a`), oldest first; the first is made when it is asked for. */
    readonly keys: (principal: Principal) => Effect.Effect<ReadonlyArray<SigningKey>, Refusal>
    /** Makes a new Ed25519 key; the old one signs beside it for a while. */
    readonly rotateKey: (
      principal: Principal,
      request: RotateKeyRequest
    ) => Effect.Effect<ReadonlyArray<SigningKey>, Refusal>
    /** What anybody may see of a workspace: the keys that sign now, none made for it. */
    readonly publishedKeys: (workspaceId: string) => Effect.Effect<ReadonlyArray<SigningKey>, Refusal>
  }
>()("@crochet/core/service/Destinations") {}
