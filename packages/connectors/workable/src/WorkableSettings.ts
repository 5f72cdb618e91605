import type { AuthScheme, FormField } from "@crochet/core"

const docs = "https://workable.readme.io/reference/generate-an-access-token"

/** `acme`, `acme.workable.com` or an address pasted from the browser; no other host. */
const subdomainPattern =
  "^(?:https?://)?([A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\\.workable\\.com(?:[/?#].*)?)?$"

/** The account's subdomain, whichever way the end user wrote it. */
export const subdomainOf = (written: string): string =>
  new RegExp(subdomainPattern).exec(written.trim())?.[1]?.toLowerCase() ?? ""

/** What has to be known about a Workable account beside its credentials. */
export const settings: ReadonlyArray<FormField.FormField> = [
  {
    key: "subdomain",
    label: "Workable subdomain",
    help: "The first part of your Workable address: for https://acme.workable.com it is acme. The whole address works too.",
    placeholder: "acme",
    required: true,
    pattern: {
      source: subdomainPattern,
      message: "give the name before .workable.com, for example acme, or the address https://acme.workable.com"
    },
    docs
  }
]

/** `https://{subdomain}.workable.com/spi/v3`. */
export const baseUrl = (values: AuthScheme.Values): string =>
  `https://${subdomainOf(values.subdomain ?? "")}.workable.com/spi/v3`

/** A token of the account; it sees what its scopes name. */
export const accountToken: AuthScheme.KeyScheme = {
  kind: "key",
  id: "api_token",
  title: "API access token",
  fields: [
    {
      key: "apiToken",
      label: "API access token",
      help: "In Workable, open Settings → Integrations → Apps → API access tokens, and generate a token with the scopes r_jobs and r_candidates (and r_employees for employees). Only an administrator can; mind its expiry.",
      secret: true,
      required: true,
      docs
    }
  ],
  headers: ({ apiToken }) => ({ authorization: `Bearer ${apiToken ?? ""}` })
}

/** OAuth 2 of an application that Workable has accepted as a partner's. */
export const oauth: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth2",
  title: "Sign in with Workable",
  grant: "authorization_code",
  authorizeUrl: () => "https://www.workable.com/oauth/authorize",
  // One place for all accounts: https://workable.readme.io/page/oauth (2026-11).
  tokenUrl: () => "https://www.workable.com/oauth/token",
  clientAuthentication: "body",
  pkce: false,
  scopes: ["r_jobs", "r_candidates", "r_employees"]
}
