import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Integration } from "../integration/Integration.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import type { PurgeReport } from "../store/IntegrationStore.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

/** Body of `integration.import`. */
export const ImportRequest = Schema.Struct({
  appId: Schema.NonEmptyString,
  originOrgId: Schema.NonEmptyString,
  originOrgName: Schema.optionalKey(Schema.String),
  /** By field key of one of the app's auth schemes; OAuth: `accessToken`, `refreshToken`, `expiresAt`. */
  credentials: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  /** Which auth scheme; default the first whose fields fit. */
  authScheme: Schema.optionalKey(Schema.String),
  settings: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  accountType: Schema.optionalKey(Schema.Literals(["test", "production"])),
  /** To connect an existing integration again. */
  integrationId: Schema.optionalKey(Schema.String)
})
/** Body of `integration.import`. */
export type ImportRequest = typeof ImportRequest.Type

/** What came of a validation. */
export interface Validation {
  readonly integration: Integration
  readonly success: boolean
  readonly errors: ReadonlyArray<{ readonly code: string; readonly msg: string; readonly resolution: string }>
}

/** Connected accounts: bring, check, end and forget them. */
export class Integrations extends Context.Service<
  Integrations,
  {
    /**
     * Brings an account and validates it. Credentials that the app rejects are refused with code, reason and
     * resolution, and nothing is kept. On success `app.integration.activate` is sent and automatic syncs start.
     */
    readonly import: (principal: Principal, request: ImportRequest) => Effect.Effect<Integration, Refusal>
    readonly get: (principal: Principal, id: string) => Effect.Effect<Integration, Refusal>
    readonly list: (
      principal: Principal,
      filter: { readonly originOrgId?: string | undefined; readonly appId?: string | undefined },
      request: ListRequest
    ) => Effect.Effect<Listing<Integration>, Refusal>
    /** Validates the stored credentials again. A failure is a result here, not a refusal: it is sent as an event too. */
    readonly validate: (principal: Principal, id: string) => Effect.Effect<Validation, Refusal>
    /** Ends the account: credentials are destroyed, jobs stop, `integration.deactivated` is sent. */
    readonly deactivate: (principal: Principal, id: string) => Effect.Effect<Integration, Refusal>
    readonly update: (
      principal: Principal,
      id: string,
      change: { readonly accountType: "test" | "production" }
    ) => Effect.Effect<Integration, Refusal>
    /** Forgets everything about the account and says how many rows of each table went. */
    readonly purge: (principal: Principal, id: string) => Effect.Effect<PurgeReport, Refusal>
  }
>()("@crochet/core/service/Integrations") {}
