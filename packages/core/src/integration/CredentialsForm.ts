import * as Redacted from "effect/Redacted"
import type { AuthScheme } from "../connector/AuthScheme.ts"
import type { Connector } from "../connector/Connector.ts"
import type { Credentials } from "../connector/Credentials.ts"
import * as FormField from "../connector/FormField.ts"

/** The fields of tokens that were granted elsewhere. */
const tokenFields: ReadonlyArray<FormField.FormField> = [
  { key: "accessToken", label: "Access token", help: "From the app's token endpoint.", secret: true },
  {
    key: "refreshToken",
    label: "Refresh token",
    help: "From the app's token endpoint.",
    secret: true,
    required: false
  },
  {
    key: "expiresAt",
    label: "Expiry",
    help: "When the access token ends: epoch milliseconds.",
    required: false,
    pattern: { source: "^\\d{12,14}$", message: "must be epoch milliseconds." }
  }
]

/** The form fields of a scheme's credentials. */
export const fieldsOf = (scheme: AuthScheme): ReadonlyArray<FormField.FormField> =>
  scheme.kind === "key" ? scheme.fields : scheme.kind === "oauth2" ? tokenFields : []

/**
 * Reads credentials by the scheme that is named, or else by the first scheme whose fields fit. Values never appear in an
 * issue.
 */
export const parse = (
  connector: Connector,
  schemeId: string | undefined,
  values: { readonly [key: string]: unknown }
): { readonly credentials: Credentials } | { readonly issues: ReadonlyArray<FormField.FormIssue> } => {
  const candidates = schemeId === undefined ? connector.auth : connector.auth.filter(({ id }) => id === schemeId)
  if (candidates.length === 0) {
    const known = connector.auth.map(({ id }) => id).join(", ")
    return { issues: [{ field: "authScheme", message: `authScheme must be one of ${known}.` }] }
  }
  // Numbers are what JSON has for an expiry.
  const given = typeof values["expiresAt"] === "number" ? { ...values, expiresAt: String(values["expiresAt"]) } : values
  const tried = candidates.map((scheme) => ({ scheme, form: FormField.check(fieldsOf(scheme), given) }))
  const fitting = tried.find(({ form }) => "values" in form)
  if (fitting === undefined || !("values" in fitting.form)) {
    const named = tried.find(({ scheme }) => fieldsOf(scheme).some(({ key }) => key in values)) ?? tried[0]!
    return { issues: "issues" in named.form ? named.form.issues : [] }
  }
  return { credentials: credentialsOf(fitting.scheme, fitting.form.values) }
}

const credentialsOf = (scheme: AuthScheme, values: { readonly [key: string]: string }): Credentials => {
  switch (scheme.kind) {
    case "none":
      return { kind: "none", scheme: scheme.id }
    case "key":
      return {
        kind: "key",
        scheme: scheme.id,
        values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Redacted.make(value)]))
      }
    case "oauth2":
      return {
        kind: "oauth2",
        scheme: scheme.id,
        accessToken: Redacted.make(values["accessToken"] ?? ""),
        ...(values["refreshToken"] === undefined ? {} : { refreshToken: Redacted.make(values["refreshToken"]) }),
        ...(values["expiresAt"] === undefined ? {} : { expiresAt: Number(values["expiresAt"]) })
      }
  }
}
