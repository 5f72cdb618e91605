import { AuthScheme } from "@crochet/core"
import type { FormField } from "@crochet/core"

const docs = "https://documentation.bamboohr.com/docs/getting-started"

/** `acme`, `acme.bamboohr.com` or an address pasted from the browser; no other host. */
const subdomainPattern =
  "^(?:https?://)?([A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\\.bamboohr\\.com(?:[/?#].*)?)?$"

/** The account's subdomain, whichever way the end user wrote it. */
export const subdomainOf = (written: string): string =>
  new RegExp(subdomainPattern).exec(written.trim())?.[1]?.toLowerCase() ?? ""

/** What has to be known about a BambooHR account beside its credentials. */
export const settings: ReadonlyArray<FormField.FormField> = [
  {
    key: "subdomain",
    label: "BambooHR subdomain",
    help: "The first part of your BambooHR address: for https://acme.bamboohr.com it is acme. The whole address works too.",
    placeholder: "acme",
    required: true,
    pattern: {
      source: subdomainPattern,
      message: "give the name before .bamboohr.com, for example acme, or the address https://acme.bamboohr.com"
    },
    docs
  }
]

/** `https://{subdomain}.bamboohr.com/api`, the documented form since July 2025. */
export const baseUrl = (values: AuthScheme.Values): string =>
  `https://${subdomainOf(values.subdomain ?? "")}.bamboohr.com/api`

const site = (values: AuthScheme.Values) => `https://${subdomainOf(values.subdomain ?? "")}.bamboohr.com`

/** An API key of a BambooHR user; it sees what this user sees. */
export const apiKey: AuthScheme.KeyScheme = {
  kind: "key",
  id: "api_key",
  title: "API key",
  fields: [
    {
      key: "apiKey",
      label: "API key",
      help: "In BambooHR, open your account menu (your name, top right), choose API Keys, and add a new key. The key sees what its user sees, so a full administrator should make it.",
      secret: true,
      required: true,
      docs
    }
  ],
  // The API documents the key as the user name and any text as the password.
  headers: (credentials) => AuthScheme.basicHeader(credentials.apiKey ?? "", "x")
}

/** OAuth 2 of an application that the operator registered at developers.bamboohr.com. */
export const oauth: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth2",
  title: "Sign in with BambooHR",
  grant: "authorization_code",
  authorizeUrl: (values) => `${site(values)}/authorize.php`,
  authorizeParameters: { request: "authorize" },
  tokenUrl: (values) => `${site(values)}/token.php?request=token`,
  clientAuthentication: "body",
  pkce: false,
  scopes: [
    "openid",
    // Without it there is no refresh token, and the connection ends after an hour.
    "offline_access",
    "employee",
    "employee:name",
    "employee:job",
    "employee:contact",
    "employee:demographic",
    "employee:compensation",
    "employee:custom_fields",
    "employee:dependent",
    "employee:emergency_contacts",
    "employee:identification",
    "employee:photo",
    "sensitive_employee:address",
    "sensitive_employee:protected_info",
    "employee_directory",
    "field",
    "report",
    "time_off",
    "company:info",
    // All employees and not only what the person who signs in may see; an administrator must install it.
    "public.integration"
  ]
}
