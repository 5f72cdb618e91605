import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Integration } from "../integration/Integration.ts"
import type { Authorization } from "../store/AuthorizationStore.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

/** Body of `integration.authorize`. */
export const AuthorizeRequest = Schema.Struct({
  /** With `integrationId` the app and the organisation are the integration's. */
  appId: Schema.optionalKey(Schema.NonEmptyString),
  originOrgId: Schema.optionalKey(Schema.NonEmptyString),
  originOrgName: Schema.optionalKey(Schema.String),
  /** Which OAuth scheme; default the first at which people sign in. */
  authScheme: Schema.optionalKey(Schema.String),
  /** What has to be known before the sign-in, e.g. a sandbox; what the app tells by itself is left out. */
  settings: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  accountType: Schema.optionalKey(Schema.Literals(["test", "production"])),
  /** To sign in again to an existing integration. */
  integrationId: Schema.optionalKey(Schema.String),
  /** Where the browser goes at the end: one of the operator's return URLs. */
  returnUrl: Schema.optionalKey(Schema.String)
})
/** Body of `integration.authorize`. */
export type AuthorizeRequest = typeof AuthorizeRequest.Type

/** A sign-in that was begun: send the browser to `authorizeUrl` before `expiresAt` (epoch milliseconds). */
export interface Begun {
  readonly authorization: Authorization
  readonly authorizeUrl: string
}

/** What the app sent the browser back with. */
export interface Callback {
  readonly appId: string
  /** The address at which the browser arrived. */
  readonly redirectUri: string
  /** The parameters of the query, each of which came once. */
  readonly parameters: { readonly [name: string]: string }
}

/** What came of a sign-in. */
export interface Completion {
  /** Null when nobody began it. */
  readonly authorization: Authorization | null
  /** Where the browser goes next; null shows a page. */
  readonly returnUrl: string | null
  readonly outcome:
    | { readonly connected: true; readonly integration: Integration }
    | { readonly connected: false; readonly refusal: Refusal }
}

/** Connecting accounts by signing in at the app: OAuth 2 authorisation code (RFC 6749 4.1, RFC 7636, RFC 9207). */
export class Authorizations extends Context.Service<
  Authorizations,
  {
    /** Begins a sign-in. Nothing of the account is kept until it is complete. */
    readonly begin: (
      principal: Principal,
      request: AuthorizeRequest,
      /** Where the app shall send the browser, made from the app's id; null when this installation's address is not known. */
      redirectUri: ((appId: string) => string) | null
    ) => Effect.Effect<Begun, Refusal>
    /**
     * Completes a sign-in, once: exchanges the code, validates, stores, starts syncs. What can go wrong is part of the
     * result; only a fault of the store or the vault before the sign-in is known fails.
     */
    readonly complete: (callback: Callback) => Effect.Effect<Completion, Refusal>
    /** Forgets sign-ins that have expired an hour ago or earlier; returns how many. */
    readonly removeExpired: Effect.Effect<number, Refusal>
  }
>()("@crochet/core/service/Authorizations") {}
