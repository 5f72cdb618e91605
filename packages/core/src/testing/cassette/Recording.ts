import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Json } from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import type { Values } from "../../connector/AuthScheme.ts"
import { type Connector, supportedModels } from "../../connector/Connector.ts"
import type { ConnectorError } from "../../connector/ConnectorError.ts"
import type { Credentials } from "../../connector/Credentials.ts"
import { isEnd, mintEnd } from "../../connector/Page.ts"
import * as CredentialsSource from "../../provider/CredentialsSource.ts"
import * as ProviderClients from "../../provider/ProviderClients.ts"
import type { Cassette, Entry } from "./Cassette.ts"
import * as Scrub from "./Scrub.ts"

/** Whom to ask, and for how much. */
export interface Options extends Scrub.Options {
  readonly connector: Connector
  readonly settings: Values
  readonly credentials: Credentials
  /** Instead of the connector's own; for an app's sandbox. */
  readonly baseUrl?: string
  /** Pages of each data type. Default 2. */
  readonly pages?: number
}

/** A recording has something in it that must not be written; nothing was. */
export class Leak extends Error {
  override readonly name = "Leak"
}

const secretsOf = (credentials: Credentials): ReadonlyArray<string> => {
  if (credentials.kind === "key") return Object.values(credentials.values).map((value) => Redacted.value(value))
  if (credentials.kind !== "oauth2") return []
  const { accessToken, refreshToken } = credentials
  return [accessToken, ...(refreshToken === undefined ? [] : [refreshToken])].map((token) => Redacted.value(token))
}

/** Throws `Leak` when a text stands in the cassette that must not; shorter ones than six characters prove nothing. */
export const mustNotLeak = (cassette: Cassette, texts: Iterable<string>): Cassette => {
  const written = JSON.stringify(cassette.entries)
  let position = 0
  for (const text of texts) {
    position++
    if (text.length < 6 || !written.includes(JSON.stringify(text).slice(1, -1))) continue
    throw new Leak(`Text ${position} of those that were to be replaced is still there: nothing is written.`)
  }
  return cassette
}

/**
 * Reads the first pages of every data type from a live account, by the connector itself, and gives them scrubbed: every
 * value is replaced by a fake of the same shape, headers are not kept, and that no credential and no replaced text is
 * left is proven before anything is given. Needs a client that reaches the app, e.g. `FetchHttpClient.layer`.
 */
export const record = Effect.fn("Recording.record")(function* (
  options: Options
): Effect.fn.Return<Cassette, ConnectorError, HttpClient.HttpClient | Scope.Scope> {
  const { connector, keep = [], pages = 2 } = options
  const live = yield* HttpClient.HttpClient
  const scrub = Scrub.make(options)
  const entries: Array<Entry> = []
  const tape = HttpClient.makeWith<never, never, HttpClientError, never>(
    (request) => Effect.flatMap(request, (one) => taped(live, one, scrub, entries)),
    Effect.succeed
  )
  const client = yield* ProviderClients.make({
    connector,
    settings: options.settings,
    credentials: CredentialsSource.memory(options.credentials),
    ...(options.baseUrl === undefined ? {} : { baseUrlOverride: options.baseUrl })
  }).pipe(Effect.provideService(HttpClient.HttpClient, tape))
  yield* connector.validate(client)
  for (const resource of connector.resources) {
    yield* resource
      .list({
        client,
        models: new Set(supportedModels(resource)),
        filters: {},
        passthrough: { query: {}, body: {}, headers: {} },
        includeInactive: true,
        checkpoint: null,
        issue: () => Effect.void,
        end: ({ because, cursor, paging }) =>
          mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) })
      })
      .pipe(
        Stream.filter((next) => !isEnd(next)),
        Stream.take(pages),
        Stream.runDrain
      )
  }
  const cassette: Cassette = { app: connector.app.id, keep: [...keep], entries }
  const kept = new Set(keptWords(entries, keep))
  const secrets = secretsOf(options.credentials)
  return mustNotLeak(cassette, [
    ...secrets,
    ...[...scrub.replaced].filter((text) => !kept.has(text) && /\p{L}/u.test(text))
  ])
}, Effect.scoped)

const taped = (
  live: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  scrub: Scrub.Scrub,
  entries: Array<Entry>
) =>
  Effect.flatMap(live.execute(request), (response) =>
    Effect.map(response.text, (text) => {
      const url = new URL(request.url)
      for (const [name, value] of request.urlParams) {
        url.searchParams.append(name, Redacted.isRedacted(value) ? Redacted.value(value) : value)
      }
      const parsed = Result.try((): Json => JSON.parse(text) as Json)
      const { status } = response
      const body = Result.isSuccess(parsed) ? scrub.value(parsed.success) : null
      entries.push({ method: request.method, target: scrub.target(url), status, body })
      const { "content-encoding": _, "content-length": __, "transfer-encoding": ___, ...headers } = response.headers
      return HttpClientResponse.fromWeb(request, new Response(text === "" ? null : text, { status, headers }))
    })
  )

/** Words that stayed may be values elsewhere, too: they are no leak. */
const keptWords = (entries: ReadonlyArray<Entry>, keep: ReadonlyArray<string>): ReadonlyArray<string> => {
  const words: Array<string> = []
  const walk = (value: Json, key: string): void => {
    if (typeof value === "string" && keep.includes(key)) words.push(value)
    if (Array.isArray(value)) for (const item of value as ReadonlyArray<Json>) walk(item, key)
    else if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, name)
  }
  for (const { body } of entries) walk(body, "")
  return words
}
