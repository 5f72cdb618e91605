import { Effect, Layer, Redacted } from "effect"
import {
  Access,
  type AuthScheme,
  Authorizations,
  Connector,
  type Connector as ConnectorModule,
  CoreServices,
  Integrations,
  Maintenance,
  Revoker,
  RunEngine,
  TestAccounts
} from "@crochet/core"
import { empty, type MemoryState } from "../../src/store/memory/MemoryState.ts"
import { failing, keyScheme, oauthScheme, ok, type Seen, transport } from "../provider/Fakes.ts"
import { surroundings } from "./Surroundings.ts"

export const returnUrl = "https://host.example/done"
export const redirectUri = (appId: string) => `https://sync.example/oauth/callback/${appId}`
export const request = { appId: "acme", originOrgId: "org" }
const signIn: AuthScheme.OAuth2Scheme = {
  ...oauthScheme,
  authorizeUrl: ({ site }) => `https://${site ?? "login"}.acme.example.com/authorize?fixed=1`,
  authorizeParameters: { prompt: "consent", state: "never" },
  settingsFrom: { callback: { realm: "realmId" } }
}

const acme = (scheme: Partial<AuthScheme.OAuth2Scheme>): ConnectorModule.Connector =>
  Connector.make({
    app: { id: "acme", name: "Acme", categories: ["CRM"], website: "https://a.example", docs: "https://a.example" },
    auth: [keyScheme, { ...signIn, ...scheme }],
    settings: [
      { key: "site", label: "Site", help: "", required: false },
      { key: "realm", label: "Realm", help: "Known at the sign-in.", pattern: { source: "^\\d+$", message: "digits" } }
    ],
    http: { baseUrl: () => "https://acme.example.com/api" },
    validate: (client) =>
      Effect.map(client.json({ operation: "validate", path: "/me" }), (me) => {
        const { company, user } = me as { readonly company: string; readonly user: string }
        return { name: `${company} ${client.settings["realm"] ?? ""}`, subject: `${company}/${user}` }
      }),
    resources: []
  })

interface World {
  readonly access: Access.Access["Service"]
  readonly authorizations: Authorizations.Authorizations["Service"]
  readonly integrations: Integrations.Integrations["Service"]
  readonly maintenance: Maintenance.Maintenance["Service"]
  readonly principal: Access.Principal
  readonly seen: ReadonlyArray<Seen>
  readonly state: MemoryState
  /** Who signs in, and whether the app lets them in. */
  readonly me: { company: string; user: string; refused?: boolean }
  readonly begin: (
    more?: Partial<Authorizations.AuthorizeRequest>
  ) => Effect.Effect<{ readonly asked: URLSearchParams; readonly url: URL; readonly id: string }, unknown>
  readonly back: (
    asked: URLSearchParams,
    more?: { readonly [name: string]: string },
    appId?: string
  ) => Effect.Effect<Authorizations.Completion, unknown>
}

export const inWorld = (
  body: (world: World) => Effect.Effect<void, unknown>,
  { client = true, scheme = {} }: { readonly client?: boolean; readonly scheme?: Partial<AuthScheme.OAuth2Scheme> } = {}
) => {
  const state = empty()
  const me: World["me"] = { company: "c1", user: "u1" }
  let grants = 0
  const { client: http, seen } = transport(({ url }) => {
    if (url.pathname === "/revoke") return ok({})
    if (url.pathname !== "/token") return me.refused === true ? failing(403) : ok(me)
    return ok({ access_token: "granted", refresh_token: `kept-${++grants}`, expires_in: 3600 })
  })
  const layer = Layer.merge(Maintenance.Maintenance.layer(Maintenance.defaultSettings), Revoker.Revoker.layer).pipe(
    Layer.provideMerge(
      CoreServices.layer({
        masterKey: Redacted.make(new Uint8Array(32).fill(7)),
        apps: {
          baseUrl: () => undefined,
          oauthClient: () => (client ? { clientId: "me", clientSecret: Redacted.make("s") } : undefined)
        },
        runs: RunEngine.defaultSettings("test"),
        testAccounts: TestAccounts.defaultLimits,
        returnUrls: [returnUrl]
      })
    ),
    Layer.provideMerge(surroundings(state, acme(scheme), http))
  )
  return Effect.gen(function* () {
    const access = yield* Access.Access
    const authorizations = yield* Authorizations.Authorizations
    const { created } = yield* access.bootstrap()
    const principal = yield* access.authenticate(created!)
    yield* body({
      access,
      authorizations,
      integrations: yield* Integrations.Integrations,
      maintenance: yield* Maintenance.Maintenance,
      principal,
      seen,
      state,
      me,
      begin: (more = {}) =>
        Effect.map(authorizations.begin(principal, { ...request, ...more }, redirectUri), (begun) => {
          const url = new URL(begun.authorizeUrl)
          return { url, asked: url.searchParams, id: begun.authorization.id }
        }),
      back: (asked, more = { code: "the-code", realmId: "42" }, appId = "acme") =>
        authorizations.complete({
          appId,
          redirectUri: redirectUri(appId),
          parameters: { state: asked.get("state")!, ...more }
        })
    })
  }).pipe(Effect.provide(layer))
}

export const codeOf = ({ outcome }: Authorizations.Completion) =>
  outcome.connected ? "connected" : outcome.refusal.code
export const refusal = (effect: Effect.Effect<unknown, unknown>) =>
  Effect.map(Effect.flip(effect), (error) => (error as { readonly code: string }).code)
