import type { ConnectorError, Credentials, ProviderClient, Resource } from "@crochet/core"
import { CredentialsSource, Page, ProviderClients } from "@crochet/core"
import { Hurry } from "@crochet/core/testing"
import { Employee } from "@crochet/models"
import type { BambooHROptions, BambooHRSimulator } from "@crochet/simulators"
import { startBambooHR } from "@crochet/simulators"
import type { Scope } from "effect"
import { Effect, Exit, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { connector } from "../src/index.ts"
import type { EmployeeRow } from "../src/BambooHRWire.ts"

export const employee = connector.resources[0]!

/** Ids of all models that the connector supports. */
export const allModels: ReadonlyArray<string> = Object.entries(Employee.models)
  .filter(([key]) => employee.support[key]?.support === "SUPPORTED")
  .map(([, model]) => model.id)

export const profileOnly: ReadonlyArray<string> = ["employee_profile"]

export const { hurried } = Hurry

export interface Issue {
  readonly code: string
  readonly message: string
  readonly model?: string
}

/** A connected account of a simulator, as the engine holds one. */
export interface Account {
  readonly sim: BambooHRSimulator
  readonly client: ProviderClient.ProviderClient
  readonly issues: Array<Issue>
  readonly context: (
    options?: Partial<Omit<Resource.ResourceContext, "models">> & { readonly models?: ReadonlyArray<string> }
  ) => Resource.ResourceContext
}

export const keyOf = (key: string): Credentials.Credentials => ({
  kind: "key",
  scheme: "api_key",
  values: { apiKey: Redacted.make(key) }
})

export const clientOf = (
  url: string,
  credentials: CredentialsSource.CredentialsSource,
  settings = { subdomain: "acme" }
) =>
  ProviderClients.make({
    connector,
    settings,
    credentials,
    baseUrlOverride: url,
    oauthClient: { clientId: "crochet", clientSecret: Redacted.make("client-secret-canary") }
  }).pipe(Effect.provide(FetchHttpClient.layer))

export const contextOf =
  (client: ProviderClient.ProviderClient, issues: Array<Issue>): Account["context"] =>
  (options = {}) => ({
    client,
    filters: {},
    passthrough: { query: {}, body: {}, headers: {} },
    includeInactive: true,
    checkpoint: null,
    issue: (issue) => Effect.sync(() => void issues.push(issue)),
    end: ({ because, cursor, paging }) =>
      Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) }),
    ...options,
    models: new Set(options.models ?? allModels)
  })

/** A simulated company and the account on it, for as long as the scope lives. */
export const connect = (options: BambooHROptions = {}, credentials?: CredentialsSource.CredentialsSource) =>
  Effect.gen(function* () {
    const sim = yield* Effect.acquireRelease(
      Effect.promise(() => startBambooHR({ employees: 40, ...options })),
      (running) => Effect.promise(() => running.close())
    )
    const client = yield* clientOf(sim.url, credentials ?? CredentialsSource.memory(keyOf(sim.apiKey)))
    const issues: Array<Issue> = []
    return { sim, client, issues, context: contextOf(client, issues) } satisfies Account
  })

/** What a stream of pages gave. */
export interface Collected {
  readonly pages: ReadonlyArray<Page.Page<EmployeeRow>>
  readonly rows: ReadonlyArray<EmployeeRow>
  readonly deleted: ReadonlyArray<string>
  readonly end: Page.End | undefined
}

export const collect = (stream: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(stream), (all): Collected => {
    const pages = all.filter((one): one is Page.Page<EmployeeRow> => one._tag === "Page")
    return {
      pages,
      rows: pages.flatMap((page) => page.records),
      deleted: pages.flatMap((page) => page.deleted),
      end: all.find((one): one is Page.End => Page.isEnd(one))
    }
  })

type Models = typeof Employee.models

type Present<T> =
  T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Present<Item>>
    : T extends object
      ? { readonly [Key in keyof T]: Present<NonNullable<T[Key]>> }
      : T

/** A decoded record. Typed as if everything were there: a test that expects something to be absent says so. */
export type Decoded = { readonly [Key in keyof Models]: Present<NonNullable<Models[Key]["schema"]["Type"]>> }

/** The record as the engine decodes it, volatile fields left out. */
export const decoded = (row: EmployeeRow): Decoded => {
  const input: { readonly [key: string]: unknown } = employee.toRecord(row)
  const volatile = new Set(employee.volatile?.record)
  const record = Object.entries(employee.dataType.models).map(([key, model]) => {
    const value = input[key]
    if (value === null || value === undefined) return [key, null] as const
    const all = Schema.decodeUnknownSync(model.schema)(value)
    if (typeof all !== "object" || all === null || Array.isArray(all)) return [key, all] as const
    return [key, Object.fromEntries(Object.entries(all).filter(([field]) => !volatile.has(`${key}.${field}`)))] as const
  })
  return Object.fromEntries(record) as Decoded
}

/** Runs a test on an account of its own. */
export const withAccount = <A, E>(
  options: BambooHROptions,
  test: (account: Account) => Effect.Effect<A, E, Scope.Scope>
): Promise<A> => Effect.runPromise(hurried(Effect.scoped(Effect.flatMap(connect(options), test))))

/** The error that an effect is expected to fail with. */
export const failure = <A>(effect: Effect.Effect<A, ConnectorError.ConnectorError, Scope.Scope>) =>
  Effect.flatMap(Effect.exit(effect), (exit) =>
    Exit.isSuccess(exit)
      ? Effect.die(new Error("it was expected to fail, and succeeded"))
      : Effect.flip(Effect.flatMap(exit, () => Effect.void))
  )
