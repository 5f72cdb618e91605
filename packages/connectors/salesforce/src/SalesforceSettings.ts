import type { AuthScheme, FormField } from "@crochet/core"

const docs = "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm"

/** From so many records on, a listing is read by Bulk API unless the account says otherwise. */
export const defaultBulkFrom = 50_000

/** `acme`, `acme--uat.sandbox`, or an address on a My Domain. */
const myDomainPattern =
  "^(?:https://)?([a-z0-9][a-z0-9-]*(?:\\.(?:sandbox|develop|scratch|trailblaze|demo))?)(?:\\.(?:my\\.salesforce\\.com|lightning\\.force\\.com)(?:/.*)?)?$"

/** Hosts of Salesforce: a token must never be sent anywhere else, whatever an import claims. */
const instancePattern =
  "^https://(?:[a-z0-9-]+\\.)+(?:salesforce\\.com|force\\.com|cloudforce\\.com|salesforce\\.mil|sfcrmproducts\\.cn)/?$"

/** What has to be known about a Salesforce org beside its tokens. */
export const settings: ReadonlyArray<FormField.FormField> = [
  {
    key: "environment",
    label: "Environment",
    help: "Where you sign in: login.salesforce.com (production and Developer Edition) or test.salesforce.com (sandboxes).",
    required: false,
    default: "production",
    options: [
      { value: "production", label: "Production" },
      { value: "sandbox", label: "Sandbox" }
    ]
  },
  {
    key: "myDomain",
    label: "My Domain",
    help: "The first part of your address in Salesforce: for https://acme.my.salesforce.com it is acme. Needed only where signing in at login.salesforce.com is switched off.",
    placeholder: "acme",
    required: false,
    pattern: {
      source: myDomainPattern,
      message: "give the name before .my.salesforce.com in lower case, for example acme or acme--uat.sandbox"
    }
  },
  {
    key: "instanceUrl",
    label: "Instance URL",
    help: "instance_url of the token answer. It is learnt at the next refresh when it is left out.",
    placeholder: "https://acme.my.salesforce.com",
    required: false,
    pattern: {
      source: instancePattern,
      message: "give an https address of Salesforce, such as https://acme.my.salesforce.com"
    }
  },
  {
    key: "objects",
    label: "Custom objects",
    help: "API names of the custom objects to read as crm_records, separated by commas.",
    placeholder: "Loom__c, Fabric__c",
    required: false,
    pattern: {
      source: "^\\s*[A-Za-z][A-Za-z0-9_]*(?:\\s*,\\s*[A-Za-z][A-Za-z0-9_]*)*\\s*$",
      message: "give API names separated by commas, for example Loom__c, Fabric__c"
    }
  },
  {
    key: "bulk",
    label: "Bulk API",
    help: "auto: large listings are read by Bulk API 2.0, which saves API calls. off: never.",
    required: false,
    default: "auto",
    options: [
      { value: "auto", label: "For large listings" },
      { value: "off", label: "Never" }
    ]
  },
  {
    key: "bulkFrom",
    label: "Bulk from",
    help: "From how many records on a listing is large.",
    required: false,
    default: String(defaultBulkFrom),
    pattern: { source: "^[1-9][0-9]{0,8}$", message: "give a whole number from 1" }
  }
]

/** The host at which people sign in and tokens are made. */
const loginHost = ({ environment, myDomain }: AuthScheme.Values): string => {
  const name = new RegExp(myDomainPattern).exec(myDomain ?? "")?.[1]
  if (name !== undefined) return `https://${name}.my.salesforce.com`
  return environment === "sandbox" ? "https://test.salesforce.com" : "https://login.salesforce.com"
}

/** The org's own address: from the tokens, else from My Domain. Throws when neither is known. */
export const baseUrl = (values: AuthScheme.Values): string => {
  const { instanceUrl = "", myDomain } = values
  if (new RegExp(instancePattern).test(instanceUrl)) return instanceUrl.replace(/\/$/, "")
  if (myDomain === undefined) throw new TypeError("no instance URL")
  return loginHost({ myDomain })
}

/** The custom objects that the account asks for. */
export const objectsOf = (values: AuthScheme.Values): ReadonlyArray<string> => [
  ...new Set(
    (values.objects ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "")
  )
]

/** OAuth 2 of an External Client App. Tokens last as long as the org's sessions, which no answer tells. */
export const oauth: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth2",
  title: "Sign in with Salesforce",
  grant: "authorization_code",
  authorizeUrl: (values) => `${loginHost(values)}/services/oauth2/authorize`,
  tokenUrl: (values) => `${loginHost(values)}/services/oauth2/token`,
  clientAuthentication: "body",
  // Required of partners' External Client Apps (2026).
  pkce: true,
  scopes: ["api", "refresh_token", "openid", "id"],
  // Orgs are migrated: the answer of every refresh tells the address anew.
  settingsFrom: { answer: { instanceUrl: "instance_url" } },
  // A refresh token goes with the access tokens that were had by it, and needs no client to speak for it
  // (https://developer.salesforce.com/docs/platform/mobile-sdk/guide/oauth-revoking-tokens.html, 2026).
  revocation: {
    url: (values) => `${loginHost(values)}/services/oauth2/revoke`,
    ends: "grant",
    clientAuthentication: "none"
  }
}

/** Where the connect form points for help. */
export const help = docs
