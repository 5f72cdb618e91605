import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
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
  /** What an event waits for: earlier ones of its record (default), everything earlier of its run, or nothing. */
  ordering: Schema.optionalKey(Schema.Literals(["record", "run", "none"])),
  /** Whether a newer state of a record takes the place of a `record.modified` that waits. Default false. */
  coalesce: Schema.optionalKey(Schema.Boolean)
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
    readonly update: (principal: Principal, request: UpdateRequest) => Effect.Effect<Destination, Refusal>
    /** Refused while a sync sends to it. Undelivered events are discarded. */
    readonly remove: (principal: Principal, id: string) => Effect.Effect<{ readonly discarded: number }, Refusal>
    /** Sends a signed sample event now and reports what came back. */
    readonly test: (principal: Principal, id: string) => Effect.Effect<TestReport, Refusal>
  }
>()("@crochet/core/service/Destinations") {}
