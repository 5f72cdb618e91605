import type { ConnectorError, Credentials, ProviderClient, Resource } from "@crochet/core"
import { CredentialsSource, Page, ProviderClients } from "@crochet/core"
import type { WorkableOptions, WorkableSimulator } from "@crochet/simulators"
import { startWorkable } from "@crochet/simulators"
import type { Scope } from "effect"
import { Clock, Duration, Effect, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { connector } from "../src/index.ts"

export const resource = (dataType: string): Resource.AnyResource => {
  const found = connector.resources.find((one) => one.dataType.id === dataType)
  if (found === undefined) throw new Error(`no resource ${dataType}`)
  return found
}
export const jobs = resource("ats_jobs")
export const candidates = resource("ats_candidates")
export const applications = resource("ats_applications")
export const activities = resource("ats_activities")
export const employees = resource("employee")

/** Ids of the models that the connector supports. */
export const allModels = ({ dataType, support }: Resource.AnyResource): ReadonlyArray<string> =>
  Object.entries(dataType.models).flatMap(([key, { id }]) => (support[key]?.support === "SUPPORTED" ? [id] : []))

/** A clock on which waiting takes no time; a simulator that asks `now` waits along. */
export const impatient = (start?: number) => {
  let ahead = start === undefined ? 0 : start - Date.now()
  const now = () => Date.now() + ahead
  return {
    now,
    /** The longest wait until an instant counts, however many wait for it at the same time. */
    sleepUntil: (millis: number) => void (ahead = Math.max(ahead, millis - Date.now()))
  }
}

/** Waits without waiting; time-outs, which are longer than any pause here, stay what they are. */
export const hurried = <A, E, R>(effect: Effect.Effect<A, E, R>, time = impatient()) =>
  Effect.flatMap(Clock.clockWith(Effect.succeed), (clock) =>
    Effect.provideService(effect, Clock.Clock, {
      currentTimeMillisUnsafe: time.now,
      currentTimeMillis: Effect.sync(time.now),
      currentTimeNanosUnsafe: () => BigInt(time.now()) * 1_000_000n,
      currentTimeNanos: Effect.sync(() => BigInt(time.now()) * 1_000_000n),
      monotonicTimeNanosUnsafe: () => BigInt(time.now()) * 1_000_000n,
      monotonicTimeNanos: Effect.sync(() => BigInt(time.now()) * 1_000_000n),
      sleep: (duration) => {
        const millis = Duration.toMillis(duration)
        if (millis > 20_000) return clock.sleep(duration)
        return Effect.andThen(
          Effect.sync(() => time.sleepUntil(time.now() + millis)),
          Effect.yieldNow
        )
      }
    })
  )

export interface Issue {
  readonly code: string
  readonly message: string
  readonly model?: string
}

/** A connected account of a simulator, as the engine holds one. */
export interface Account {
  readonly sim: WorkableSimulator
  readonly client: ProviderClient.ProviderClient
  readonly issues: Array<Issue>
  readonly context: (
    of: Resource.AnyResource,
    options?: Partial<Omit<Resource.ResourceContext, "models">> & { readonly models?: ReadonlyArray<string> }
  ) => Resource.ResourceContext
}

export const tokenOf = (token: string): Credentials.Credentials => ({
  kind: "key",
  scheme: "api_token",
  values: { apiToken: Redacted.make(token) }
})

export const clientOf = (url: string, credentials: CredentialsSource.CredentialsSource, subdomain = "acme") =>
  ProviderClients.make({
    connector,
    settings: { subdomain },
    credentials,
    baseUrlOverride: `${url}/spi/v3`,
    tokenUrlOverride: `${url}/oauth/token`,
    oauthClient: { clientId: "crochet", clientSecret: Redacted.make("client-secret-canary") }
  }).pipe(Effect.provide(FetchHttpClient.layer))

/** A simulated account and a client of it, for as long as the scope lives. */
export const connect = (options: WorkableOptions = {}, credentials?: CredentialsSource.CredentialsSource) =>
  Effect.gen(function* () {
    const sim = yield* Effect.acquireRelease(
      Effect.promise(() => startWorkable({ candidates: 30, jobs: 4, employees: 5, ...options })),
      (running) => Effect.promise(() => running.close())
    )
    const client = yield* clientOf(sim.url, credentials ?? CredentialsSource.memory(tokenOf(sim.token)))
    const issues: Array<Issue> = []
    const context: Account["context"] = (of, given = {}) => ({
      client,
      filters: {},
      passthrough: { query: {}, body: {}, headers: {} },
      includeInactive: true,
      checkpoint: null,
      issue: (issue) => Effect.sync(() => void issues.push(issue)),
      end: ({ because, cursor, paging }) =>
        Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) }),
      ...given,
      models: new Set(given.models ?? allModels(of))
    })
    return { sim, client, issues, context } satisfies Account
  })

/** What a stream of pages gave. */
export const collect = (stream: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(stream), (all) => {
    const pages = all.filter((one): one is Page.Page => one._tag === "Page")
    return {
      pages,
      rows: pages.flatMap((page) => page.records),
      deleted: pages.flatMap((page) => page.deleted),
      end: all.find((one): one is Page.End => Page.isEnd(one))
    }
  })

// Tests say what they expect to be there, and fail where it is not.
// oxlint-disable-next-line typescript/no-explicit-any
export type Decoded = Record<string, any>

/** The record as the engine decodes it. */
export const decoded = (of: Resource.AnyResource, row: unknown): Decoded => {
  const input: { readonly [key: string]: unknown } = of.toRecord(row)
  return Object.fromEntries(
    Object.entries(of.dataType.models).map(([key, model]) => [
      key,
      input[key] === null || input[key] === undefined ? null : Schema.decodeUnknownSync(model.schema)(input[key])
    ])
  )
}

/** Runs a test on an account of its own. */
export const withAccount = <A, E>(
  options: WorkableOptions,
  test: (account: Account) => Effect.Effect<A, E, Scope.Scope>,
  time?: ReturnType<typeof impatient>
): Promise<A> => Effect.runPromise(hurried(Effect.scoped(Effect.flatMap(connect(options), test)), time))
