import type { ConnectorError, Credentials, ProviderClient, Resource } from "@crochet/core"
import { CredentialsSource, Page, ProviderClients } from "@crochet/core"
import { Hurry } from "@crochet/core/testing"
import type { QuickBooksOptions, QuickBooksSimulator } from "@crochet/simulators"
import { startQuickBooks } from "@crochet/simulators"
import { Effect, Redacted, Schema, type Scope, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import type { Row } from "../src/QuickBooksWire.ts"
import { connector } from "../src/index.ts"

/** The connector's resource of a data type. */
export const resource = (dataType: string): Resource.AnyResource => {
  const found = connector.resources.find((one) => one.dataType.id === dataType)
  if (found === undefined) throw new Error(`no resource ${dataType}`)
  return found
}

/** The minute after throttling takes no time either. */
const hurried = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Hurry.hurried(effect, (millis) => millis <= 20_000 || (millis >= 55_000 && millis <= 61_000))

export interface Issue {
  readonly code: string
  readonly message: string
}

/** A connected company of a simulator, as the engine holds one. */
export interface Account {
  readonly sim: QuickBooksSimulator
  readonly client: ProviderClient.ProviderClient
  readonly issues: Array<Issue>
  readonly context: (options?: Partial<Resource.ResourceContext>) => Resource.ResourceContext
}

export const tokensOf = (accessToken: string, refreshToken: string): Credentials.OAuth2Credentials => ({
  kind: "oauth2",
  scheme: "oauth2",
  accessToken: Redacted.make(accessToken),
  refreshToken: Redacted.make(refreshToken)
})

export const clientOf = (
  sim: QuickBooksSimulator,
  credentials: CredentialsSource.CredentialsSource,
  settings: { readonly [key: string]: string } = { realmId: sim.realmId }
) =>
  ProviderClients.make({
    connector,
    settings: { environment: "production", minorVersion: "75", ...settings },
    credentials,
    baseUrlOverride: sim.url,
    tokenUrlOverride: sim.tokenUrl,
    oauthClient: { clientId: sim.clientId, clientSecret: Redacted.make(sim.clientSecret) }
  }).pipe(Effect.provide(FetchHttpClient.layer))

const contextOf =
  (client: ProviderClient.ProviderClient, issues: Array<Issue>): Account["context"] =>
  (options = {}) => ({
    client,
    models: new Set(),
    filters: {},
    passthrough: { query: {}, body: {}, headers: {} },
    includeInactive: true,
    checkpoint: null,
    issue: (issue) => Effect.sync(() => void issues.push(issue)),
    end: ({ because, cursor, paging }) =>
      Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) }),
    ...options
  })

/** A simulated company and the account on it, for as long as the scope lives. */
export const connect = (options: QuickBooksOptions = {}) =>
  Effect.gen(function* () {
    const sim = yield* Effect.acquireRelease(
      Effect.promise(() => startQuickBooks(options)),
      (running) => Effect.promise(() => running.close())
    )
    const client = yield* clientOf(sim, CredentialsSource.memory(tokensOf(sim.accessToken, sim.refreshToken)))
    const issues: Array<Issue> = []
    return { sim, client, issues, context: contextOf(client, issues) } satisfies Account
  })

/** Runs a test on an account of its own. */
export const withAccount = <A, E>(
  options: QuickBooksOptions,
  test: (account: Account) => Effect.Effect<A, E, Scope.Scope>
): Promise<A> => Effect.runPromise(hurried(Effect.scoped(Effect.flatMap(connect(options), test))))

/** What a stream of pages gave. */
export interface Collected {
  readonly pages: ReadonlyArray<Page.Page>
  readonly rows: ReadonlyArray<unknown>
  readonly deleted: ReadonlyArray<string>
  readonly end: Page.End | undefined
}

export const collect = (stream: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(stream), (all): Collected => {
    const pages = all.filter((one): one is Page.Page => !Page.isEnd(one))
    return {
      pages,
      rows: pages.flatMap((page) => page.records),
      deleted: pages.flatMap((page) => page.deleted),
      end: all.find((one): one is Page.End => Page.isEnd(one))
    }
  })

/** The record as the engine decodes it; fails the test when the mapper's answer does not fit the models. */
export const decoded = (dataType: string, row: Row): { readonly [model: string]: unknown } => {
  const of = resource(dataType)
  const input: { readonly [key: string]: unknown } = of.toRecord(row)
  return Object.fromEntries(
    Object.entries(of.dataType.models).map(([key, model]) => {
      const value = input[key]
      return [key, value === null || value === undefined ? null : Schema.decodeUnknownSync(model.schema)(value)]
    })
  )
}

/** The error that an effect is expected to fail with. */
export const failure = <A, R>(effect: Effect.Effect<A, ConnectorError.ConnectorError, R>) => Effect.flip(effect)
