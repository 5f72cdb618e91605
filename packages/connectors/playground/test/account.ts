import { type AuthScheme, ConnectorError, Page, type ProviderClient, type Resource } from "@crochet/core"
import { playground } from "@crochet/connector-playground"
import { Effect, Stream } from "effect"

/** The client and the context of one connected account, with a clock that the test sets. */
export const account = (settings: AuthScheme.Values, at: number, models: ReadonlyArray<string> = []) => {
  const refuse = Effect.die("the playground must never send a request")
  const client: ProviderClient.ProviderClient = {
    settings,
    request: () => refuse,
    json: () => refuse,
    decode: () => refuse,
    providerTime: Effect.succeed(at),
    statistics: () => ({ calls: 0, retries: 0, rateLimitWaits: 0, rateLimitWaitMillis: 0, tokenRefreshes: 0 }),
    fail: (operation, reason, hint) =>
      new ConnectorError.ConnectorError({
        appId: "playground",
        operation,
        reason,
        ...(hint === undefined ? {} : { hint })
      })
  }
  const context: Resource.ResourceContext = {
    client,
    models: new Set(models),
    filters: {},
    passthrough: { query: {}, body: {}, headers: {} },
    includeInactive: false,
    checkpoint: null,
    issue: () => Effect.void,
    end: (options) => Page.mintEnd({ evidence: "asserted", ...options })
  }
  return { client, context }
}

const employees = playground.resources[0]!

/** All pages of a stream, and its one End, which must come last. */
export const collect = Effect.fnUntraced(function* (
  stream: Stream.Stream<Page.Pages<unknown>, ConnectorError.ConnectorError>
) {
  const items = yield* Stream.runCollect(stream)
  const end = items.at(-1)
  if (!Page.isEnd(end)) return yield* Effect.die("the last item of the stream is no End")
  const pages = items.flatMap((item) => (item._tag === "Page" ? [item] : []))
  if (pages.length !== items.length - 1) return yield* Effect.die("more than one End")
  return {
    pages,
    end,
    rows: new Map(pages.flatMap(({ records }) => records.map((row) => [employees.recordId(row), row] as const))),
    deleted: pages.flatMap(({ deleted }) => deleted)
  }
})
