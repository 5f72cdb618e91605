import * as Schema from "effect/Schema"

/** What an end user copied from the app, by form field. */
export const KeyCredentials = Schema.Struct({
  kind: Schema.Literal("key"),
  scheme: Schema.String,
  values: Schema.Record(Schema.String, Schema.RedactedFromValue(Schema.String))
})
/** Tokens from an OAuth 2 token endpoint. */
export const OAuth2Credentials = Schema.Struct({
  kind: Schema.Literal("oauth2"),
  scheme: Schema.String,
  accessToken: Schema.RedactedFromValue(Schema.String),
  refreshToken: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  /** Epoch milliseconds; absent when the app does not say, then the token is refreshed on the first 401. */
  expiresAt: Schema.optionalKey(Schema.Finite),
  /** Settings that came with the tokens (`OAuth2Scheme.settingsFrom`), replaced together with them. */
  settings: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
/** No credentials. */
export const NoCredentials = Schema.Struct({ kind: Schema.Literal("none"), scheme: Schema.String })

/**
 * The credentials of one connected account. The encoded form is plain JSON and exists only inside the vault; decoded,
 * every secret is `Redacted`.
 */
export const Credentials = Schema.Union([KeyCredentials, OAuth2Credentials, NoCredentials])
/** The credentials of one connected account. */
export type Credentials = typeof Credentials.Type
/** Tokens from an OAuth 2 token endpoint. */
export type OAuth2Credentials = typeof OAuth2Credentials.Type
