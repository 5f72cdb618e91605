import type { Connector, ConnectorError, ProviderClient } from "@crochet/core"
import * as Effect from "effect/Effect"
import { isRefusal } from "./SalesforceErrors.ts"
import { path, QueryAnswer, UserInfo } from "./SalesforceWire.ts"

/** What an end user can do about a failed validation. */
const hintOf = ({ hint, reason }: ConnectorError.ConnectorError): string | undefined => {
  const message = reason.message ?? ""
  switch (reason._tag) {
    case "Unauthorized":
      // What the token endpoint said is more telling.
      return (
        hint ??
        "Salesforce has ended the connection: the session or the refresh token is no longer good. Sign in again."
      )
    case "Forbidden":
      if (/API_DISABLED_FOR_ORG|API_CURRENTLY_DISABLED/.test(message)) {
        return "The user or the org may not use the API. The editions Enterprise, Unlimited, Performance and Developer have it; a Salesforce administrator gives the user's profile the permission API Enabled."
      }
      return /not attached to Agent|not valid for use with the REST API/i.test(message)
        ? "This session may not be used for the API. Sign in again with a user that may, through the app that your administrator has approved."
        : "The user may not read this. A Salesforce administrator gives it the permission API Enabled and read access to the objects, best with the permission set of an integration user."
    case "RateLimited":
      return /TotalRequests/.test(message)
        ? "The org has used up its API requests of the last 24 hours. They come back hour by hour; Setup → System Overview shows how many there are."
        : "Salesforce works at too many long requests of this org at the moment. Try again in a minute."
    case "InvalidRequest":
      return reason.status === undefined
        ? "The org's address is not known or is no address of Salesforce: give the setting instanceUrl (instance_url of the token answer), for example https://acme.my.salesforce.com, or myDomain."
        : undefined
    case "NotFound":
    case "BadPayload":
      return "No Salesforce org answers at this address. Check the settings myDomain and instanceUrl; after a move or a renaming sign in again."
    case "Unavailable":
      return reason.status === undefined
        ? "Salesforce could not be reached. Check the settings myDomain and instanceUrl; if they are right, try again in a few minutes."
        : "Salesforce does not answer at the moment, perhaps for maintenance. Try again in a few minutes; https://status.salesforce.com tells of outages."
    default:
      return undefined
  }
}

/**
 * Proves that the tokens work and that the user may use the API, and names the org.
 *
 * `userinfo` says whose tokens they are, but also answers users who may not use the API; a query of the org's name does
 * not.
 */
export const validate = Effect.fn("Salesforce.validate")(function* (client: ProviderClient.ProviderClient) {
  const operation = "validate"
  const explain = (error: ConnectorError.ConnectorError) => {
    const hint = hintOf(error)
    return hint === undefined ? error : client.fail(operation, error.reason, hint)
  }
  const who = yield* client.decode({ operation, path: "/services/oauth2/userinfo" }, UserInfo).pipe(
    // Tokens without the scope openid may still be good.
    Effect.catchIf(
      (error) => error.reason._tag === "Forbidden",
      () => Effect.succeed(undefined)
    ),
    Effect.mapError(explain)
  )
  const { records } = yield* client
    .decode({ operation, path: path("/query"), query: { q: "SELECT Id, Name FROM Organization LIMIT 1" } }, QueryAnswer)
    .pipe(
      // The org's name may be hidden; the answer proves the API all the same. A user without the API is Forbidden.
      Effect.catchIf(
        (error) =>
          isRefusal(error) &&
          error.reason._tag !== "Forbidden" &&
          error.reason._tag !== "NotFound" &&
          error.reason.status !== undefined,
        () => Effect.succeed({ records: [] as ReadonlyArray<{ readonly [field: string]: unknown }> })
      ),
      Effect.mapError(explain)
    )
  const [org] = records
  const organization = who?.organization_id ?? (typeof org?.Id === "string" ? org.Id : undefined)
  return {
    name: typeof org?.Name === "string" ? org.Name : null,
    subject: organization === undefined ? null : `${organization}/${who?.user_id ?? "unknown"}`
  } satisfies Connector.Account
})
