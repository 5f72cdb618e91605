import { Effect, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import type {
  AuthScheme,
  Connector as ConnectorModule,
  Credentials,
  Paginator,
  ProviderClient,
  Resource
} from "../../src/index.ts"
import { Connector, CredentialsSource, Page, ProviderClients } from "../../src/index.ts"

/** A request as a fake app saw it. */
export interface Seen {
  readonly method: string
  readonly url: URL
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string
}

/** The canary: it may be in an authentication header or a token request and nowhere else. */
export const SECRET = "canary-9f8e7d6c5b4a"

export const keyScheme: AuthScheme.KeyScheme = {
  kind: "key",
  id: "api_key",
  title: "API key",
  fields: [],
  headers: ({ apiKey }) => ({ authorization: `Basic ${btoa(`${apiKey ?? ""}:x`)}` })
}

export const keyCredentials: Credentials.Credentials = {
  kind: "key",
  scheme: "api_key",
  values: { apiKey: Redacted.make(SECRET) }
}

export const oauthScheme: AuthScheme.OAuth2Scheme = {
  kind: "oauth2",
  id: "oauth",
  title: "OAuth",
  grant: "authorization_code",
  tokenUrl: () => "https://acme.example.com/token",
  clientAuthentication: "basic",
  pkce: true,
  scopes: ["read"]
}

export const connector = (
  http: Partial<ConnectorModule.HttpProfile> = {},
  auth: ReadonlyArray<AuthScheme.AuthScheme> = [keyScheme, oauthScheme]
): ConnectorModule.Connector =>
  Connector.make({
    app: { id: "acme", name: "Acme", categories: [], website: "https://example.com", docs: "https://example.com/docs" },
    auth,
    settings: [],
    http: { baseUrl: () => "https://acme.example.com/api/v1", ...http },
    validate: () => Effect.succeed({ name: null, subject: null }),
    resources: []
  })

const bodyOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""

/** An `HttpClient` that hands every request to `answer`. */
export const transport = (answer: (seen: Seen, nth: number) => Response | Effect.Effect<Response>) => {
  const seen: Array<Seen> = []
  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const one = { method: request.method, url, headers: { ...request.headers }, body: bodyOf(request) }
      seen.push(one)
      const given = answer(one, seen.length)
      return Effect.map(given instanceof Response ? Effect.succeed(given) : given, (response) =>
        HttpClientResponse.fromWeb(request, response)
      )
    })
  )
  return { client, seen }
}

/** A client of the fake app, made on the given transport. */
export const clientOn = (
  { client }: { readonly client: HttpClient.HttpClient },
  options: Partial<ProviderClients.Options> & { readonly http?: Partial<ConnectorModule.HttpProfile> } = {}
) =>
  ProviderClients.make({
    connector: connector(options.http),
    settings: {},
    credentials: CredentialsSource.memory(keyCredentials),
    ...options
  }).pipe(Effect.provideService(HttpClient.HttpClient, client))

export const ok = (body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status: 200, headers: { "content-type": "application/json", ...headers } })

export const failing = (status: number, body: string = "", headers: Record<string, string> = {}): Response =>
  new Response(body, { status, headers })

/** A run's context for a listing, with the issues that it collects. */
export const contextOf = (
  client: ProviderClient.ProviderClient,
  options: { readonly checkpoint?: unknown; readonly query?: { readonly [name: string]: string } } = {}
) => {
  const issues: Array<string> = []
  const context: Resource.ResourceContext = {
    client,
    models: new Set(),
    filters: {},
    passthrough: { query: options.query ?? {}, body: {}, headers: {} },
    includeInactive: true,
    checkpoint: options.checkpoint ?? null,
    issue: ({ code }) => Effect.sync(() => void issues.push(code)),
    end: ({ because, cursor, paging }) =>
      Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) })
  }
  return { context, issues }
}

/** Everything that a pager streams. */
export const readAll = <Raw>(
  pager: Paginator.Pager<Raw>,
  client: ProviderClient.ProviderClient,
  options: { readonly checkpoint?: unknown; readonly since?: string } = {}
) =>
  Effect.gen(function* () {
    const { context, issues } = contextOf(client, options)
    const streamed = yield* Stream.runCollect(pager(context, options.since))
    const pages = streamed.filter((one) => one._tag === "Page")
    return {
      issues,
      pages,
      records: pages.flatMap((one) => one.records),
      ends: streamed.filter(Page.isEnd),
      endIsLast: Page.isEnd(streamed.at(-1))
    }
  })
