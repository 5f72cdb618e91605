import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import {
  Accounts,
  IntegrationStore,
  MemoryStore,
  PortableCrypto,
  Vault,
  type Credentials,
  type Integration
} from "@crochet/core"
import { connector, failing, keyCredentials, ok, transport } from "../provider/Fakes.ts"

const integration: Integration.Integration = {
  id: "int_1",
  workspaceId: "ws_1",
  appId: "acme",
  category: "HRIS",
  originOrgId: "org",
  originOrgName: null,
  accountType: "production",
  testSince: null,
  state: "active",
  settings: {},
  accountName: null,
  subject: null,
  lastError: null,
  createdAt: 0,
  updatedAt: 0,
  deactivatedAt: null
}
const tokens = (access: string): Credentials.Credentials => ({
  kind: "oauth2",
  scheme: "oauth",
  accessToken: Redacted.make(access),
  refreshToken: Redacted.make(`refresh ${access}`)
})

/** An account with an old token that the app refuses; `meanwhile` happens while the token endpoint is asked. */
const refresh = (
  meanwhile: (
    accounts: Accounts.Accounts["Service"],
    store: IntegrationStore.IntegrationStore["Service"]
  ) => Effect.Effect<unknown, unknown>
) => {
  let during: Effect.Effect<unknown, unknown> = Effect.void
  const { client, seen } = transport(({ headers, url }) =>
    url.pathname === "/token"
      ? Effect.as(Effect.orDie(during), ok({ access_token: "new", refresh_token: "rotated", expires_in: 3600 }))
      : headers["authorization"] === "Bearer old"
        ? failing(401, "{}")
        : ok({})
  )
  const layer = Accounts.Accounts.layer({
    baseUrl: () => undefined,
    oauthClient: () => ({ clientId: "c", clientSecret: Redacted.make("s") })
  }).pipe(
    Layer.provideMerge(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(7)))),
    Layer.provideMerge(
      Layer.mergeAll(MemoryStore.layer, PortableCrypto.layer, Layer.succeed(HttpClient.HttpClient, client))
    )
  )
  return Effect.gen(function* () {
    const accounts = yield* Accounts.Accounts
    const store = yield* IntegrationStore.IntegrationStore
    yield* store.save(integration, yield* accounts.seal(integration, tokens("old")))
    during = meanwhile(accounts, store)
    const app = yield* accounts.client(connector(), integration)
    yield* Effect.exit(app.request({ operation: "x", path: "/x" }))
    during = Effect.void
    const before = seen.length
    yield* Effect.exit((yield* accounts.client(connector(), integration)).request({ operation: "x", path: "/x" }))
    return {
      stored: yield* store.credentials("ws_1", "int_1"),
      used: seen.slice(before).map(({ headers }) => headers["authorization"])
    }
  }).pipe(Effect.scoped, Effect.provide(layer))
}
const bytesOf = (stored: { readonly _tag: string; readonly value?: Uint8Array }) => stored.value!.length

describe("a refreshed token", () => {
  it.effect("is stored sealed, and used from then on", () =>
    Effect.gen(function* () {
      const { stored, used } = yield* refresh(() => Effect.void)
      assert.deepStrictEqual(used, ["Bearer new"])
      assert.notInclude(new TextDecoder().decode((stored as { value: Uint8Array }).value), "rotated")
    })
  )

  it.effect("does not replace what was connected meanwhile, by tokens or by a key", () =>
    Effect.gen(function* () {
      const reconnect = (credentials: Credentials.Credentials) =>
        refresh((accounts, store) =>
          Effect.flatMap(accounts.seal(integration, credentials), (sealed) => store.save(integration, sealed))
        )
      assert.deepStrictEqual((yield* reconnect(tokens("reconnected"))).used, ["Bearer reconnected"])
      assert.match((yield* reconnect(keyCredentials)).used[0] ?? "", /^Basic /)
    })
  )

  it.effect("does not bring back the credentials of an account that was deactivated meanwhile", () =>
    Effect.gen(function* () {
      const { stored } = yield* refresh((_, store) =>
        store.save({ ...integration, state: "deactivated" }, new Uint8Array())
      )
      assert.strictEqual(bytesOf(stored as never), 0)
    })
  )
})
