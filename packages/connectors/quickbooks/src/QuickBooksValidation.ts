import { ConnectorError } from "@crochet/core"
import type { Connector, ProviderClient } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pathOf, realmOf } from "./QuickBooksSettings.ts"
import { text } from "./QuickBooksWire.ts"

/** `GET /companyinfo/{realmId}`, only what names the company. */
const CompanyAnswer = Schema.Struct({
  CompanyInfo: Schema.Struct({
    CompanyName: Schema.optionalKey(Schema.NullOr(Schema.String)),
    LegalName: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
})

const wrongCompany = (environment: string) =>
  `QuickBooks does not let this connection read the company. Check the company ID, connect as an administrator of that company, and check the environment, which is ${environment}: development keys open sandbox companies only, production keys only real ones.`

/** What an end user can do about a failed validation. */
const hintOf = ({ reason }: ConnectorError.ConnectorError, environment: string): string | undefined => {
  const words = reason.message ?? ""
  switch (reason._tag) {
    case "Unauthorized":
      return "QuickBooks has ended the connection: it was revoked, or not used for about 100 days. Connect the company again."
    case "Forbidden":
      if (/subscription|billing|code 6190/i.test(words)) {
        return "The company's QuickBooks subscription has ended or has a billing problem. See to it in QuickBooks, then connect again."
      }
      if (/code 5020|permission/i.test(words)) {
        return "The QuickBooks user who connected may not read accounting data. Connect again as an administrator of the company."
      }
      return wrongCompany(environment)
    case "NotFound":
    case "InvalidRequest":
      return `QuickBooks knows no such company. Check the company ID and the environment, which is ${environment}.`
    case "BadPayload":
      return "Something other than QuickBooks answered. Check a base URL that replaces QuickBooks' own; otherwise try again in a few minutes."
    case "RateLimited":
      return "QuickBooks is asked too much at the moment, or the month's allowance of reads is used up. Try again in a minute; if it stays, look at the usage in Intuit's developer portal."
    case "Unavailable":
      return "QuickBooks does not answer at the moment. Try again in a few minutes; https://status.developer.intuit.com tells of outages."
    default:
      return undefined
  }
}

/** Proves that the credentials open the company, and names it. The company's id is whose data it is. */
export const validate = Effect.fn("QuickBooks.validate")(function* (client: ProviderClient.ProviderClient) {
  const { settings } = client
  const realmId = realmOf(settings)
  if (realmId === "") {
    return yield* client.fail(
      "validate",
      new ConnectorError.InvalidRequest({ field: "settings.realmId", message: "the company ID is missing" }),
      "Sign in to QuickBooks to connect, which tells the company by itself, or give the company ID (realm ID)."
    )
  }
  const { CompanyInfo: company } = yield* client
    .decode(
      {
        operation: "validate",
        path: pathOf(settings, `/companyinfo/${encodeURIComponent(realmId)}`),
        query: { minorversion: settings.minorVersion ?? "75" }
      },
      CompanyAnswer
    )
    .pipe(
      Effect.mapError((error) => {
        const hint = error.hint ?? hintOf(error, settings.environment ?? "production")
        return hint === undefined ? error : client.fail("validate", error.reason, hint)
      })
    )
  return {
    name: text(company.CompanyName) ?? text(company.LegalName) ?? null,
    subject: realmId
  } satisfies Connector.Account
})
