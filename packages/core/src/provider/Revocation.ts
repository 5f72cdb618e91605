import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type { OAuth2Scheme, Revocation } from "../connector/AuthScheme.ts"
import type { UpstreamAnswer } from "../connector/Connector.ts"
import type { OAuth2Credentials } from "../connector/Credentials.ts"
import type { Failure } from "./Failure.ts"
import { Secrets } from "./Secrets.ts"
import { type OAuthClient, parsed, post, refused } from "./TokenEndpoint.ts"

/** A token that is to be revoked. */
export interface Revocable {
  readonly token: Redacted.Redacted<string>
  readonly hint: "refresh_token" | "access_token"
}

/** What stands for a whole grant: its refresh token, else its access token; undefined when there is neither. */
export const revocable = ({ accessToken, refreshToken }: OAuth2Credentials): Revocable | undefined => {
  if (refreshToken !== undefined) return { token: refreshToken, hint: "refresh_token" }
  // Client credentials begin without any access token.
  return Redacted.value(accessToken) === "" ? undefined : { token: accessToken, hint: "access_token" }
}

/** Words for a token that the server does not know, or not any more: what was wanted is so. */
const unknown = ["invalid_token", "invalid_grant", "unsupported_token_type"]

/** Where and as whom a token is revoked. */
export interface RevocationEndpoint {
  readonly scheme: OAuth2Scheme
  readonly revocation: Revocation
  readonly url: string
  readonly client: OAuthClient | undefined
}

/** Revokes a token (RFC 7009 2.1): succeeds when the app does not accept it any more. */
export const revoke = Effect.fnUntraced(function* (
  { client, revocation, scheme, url }: RevocationEndpoint,
  { hint, token }: Revocable
): Effect.fn.Return<"revoked" | "unknown", Failure, HttpClient.HttpClient> {
  const secrets = new Secrets()
  secrets.add(Redacted.value(token))
  const json = revocation.body === "json"
  const answer = yield* post({
    url,
    authentication: revocation.clientAuthentication ?? scheme.clientAuthentication,
    client,
    parameters: { token: Redacted.value(token), ...(json ? {} : { token_type_hint: hint }) },
    body: json ? "json" : "form",
    secrets
  })
  if (answer.status >= 200 && answer.status <= 299) return "revoked"
  const code = errorOf(answer)
  if (answer.status === 400 && (unknown.includes(code ?? "") || revocation.isUnknown?.(answer) === true)) {
    return "unknown"
  }
  return yield* Effect.fail(refused(answer, code, secrets, yield* Clock.currentTimeMillis))
})

/** Salesforce has been seen to complain in a form instead of JSON (https://github.com/omniphx/forrest/issues/213). */
const errorOf = ({ text }: UpstreamAnswer): string | undefined => {
  const body = parsed(text)
  const code = typeof body === "object" && body !== null && "error" in body ? body.error : undefined
  return typeof code === "string" ? code : (new URLSearchParams(text.trim()).get("error") ?? undefined)
}
