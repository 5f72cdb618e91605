import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Connector } from "../../src/index.ts"
import { clientOn, connector, failing, oauthScheme, ok, transport } from "./Fakes.ts"
import { get, oauthClient, tokens, vault } from "./TokenApp.ts"

describe("settings that come with the tokens", () => {
  const scheme: typeof oauthScheme = { ...oauthScheme, settingsFrom: { answer: { instanceUrl: "instance_url" } } }
  const instances = Connector.make({
    ...connector(),
    auth: [scheme],
    settings: [{ key: "instanceUrl", label: "Instance URL", help: "From the token answer.", required: false }],
    http: {
      baseUrl: ({ instanceUrl }) => {
        if (instanceUrl === undefined) throw new TypeError("no instance yet")
        return instanceUrl
      }
    }
  })
  const moving = (log: Array<string> = []) =>
    transport((seen) => {
      if (seen.url.pathname === "/token") return ok({ access_token: "new", instance_url: "https://eu2.example.com" })
      log.push(`${seen.url.host} ${seen.headers["authorization"]}`)
      return seen.url.host === "eu2.example.com" ? ok({}) : failing(401, '{"error":"moved"}')
    })

  it.effect("send the repeated request, and all after it, to the address that the refresh told", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { source } = vault({ ...tokens("old", "r1"), settings: { instanceUrl: "https://eu1.example.com" } })
      const client = yield* clientOn(moving(log), { connector: instances, credentials: source, oauthClient })
      yield* client.json(get)
      yield* client.json(get)
      assert.deepStrictEqual(log, [
        "eu1.example.com Bearer old",
        "eu2.example.com Bearer new",
        "eu2.example.com Bearer new"
      ])
      assert.strictEqual(client.settings.instanceUrl, "https://eu2.example.com")
      const stored = yield* source.current
      assert.deepStrictEqual(stored.kind === "oauth2" && stored.settings, { instanceUrl: "https://eu2.example.com" })
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
    })
  )

  it.effect("are asked for before the first request when nobody knows them", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { source } = vault(tokens("old", "r1"))
      const client = yield* clientOn(moving(log), { connector: instances, credentials: source, oauthClient })
      yield* client.json(get)
      assert.deepStrictEqual(log, ["eu2.example.com Bearer new"])
    })
  )

  it.effect("are asked for once only from an app that does not tell them", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => ok(seen.url.pathname === "/token" ? { access_token: "new" } : {}))
      const client = yield* clientOn(fake, {
        connector: instances,
        credentials: vault(tokens("old", "r1")).source,
        oauthClient,
        baseUrlOverride: "https://override.example.com",
        settings: {}
      })
      yield* client.json(get)
      yield* client.json(get)
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
    })
  )

  it.effect("may come from the operator's token endpoint", () =>
    Effect.gen(function* () {
      const fake = moving()
      const client = yield* clientOn(fake, {
        connector: instances,
        credentials: vault(tokens("old", "r1")).source,
        oauthClient: { ...oauthClient, tokenUrl: "https://sandbox.example.com/token" }
      })
      yield* client.json(get)
      assert.strictEqual(fake.seen[0]?.url.host, "sandbox.example.com")
    })
  )

  it("must be declared as settings", () => {
    assert.throws(() => Connector.make({ ...instances, settings: [] }), /settingsFrom of oauth names instanceUrl/)
  })
})
