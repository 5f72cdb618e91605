import type { UpstreamAnswer } from "./Connector.ts"
import type { FormField } from "./FormField.ts"

/** Values of a form or of an account's settings, by field key. */
export type Values = { readonly [key: string]: string }

/** A key, token or user name and password that the end user copies from the app. */
export interface KeyScheme {
  readonly kind: "key"
  readonly id: string
  readonly title: string
  readonly fields: ReadonlyArray<FormField>
  /** The request headers that authenticate; they are treated as secrets. */
  readonly headers: (credentials: Values) => { readonly [name: string]: string }
}

/** How a client says who it is: HTTP Basic, `client_id` and `client_secret` in the body, or not at all. */
export type ClientAuthentication = "basic" | "body" | "none"

/** OAuth 2 authorisation code (RFC 6749, PKCE by RFC 7636) or client credentials. */
export interface OAuth2Scheme {
  readonly kind: "oauth2"
  readonly id: string
  readonly title: string
  readonly grant: "authorization_code" | "client_credentials"
  readonly authorizeUrl?: (settings: Values) => string
  readonly tokenUrl: (settings: Values) => string
  /** How the client authenticates at the token endpoint. */
  readonly clientAuthentication: "basic" | "body"
  readonly pkce: boolean
  /**
   * The server's issuer identifier, where it sends `iss` back with the code (RFC 9207): then a redirect without exactly
   * this one is refused.
   */
  readonly issuer?: (settings: Values) => string
  readonly scopes: ReadonlyArray<string>
  /** Extra parameters of the authorisation request. */
  readonly authorizeParameters?: { readonly [name: string]: string }
  /** Default `Authorization: Bearer …`. */
  readonly headers?: (accessToken: string) => { readonly [name: string]: string }
  /** Settings of the account that only the app can tell. */
  readonly settingsFrom?: SettingsFrom
  /** How the app is told that an account has ended; absent where no way is known. */
  readonly revocation?: Revocation
}

/**
 * Where the tokens of an account that has ended are revoked (RFC 7009): its refresh token, or the access token where
 * there is none.
 */
export interface Revocation {
  readonly url: (settings: Values) => string
  /**
   * What ends: the `grant` of which the token is, or the whole `connection` of the company with this client. A
   * connection is not ended while another live account of the same company needs it.
   */
  readonly ends: "grant" | "connection"
  /** How the client authenticates here; default as at the token endpoint. */
  readonly clientAuthentication?: ClientAuthentication
  /** Default a form with `token` and `token_type_hint`, as the RFC has it; `json` is an object with `token` alone. */
  readonly body?: "form" | "json"
  /**
   * Whether a 400 means that the app does not know the token any more, so that nothing is left to do. One with
   * `invalid_token`, `invalid_grant` or `unsupported_token_type` always does.
   */
  readonly isUnknown?: (answer: UpstreamAnswer) => boolean
}

/**
 * Settings that come with the tokens: each names the setting and where the app says it. They are kept with the tokens,
 * win over the account's other settings, and are there for `baseUrl` from the next request on.
 */
export interface SettingsFrom {
  /**
   * Setting → field of the token endpoint's answer, e.g. `{ instanceUrl: "instance_url" }`. Read at every exchange and
   * refresh, because it may change. Where it is not known yet, the tokens are refreshed before they are used.
   */
  readonly answer?: { readonly [setting: string]: string }
  /** Setting → parameter of the redirect back, e.g. `{ realmId: "realmId" }`. Read when the code is exchanged. */
  readonly callback?: { readonly [setting: string]: string }
}

/** No credentials at all, e.g. the playground. */
export interface NoneScheme {
  readonly kind: "none"
  readonly id: string
  readonly title: string
}

/** How an account authenticates, as data. */
export type AuthScheme = KeyScheme | OAuth2Scheme | NoneScheme

/** HTTP Basic (RFC 7617) from two values. */
export const basicHeader = (username: string, password: string): { readonly authorization: string } => ({
  authorization: `Basic ${btoa(Array.from(new TextEncoder().encode(`${username}:${password}`), (byte) => String.fromCharCode(byte)).join(""))}`
})
