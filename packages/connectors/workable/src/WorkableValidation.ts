import type { Connector, ConnectorError, ProviderClient } from "@crochet/core"
import * as Effect from "effect/Effect"
import { isRefusal } from "./WorkableErrors.ts"
import { subdomainOf } from "./WorkableSettings.ts"
import { AccountInfo, Accounts, text } from "./WorkableWire.ts"

type Client = ProviderClient.ProviderClient
type Failure = ConnectorError.ConnectorError

const operation = "validate"

const wrongSubdomain = (subdomain: string, others: ReadonlyArray<string>) =>
  others.length > 0
    ? `This token belongs to ${others.join(", ")} and not to "${subdomain}". Give that subdomain, or a token of "${subdomain}".`
    : `No Workable account answers for the subdomain "${subdomain}". It is the first part of the address in your browser when you use Workable: for https://acme.workable.com it is acme.`

/** What an end user can do about a failed validation. */
const hintOf = ({ reason }: Failure, subdomain: string): string | undefined => {
  switch (reason._tag) {
    case "Unauthorized":
      return "Workable does not know this token. Copy it again from Settings → Integrations → Apps → API access tokens, or generate a new one: tokens can expire, and end when an administrator revokes them."
    case "Forbidden":
      return "The token has no scope for anything that can be read here. Generate one with r_jobs and r_candidates, and r_employees for employees."
    case "NotFound":
    case "BadPayload":
      return wrongSubdomain(subdomain, [])
    case "RateLimited":
      return "Workable is asked too much at the moment, perhaps by another integration with the same token. Try again in a minute."
    case "Unavailable":
      return reason.status === undefined
        ? `Workable could not be reached under the subdomain "${subdomain}". Check its spelling; if it is right, try again in a few minutes.`
        : "Workable does not answer at the moment. Try again in a few minutes; https://status.workable.com tells of outages."
    default:
      return undefined
  }
}

/** The subdomains that the token may see, for a hint; none when the app does not say. */
const subdomains = (client: Client) =>
  client.decode({ operation, path: "/accounts" }, Accounts).pipe(
    Effect.map(({ accounts }) => accounts.flatMap((account) => text(account.subdomain) ?? [])),
    Effect.orElseSucceed((): ReadonlyArray<string> => [])
  )

/** One row of what the token may read: recruiting, else employees. Fails when it may read neither. */
const readSomething = (client: Client) =>
  client.json({ operation, path: "/jobs", query: { limit: 1 } }).pipe(
    Effect.catchIf(isForbidden, (refused) =>
      client
        .json({ operation, path: "/employees", query: { limit: 1 } })
        .pipe(Effect.mapError((error) => (isRefusal(error) ? refused : error)))
    ),
    Effect.asVoid
  )

const isForbidden = (error: Failure) => error.reason._tag === "Forbidden"

/**
 * Proves that the token works for this account and may read something, and names the account.
 *
 * A token without the scope for the account's name is as good as one with it.
 */
export const validate = Effect.fn("Workable.validate")(function* (client: Client) {
  const subdomain = subdomainOf(client.settings.subdomain ?? "")
  const explain = (error: Failure) => {
    const hint = hintOf(error, subdomain)
    return hint === undefined ? error : client.fail(operation, error.reason, hint)
  }
  const about = yield* client
    .decode({ operation, path: `/accounts/${encodeURIComponent(subdomain)}` }, AccountInfo)
    .pipe(
      Effect.catchIf(isForbidden, () => Effect.succeed(undefined)),
      Effect.catchIf(
        (error) => error.reason._tag === "NotFound",
        (error) =>
          Effect.flatMap(subdomains(client), (others) =>
            Effect.fail(client.fail(operation, error.reason, wrongSubdomain(subdomain, others)))
          )
      ),
      Effect.mapError((error) => (error.hint === undefined ? explain(error) : error))
    )
  yield* readSomething(client).pipe(Effect.mapError(explain))
  return { name: text(about?.name) ?? subdomain, subject: text(about?.id) ?? null } satisfies Connector.Account
})
