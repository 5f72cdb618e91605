import { type AuthScheme, Connector, CredentialsSource, ProviderClients } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { createServer, type AddressInfo } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as ProviderHttp from "../../src/egress/ProviderHttp.ts"

// An app whose hosts are made from what the end user typed, without any check by its connector.
const oauth: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth",
  title: "OAuth",
  grant: "client_credentials",
  tokenUrl: ({ tokens }) => `http://${tokens ?? ""}/token`,
  clientAuthentication: "body",
  pkce: false,
  scopes: []
}
const none: AuthScheme.NoneScheme = { kind: "none", id: "none", title: "None" }
const app = Connector.make({
  app: { id: "acme", name: "Acme", categories: [], website: "https://example.com", docs: "https://example.com/docs" },
  auth: [none, oauth],
  settings: [],
  http: { baseUrl: ({ host }) => `http://${host ?? ""}/api` },
  validate: () => Effect.succeed({ name: null, subject: null }),
  resources: []
})

/** Counts what is tried; nothing may be. */
const listener = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly connections: () => number; readonly stop: () => void }>(
    (resume) => {
      let connections = 0
      const server = createServer((socket) => {
        connections++
        socket.destroy()
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ port, connections: () => connections, stop: () => server.close() }))
      })
    }
  ),
  ({ stop }) => Effect.sync(stop)
)

const resolve: EgressGuard.Resolve = (_, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }])
const http = ProviderHttp.layer().pipe(
  Layer.provide(
    Layer.sync(EgressGuard.EgressGuard, () => EgressGuard.make({ allowHttp: true, allowHighPorts: true, resolve }))
  )
)
const sentence = new EgressGuard.EgressRefused({ refusal: "address" }).message

const failure = Effect.fnUntraced(function* (options: Partial<ProviderClients.Options>) {
  const context = yield* Layer.build(http)
  const client = yield* ProviderClients.make({
    connector: app,
    settings: {},
    credentials: CredentialsSource.memory({ kind: "none", scheme: "none" }),
    ...options
  }).pipe(Effect.provide(context))
  const error = yield* Effect.flip(client.request({ operation: "list", path: "/people" }))
  return { reason: error.reason, calls: client.statistics() }
})

describe("a connector whose host is an end user's text", () => {
  it.live.each([
    ["an inner address", (port: number) => `127.0.0.1:${port}`],
    ["an inner address, otherwise written", (port: number) => `0x7f.1:${port}`],
    ["IPv4 in IPv6", (port: number) => `[::ffff:7f00:1]:${port}`],
    ["a name that leads inside", (port: number) => `acme.example:${port}`],
    ["a way out of the host that was meant", (port: number) => `127.0.0.1:${port}/x?y=.acme.example`]
  ] as const)("is told the rule about %s, once, and nothing is sent", ([, host]) =>
    Effect.gen(function* () {
      const { connections, port } = yield* listener
      const { calls, reason } = yield* failure({ settings: { host: host(port) } })
      assert.deepStrictEqual([reason._tag, reason.message], ["InvalidRequest", sentence])
      assert.strictEqual(calls.retries, 0)
      assert.strictEqual(connections(), 0)
    })
  )

  it.live("is told the rule about a base URL of the operator's, too", () =>
    Effect.gen(function* () {
      const { connections, port } = yield* listener
      const { reason } = yield* failure({
        settings: { host: "acme.test" },
        baseUrlOverride: `http://127.0.0.1:${port}`
      })
      assert.deepStrictEqual([reason._tag, reason.message], ["InvalidRequest", sentence])
      assert.strictEqual(connections(), 0)
    })
  )

  it.live("is told the rule about its token URL, and no secret leaves", () =>
    Effect.gen(function* () {
      const { connections, port } = yield* listener
      const { calls, reason } = yield* failure({
        settings: { host: "acme.test", tokens: `127.0.0.1:${port}` },
        credentials: CredentialsSource.memory({ kind: "oauth2", scheme: "oauth", accessToken: Redacted.make("") }),
        oauthClient: { clientId: "id", clientSecret: Redacted.make("canary") }
      })
      assert.deepStrictEqual([reason._tag, reason.message], ["InvalidRequest", sentence])
      assert.strictEqual(calls.retries, 0)
      assert.strictEqual(connections(), 0)
    })
  )
})
