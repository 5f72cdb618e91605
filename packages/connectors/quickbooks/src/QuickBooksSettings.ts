import type { AuthScheme, FormField } from "@crochet/core"

const docs = "https://developer.intuit.com/app/developer/qbo/docs/get-started"

/** What has to be known about a QuickBooks company beside its credentials. */
export const settings: ReadonlyArray<FormField.FormField> = [
  {
    key: "realmId",
    label: "Company ID (realm ID)",
    help: "Leave it empty when you sign in: QuickBooks then tells it by itself. To import tokens, find it in QuickBooks under Settings → Account and settings → Billing & Subscription; spaces do not matter.",
    placeholder: "9341450000000042",
    required: false,
    pattern: {
      source: "^\\d[\\d ]{4,29}$",
      message: "give the digits of the company ID, for example 9341450000000042"
    },
    docs
  },
  {
    key: "environment",
    label: "Environment",
    help: "Sandbox companies of developer.intuit.com live on another host, and need an app's development keys.",
    required: true,
    options: [
      { value: "production", label: "Production" },
      { value: "sandbox", label: "Sandbox" }
    ],
    default: "production",
    docs
  },
  {
    key: "minorVersion",
    label: "Minor version",
    help: "The version of the API's fields that is asked for; change it only to try a newer one.",
    required: true,
    pattern: { source: "^\\d{1,3}$", message: "give a number, for example 75" },
    // Older ones are gone since August 2025 (https://blogs.intuit.com, 2025-01).
    default: "75"
  }
]

/** The company's id as the API wants it: QuickBooks shows it in groups of digits. */
export const realmOf = (values: AuthScheme.Values): string => (values.realmId ?? "").replaceAll(" ", "")

/** The host; the company is part of each request's path, so that an operator's override is a plain address too. */
export const baseUrl = (values: AuthScheme.Values): string =>
  values.environment === "sandbox" ? "https://sandbox-quickbooks.api.intuit.com" : "https://quickbooks.api.intuit.com"

/** A path below the company. */
export const pathOf = (values: AuthScheme.Values, path: string): string =>
  `/v3/company/${encodeURIComponent(realmOf(values))}${path}`

/**
 * OAuth 2 of an app that the operator registered at developer.intuit.com. Its callback carries `realmId`; refresh
 * tokens rotate, and die after about 100 days without use.
 */
export const oauth: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth2",
  title: "Connect to QuickBooks",
  grant: "authorization_code",
  authorizeUrl: () => "https://appcenter.intuit.com/connect/oauth2",
  tokenUrl: () => "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
  clientAuthentication: "basic",
  pkce: false,
  scopes: ["com.intuit.quickbooks.accounting"],
  settingsFrom: { callback: { realmId: "realmId" } },
  // Either token ends the connection of the company
  // (https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0, 2026).
  revocation: {
    url: () => "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    ends: "connection",
    body: "json",
    // What was revoked before is answered with an empty 400 (https://github.com/intuit/oauth-jsclient/issues/71, 2020-01).
    isUnknown: ({ text }) => text.trim() === ""
  }
}
