import { Effect, Redacted } from "effect"
import type { Credentials } from "../../src/index.ts"
import { CredentialsSource } from "../../src/index.ts"
import { failing, ok, type Seen, transport } from "./Fakes.ts"

/** This installation's client. */
export const oauthClient = { clientId: "crochet", clientSecret: Redacted.make("client+secret") }
/** Stored tokens. */
export const tokens = (access: string, refresh?: string, expiresAt?: number): Credentials.OAuth2Credentials => ({
  kind: "oauth2",
  scheme: "oauth",
  accessToken: Redacted.make(access),
  ...(refresh === undefined ? {} : { refreshToken: Redacted.make(refresh) }),
  ...(expiresAt === undefined ? {} : { expiresAt })
})

/** A vault that writes down what was stored, in the order of everything else that happens. */
export const vault = (first: Credentials.OAuth2Credentials, log: Array<string> = []) => {
  const memory = CredentialsSource.memory(first)
  const source: CredentialsSource.CredentialsSource = {
    ...memory,
    refreshed: (next, previous) =>
      Effect.andThen(
        Effect.sync(() => log.push(next.kind === "oauth2" ? `stored ${Redacted.value(next.accessToken)}` : "stored?")),
        memory.refreshed(next, previous)
      )
  }
  const stored = Effect.map(memory.current, (now) =>
    now.kind !== "oauth2"
      ? []
      : [Redacted.value(now.accessToken), now.refreshToken && Redacted.value(now.refreshToken), now.expiresAt]
  )
  return { source, stored, log }
}

/** An app that takes only `good` tokens and answers token requests with `grant`. */
export const app = (
  good: (token: string) => boolean,
  grant: (form: URLSearchParams, nth: number, seen: Seen) => Response | Effect.Effect<Response>,
  log: Array<string> = []
) => {
  let grants = 0
  return transport((seen) => {
    if (seen.url.pathname === "/token") {
      grants += 1
      return grant(new URLSearchParams(seen.body), grants, seen)
    }
    const token = (seen.headers["authorization"] ?? "").replace("Bearer ", "")
    log.push(`used ${token}`)
    return good(token) ? ok({}) : failing(401, '{"error":"expired"}')
  })
}
/** A request that wants a token. */
export const get = { operation: "employee.list", path: "/employees" }
