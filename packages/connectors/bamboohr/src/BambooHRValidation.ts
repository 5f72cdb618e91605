import { ConnectorError } from "@crochet/core"
import type { Connector, ProviderClient } from "@crochet/core"
import * as Effect from "effect/Effect"
import { isRefusal } from "./BambooHRErrors.ts"
import { subdomainOf } from "./BambooHRSettings.ts"
import { CompanyInformation, text } from "./BambooHRWire.ts"

const wrongSubdomain = (subdomain: string) =>
  `No BambooHR account answers for the subdomain "${subdomain}". It is the first part of the address in your browser when you use BambooHR: for https://acme.bamboohr.com it is acme.`

/** What an end user can do about a failed validation. */
const hintOf = ({ reason }: ConnectorError.ConnectorError, subdomain: string): string | undefined => {
  switch (reason._tag) {
    case "Unauthorized":
      return "BambooHR does not know this key. Copy it again from API Keys in your account menu, or make a new one: keys end when their user is removed or the key is deleted."
    case "Forbidden":
      return /suspend|cancel|inactive|expired|trial/i.test(reason.message ?? "")
        ? "BambooHR says that this account is not active. Sign in to BambooHR and see to the subscription, then connect again."
        : "BambooHR refuses every request of this key. After several wrong keys it does so for a while: wait 15 minutes and try again. If it stays, the key's user may not use the API: let a full administrator make a key."
    case "NotFound":
    case "BadPayload":
      return wrongSubdomain(subdomain)
    case "RateLimited":
      return "BambooHR is asked too much at the moment. Try again in a few minutes."
    case "Unavailable":
      return reason.status === undefined
        ? `BambooHR could not be reached under the subdomain "${subdomain}". Check its spelling; if it is right, try again in a few minutes.`
        : "BambooHR does not answer at the moment. Try again in a few minutes; https://status.bamboohr.com tells of outages."
    default:
      return undefined
  }
}

/**
 * Proves that the credentials work, and names the account.
 *
 * `GET /v1/employees/0` asks for the employee behind the credentials, which needs no permission. Credentials of a user
 * without an employee record are answered 404 in BambooHR's own way, and are fine; then the company's name decides
 * whether there is such an account.
 */
export const validate = Effect.fn("BambooHR.validate")(function* (client: ProviderClient.ProviderClient) {
  const subdomain = subdomainOf(client.settings.subdomain ?? "")
  const explain = (error: ConnectorError.ConnectorError) => {
    const hint = hintOf(error, subdomain)
    return hint === undefined ? error : client.fail("validate", error.reason, hint)
  }

  const who = yield* client
    .request({ operation: "validate", path: "/v1/employees/0", accept: [404], expect: "json" })
    .pipe(Effect.mapError(explain))
  // A page is a web site's answer and not the API's.
  if (who.status === 404 && /^\s*</.test(who.text)) {
    return yield* client.fail("validate", new ConnectorError.NotFound({ status: 404 }), wrongSubdomain(subdomain))
  }
  const known = who.status === 404 ? undefined : yield* Effect.flatMap(who.json, (body) => decodeWho(client, body))
  const company = yield* client
    .decode({ operation: "validate", path: "/v1/company_information" }, CompanyInformation)
    .pipe(
      // Many keys may not see the company, which says nothing against the key. But where neither the key's owner nor the
      // company is to be found, and BambooHR does not give its own reason for it, there is no such account.
      Effect.catchIf(
        (error) =>
          isRefusal(error) && !(error.reason._tag === "NotFound" && who.status === 404 && !speaksAsBambooHR(who)),
        () => Effect.succeed(undefined)
      ),
      Effect.mapError(explain)
    )
  return {
    name: text(company?.displayName) ?? text(company?.legalName) ?? (subdomain === "" ? null : subdomain),
    subject: known === undefined ? null : String(known.id)
  } satisfies Connector.Account
})

const speaksAsBambooHR = ({ headers }: ProviderClient.ProviderResponse) =>
  headers["x-bamboohr-error-message"] !== undefined || headers["x-bamboohr-error-messsage"] !== undefined

const decodeWho = (client: ProviderClient.ProviderClient, body: unknown) => {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : undefined
  return typeof id === "string" || typeof id === "number"
    ? Effect.succeed({ id })
    : Effect.fail(
        client.fail(
          "validate",
          new ConnectorError.BadPayload({ message: "the answer about the key's owner has no id" }),
          wrongSubdomain(subdomainOf(client.settings.subdomain ?? ""))
        )
      )
}
