import type { ConnectorError, Credentials, ProviderClient, Resource } from "@crochet/core"
import { Connector, CredentialsSource, Page, ProviderClients } from "@crochet/core"
import { Hurry } from "@crochet/core/testing"
import type { SalesforceOptions, SalesforceSimulator } from "@crochet/simulators"
import { startSalesforce } from "@crochet/simulators"
import type { Scope } from "effect"
import { Effect, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { connector } from "../src/index.ts"
import type { Row } from "../src/SalesforceRow.ts"

export const resourceOf = (dataType: string): Resource.AnyResource => Connector.resourceOf(connector, dataType)!

export const { hurried } = Hurry

export interface Issue {
  readonly code: string
  readonly message: string
}

/** A connected org, as the engine holds one. */
export interface Account {
  readonly sim: SalesforceSimulator
  readonly client: ProviderClient.ProviderClient
  readonly issues: Array<Issue>
  readonly context: (
    dataType: string,
    options?: Partial<Omit<Resource.ResourceContext, "models">> & { readonly models?: ReadonlyArray<string> }
  ) => Resource.ResourceContext
}

export const tokensOf = (sim: SalesforceSimulator): Credentials.OAuth2Credentials => ({
  kind: "oauth2",
  scheme: "oauth2",
  accessToken: Redacted.make(sim.accessToken),
  refreshToken: Redacted.make(sim.refreshToken)
})

export const clientOf = (
  sim: SalesforceSimulator,
  credentials: CredentialsSource.CredentialsSource,
  settings: { readonly [key: string]: string } = {}
) =>
  ProviderClients.make({
    connector,
    settings: { instanceUrl: "https://acme.my.salesforce.com", ...settings },
    credentials,
    baseUrlOverride: sim.url,
    oauthClient: { clientId: "crochet", clientSecret: Redacted.make("client-secret-canary"), tokenUrl: sim.tokenUrl }
  }).pipe(Effect.provide(FetchHttpClient.layer))

/** A simulated org and the account on it, for as long as the scope lives. */
export const connect = (options: SalesforceOptions = {}, settings: { readonly [key: string]: string } = {}) =>
  Effect.gen(function* () {
    const sim = yield* Effect.acquireRelease(
      Effect.promise(() => startSalesforce(options)),
      (running) => Effect.promise(() => running.close())
    )
    const client = yield* clientOf(sim, CredentialsSource.memory(tokensOf(sim)), settings)
    const issues: Array<Issue> = []
    const account: Account = {
      sim,
      client,
      issues,
      context: (dataType, given = {}) => ({
        client,
        filters: {},
        passthrough: { query: {}, body: {}, headers: {} },
        includeInactive: true,
        checkpoint: null,
        issue: (issue) => Effect.sync(() => void issues.push(issue)),
        end: ({ because, cursor, paging }) =>
          Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) }),
        ...given,
        models: new Set(given.models ?? Connector.supportedModels(resourceOf(dataType)))
      })
    }
    return account
  })

/** What a stream of pages gave. */
export interface Collected {
  readonly pages: ReadonlyArray<Page.Page<Row>>
  readonly rows: ReadonlyArray<Row>
  readonly deleted: ReadonlyArray<string>
  readonly end: Page.End | undefined
}

export const collect = (stream: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(stream), (all): Collected => {
    const pages = all.filter((one): one is Page.Page<Row> => one._tag === "Page")
    return {
      pages,
      rows: pages.flatMap((page) => page.records),
      deleted: pages.flatMap((page) => page.deleted),
      end: all.find((one): one is Page.End => Page.isEnd(one))
    }
  })

/** Runs a test on an org of its own. */
export const withAccount = <A, E>(
  options: SalesforceOptions,
  test: (account: Account) => Effect.Effect<A, E, Scope.Scope>,
  settings: { readonly [key: string]: string } = {}
): Promise<A> => Effect.runPromise(hurried(Effect.scoped(Effect.flatMap(connect(options, settings), test))))

/** The error that an effect is expected to fail with. */
export const failure = <A>(effect: Effect.Effect<A, ConnectorError.ConnectorError, Scope.Scope>) => Effect.flip(effect)
