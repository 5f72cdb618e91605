import { Effect, Layer, Logger, Redacted } from "effect"
import { TestClock } from "effect/testing"
import {
  Access,
  Accounts,
  type AuthScheme,
  Connector,
  CoreServices,
  Integrations,
  Revoker,
  RunEngine,
  TestAccounts
} from "@crochet/core"
import { empty, type MemoryState } from "../../src/store/memory/MemoryState.ts"
import { failing, keyScheme, oauthScheme, ok, type Seen, transport } from "../provider/Fakes.ts"
import { surroundings } from "./Surroundings.ts"

export const hour = 60 * 60_000
export const token = "canary-refresh-token-4711"
export const tokens = { accessToken: "canary-access-token", refreshToken: token }
const revocation: AuthScheme.Revocation = { url: () => "https://acme.example.com/revoke", ends: "grant" }

const acme = (how: Partial<AuthScheme.Revocation> | null) => {
  const scheme: AuthScheme.OAuth2Scheme =
    how === null ? oauthScheme : { ...oauthScheme, revocation: { ...revocation, ...how } }
  return Connector.make({
    app: { id: "acme", name: "Acme", categories: ["CRM"], website: "https://a.example", docs: "https://a.example" },
    auth: [scheme, keyScheme],
    settings: [],
    http: { baseUrl: () => "https://acme.example.com/api" },
    validate: (client) =>
      Effect.map(client.json({ operation: "validate", path: "/me" }), (me) => me as { name: string; subject: string }),
    resources: []
  })
}

interface Process {
  readonly access: Access.Access["Service"]
  readonly accounts: Accounts.Accounts["Service"]
  readonly integrations: Integrations.Integrations["Service"]
  readonly principal: Access.Principal
  readonly testAccounts: TestAccounts.TestAccounts["Service"]
  readonly connect: (originOrgId: string, credentials?: object, id?: string) => Effect.Effect<string, unknown>
}

/** Stores that outlive processes, an app that answers `revoke` as told, and what was logged. */
export const install = (how: Partial<AuthScheme.Revocation> | null = {}) => {
  const state = empty()
  const logged: Array<string> = []
  let key: Redacted.Redacted<string> | undefined
  const app = {
    revoke: (_: Seen, __: number): Response | Effect.Effect<Response> => ok({}),
    refresh: (): Response | Effect.Effect<Response> => ok({ access_token: "fresh", refresh_token: "rotated" }),
    subject: "c1/u1",
    client: true,
    urls: {} as { readonly tokenUrl?: string; readonly revokeUrl?: string },
    refuses: "Bearer expired"
  }
  const { client, seen } = transport((asked) => {
    if (asked.url.pathname === "/revoke") return app.revoke(asked, revoked().length)
    if (asked.url.pathname === "/token") return app.refresh()
    return asked.headers["authorization"] === app.refuses ? failing(401) : ok({ name: "Co", subject: app.subject })
  })
  const revoked = () => seen.filter(({ url }) => url.pathname === "/revoke")
  const connector = acme(how)
  const services = CoreServices.layer({
    masterKey: Redacted.make(new Uint8Array(32).fill(7)),
    apps: {
      baseUrl: () => undefined,
      oauthClient: () =>
        app.client ? { clientId: "me", clientSecret: Redacted.make("canary-secret"), ...app.urls } : undefined
    },
    runs: RunEngine.defaultSettings("test"),
    testAccounts: { ...TestAccounts.defaultLimits, days: 1 }
  }).pipe(Layer.provideMerge(surroundings(state, connector, client)))
  /** Runs a process from its start to its end; `loop: false` is one that dies before it tells the app anything. */
  const process = <A>(body: (process: Process) => Effect.Effect<A, unknown>, { loop = true } = {}) =>
    Effect.gen(function* () {
      const access = yield* Access.Access
      const integrations = yield* Integrations.Integrations
      const { created } = yield* access.bootstrap()
      key ??= created!
      const principal = yield* access.authenticate(key)
      return yield* body({
        access,
        accounts: yield* Accounts.Accounts,
        integrations,
        principal,
        testAccounts: yield* TestAccounts.TestAccounts,
        connect: (originOrgId, credentials = tokens, integrationId) =>
          Effect.map(
            integrations.import(principal, {
              appId: "acme",
              originOrgId,
              credentials: { ...credentials },
              ...(integrationId === undefined ? {} : { integrationId })
            }),
            ({ id }) => id
          )
      })
    }).pipe(
      Effect.provide(loop ? Layer.provideMerge(Revoker.Revoker.layer, services) : Layer.fresh(services)),
      Effect.scoped,
      Effect.provide(Logger.layer([Logger.map(Logger.formatJson, (line) => void logged.push(line))]))
    )
  return { app, connector, logged, process, revoked, seen, state }
}
export const settle = TestClock.adjust(1)
export const dump = (state: MemoryState) =>
  JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value
  )
/** Makes the stored account another workspace's. */
export const elsewhere = (state: MemoryState, id: string, over: object = {}) =>
  state.integrations.set(`${id}_else`, {
    ...state.integrations.get(id)!,
    id: `${id}_else`,
    workspaceId: "ws_else",
    ...over
  })
