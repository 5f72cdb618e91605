import {
  basicHeader,
  type KeyScheme,
  type NoneScheme,
  type OAuth2Scheme,
  type Revocation
} from "../connector/AuthScheme.ts"
import type { FormField } from "../connector/FormField.ts"
import * as Template from "./Template.ts"

/** What an end user reads beside the input for a secret; `help` says where in the app it is found. */
export interface Secret {
  readonly help: string
  /** Id of the scheme, stored with every account. */
  readonly id?: string
  readonly title?: string
  readonly label?: string
  readonly docs?: string
}

const secretField = (key: string, label: string, { docs, help, label: own }: Secret): FormField => ({
  key,
  label: own ?? label,
  help,
  secret: true,
  ...(docs === undefined ? {} : { docs })
})

/** `Authorization: Bearer <token>`; `prefix` for apps with another word, such as `SSWS` or `Token`. */
export const bearer = (secret: Secret & { readonly prefix?: string }): KeyScheme => ({
  kind: "key",
  id: secret.id ?? "token",
  title: secret.title ?? "Access token",
  fields: [secretField("token", "Access token", secret)],
  headers: ({ token }) => ({ authorization: `${secret.prefix ?? "Bearer"} ${token ?? ""}` })
})

/** An API key in a header of the app's own, such as `x-api-key`. */
export const apiKey = (secret: Secret & { readonly header: string }): KeyScheme => ({
  kind: "key",
  id: secret.id ?? "api_key",
  title: secret.title ?? "API key",
  fields: [secretField("apiKey", "API key", secret)],
  headers: ({ apiKey: value }) => ({ [secret.header]: value ?? "" })
})

/** One part of a Basic header: an input, or a fixed text that the app wants there. */
export type BasicPart = string | { readonly label: string; readonly help: string; readonly secret?: boolean }

/**
 * HTTP Basic (RFC 7617). For an API key that stands as the user name:
 * `basic({ username: { label: "API key", help: "Settings → API.", secret: true }, password: "x" })`.
 */
export const basic = (parts: {
  readonly username: BasicPart
  readonly password: BasicPart
  readonly id?: string
  readonly title?: string
}): KeyScheme => ({
  kind: "key",
  id: parts.id ?? "basic",
  title: parts.title ?? "User name and password",
  fields: (["username", "password"] as const).flatMap((key): ReadonlyArray<FormField> => {
    const part = parts[key]
    return typeof part === "string" ? [] : [{ key, secret: key === "password", ...part }]
  }),
  headers: (values) => {
    const value = (key: "username" | "password") => {
      const part = parts[key]
      return typeof part === "string" ? part : (values[key] ?? "")
    }
    return basicHeader(value("username"), value("password"))
  }
})

/** What both OAuth 2 presets take. URLs are templates: `https://{subdomain}.acme.example/oauth/token`. */
export interface OAuth2Options {
  readonly tokenUrl: string
  readonly scopes?: ReadonlyArray<string>
  readonly id?: string
  readonly title?: string
  /** Default `basic`, which RFC 6749 2.3.1 makes every server understand; many apps document `body`. */
  readonly clientAuthentication?: "basic" | "body"
  /** Default `Authorization: Bearer …`. */
  readonly headers?: (accessToken: string) => { readonly [name: string]: string }
  /** How the app is told that an account has ended; its URL is a template. */
  readonly revocation?: Omit<Revocation, "url"> & { readonly url: string }
}

const scheme = (grant: OAuth2Scheme["grant"], pkce: boolean, options: OAuth2Options): OAuth2Scheme => ({
  kind: "oauth2",
  id: options.id ?? "oauth2",
  title: options.title ?? "Sign in",
  grant,
  tokenUrl: (settings) => Template.url(options.tokenUrl, settings),
  clientAuthentication: options.clientAuthentication ?? "basic",
  pkce,
  scopes: options.scopes ?? [],
  ...(options.headers === undefined ? {} : { headers: options.headers }),
  ...(options.revocation === undefined ? {} : { revocation: revocationOf(options.revocation) })
})

const revocationOf = ({ url, ...how }: NonNullable<OAuth2Options["revocation"]>): Revocation => ({
  ...how,
  url: (settings) => Template.url(url, settings)
})

/**
 * OAuth 2 authorisation code (RFC 6749 4.1), with PKCE unless `pkce: false`.
 *
 * Refresh, single flight, refresh on 401 and rotating refresh tokens are the kit's work; nothing is declared for them.
 */
export const oauth2 = (
  options: OAuth2Options & {
    readonly authorizeUrl: string
    readonly pkce?: boolean
    readonly authorizeParameters?: { readonly [name: string]: string }
  }
): OAuth2Scheme => ({
  ...scheme("authorization_code", options.pkce ?? true, options),
  authorizeUrl: (settings) => Template.url(options.authorizeUrl, settings),
  ...(options.authorizeParameters === undefined ? {} : { authorizeParameters: options.authorizeParameters })
})

/** OAuth 2 client credentials (RFC 6749 4.4) of the client that the installation has registered with the app. */
export const clientCredentials = (options: OAuth2Options): OAuth2Scheme =>
  scheme("client_credentials", false, { title: "Client credentials", id: "client_credentials", ...options })

/** No credentials at all. */
export const none = (): NoneScheme => ({ kind: "none", id: "none", title: "No credentials" })
