import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { clientOn, connector, oauthScheme, ok, transport } from "./Fakes.ts"
import { get, oauthClient, tokens, vault } from "./TokenApp.ts"

describe("OAuth 2 token URL", () => {
  it.effect("asks the operator's override for tokens too, when they come from the connector's own host", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => (seen.url.pathname === "/sim/token" ? ok({ access_token: "new" }) : ok({})))
      const client = yield* clientOn(fake, {
        baseUrlOverride: "http://127.0.0.1:9/sim",
        credentials: vault(tokens("old", "r1", 1)).source,
        oauthClient
      })
      yield* client.json(get)
      assert.deepStrictEqual(
        fake.seen.map((one) => one.url.href),
        ["http://127.0.0.1:9/sim/token", "http://127.0.0.1:9/sim/employees"]
      )
    })
  )

  it.effect("asks the operator's token URL when the app has a host of its own for tokens", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => (seen.url.port === "8" ? ok({ access_token: "new" }) : ok({})))
      const client = yield* clientOn(fake, {
        connector: connector({}, [{ ...oauthScheme, tokenUrl: () => "https://login.example.com/token" }]),
        tokenUrlOverride: "http://127.0.0.1:8/token",
        credentials: vault(tokens("old", "r1", 1)).source,
        oauthClient
      })
      yield* client.json(get)
      assert.deepStrictEqual(
        fake.seen.map((one) => one.url.host),
        ["127.0.0.1:8", "acme.example.com"]
      )
    })
  )
})
