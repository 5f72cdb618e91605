import { Page, Paginator } from "@crochet/core"
import type { ConnectorError, ProviderClient, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { WireRow } from "./WorkableWire.ts"
import { Activities, text } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

/** Rows of a page; the API's own limit (https://workable.readme.io/reference/pagination, 2026-11). */
export const pageSize = 100

/** What the link to the next page must keep; whether the app repeats it there is not documented. */
const kept = ["updated_after", "created_after", "state", "status"]

/**
 * The link to the next page. It is absolute, leaves `/candidates` for the job's own list when a job was asked for, and is
 * followed as it is, with the filters of this page put back where they are missing. The last page has no `paging`.
 */
const nextLink = (
  paging: { readonly next?: string | null } | null | undefined,
  response: ProviderClient.ProviderResponse
): string | null => {
  const next = paging?.next
  if (next === undefined || next === null || !URL.canParse(next, response.url)) return next ?? null
  const link = new URL(next, response.url)
  const asked = new URL(response.url).searchParams
  const names = /\/jobs\//.test(link.pathname) ? kept : [...kept, "shortcode"]
  for (const name of names) {
    const value = asked.get(name)
    if (value !== null && !link.searchParams.has(name)) link.searchParams.set(name, value)
  }
  return link.href
}

/**
 * A list by links whose `since_id` is the first row of the next page. Ids grow with creation, so rows that vanish or are
 * added meanwhile shift nothing.
 */
export const linked = <A extends { readonly paging?: { readonly next?: string | null } | null }, I>(options: {
  readonly operation: string
  readonly path: string
  readonly answer: Schema.Codec<A, I>
  readonly items: (answer: A) => ReadonlyArray<WireRow>
  readonly query?: (context: Context) => ProviderClient.ProviderRequest["query"]
}): Paginator.Pager<WireRow> =>
  Paginator.nextUrl({
    request: (context, since) => ({
      operation: options.operation,
      path: options.path,
      query: { limit: pageSize, ...options.query?.(context), updated_after: since }
    }),
    answer: options.answer,
    items: options.items,
    id: (row) => text(row.id) ?? "",
    next: ({ paging }, response) => nextLink(paging, response),
    paging: "keyset"
  })

/** Every row of every page made into something more; the proof of completeness passes through. */
export const enriched = <A, B>(
  pages: Stream.Stream<Page.Pages<A>, Failure>,
  enrich: (row: A) => Effect.Effect<B | undefined, Failure>,
  gone: (row: A) => string
): Stream.Stream<Page.Pages<B>, Failure> =>
  Stream.mapEffect(pages, (one): Effect.Effect<Page.Pages<B>, Failure> => {
    if (one._tag === "End") return Effect.succeed(one)
    const made = Effect.forEach(one.records, (row) => Effect.map(enrich(row), (to) => ({ row, to })), {
      concurrency: 3
    })
    return Effect.map(made, (all) =>
      Page.page(
        all.flatMap(({ to }): ReadonlyArray<B> => (to === undefined ? [] : [to])),
        {
          checkpoint: one.checkpoint,
          deleted: [...one.deleted, ...all.flatMap(({ row, to }) => (to === undefined ? [gone(row)] : []))]
        }
      )
    )
  })

/** Every row of every page made into all that belongs to it, in the order of the rows. */
export const expanded = <A, B>(
  pages: Stream.Stream<Page.Pages<A>, Failure>,
  expand: (row: A) => Effect.Effect<ReadonlyArray<B>, Failure>
): Stream.Stream<Page.Pages<B>, Failure> =>
  Stream.mapEffect(pages, (one): Effect.Effect<Page.Pages<B>, Failure> => {
    if (one._tag === "End") return Effect.succeed(one)
    return Effect.map(Effect.forEach(one.records, expand, { concurrency: 3 }), (all) =>
      Page.page(all.flat(), { checkpoint: one.checkpoint })
    )
  })

/** All rows of a list at once, for joins. */
export const all = (
  context: Context,
  pager: Paginator.Pager<WireRow>
): Effect.Effect<ReadonlyArray<WireRow>, Failure> =>
  Stream.runFold(
    pager({ ...context, checkpoint: null }),
    (): Array<WireRow> => [],
    (rows, one) => {
      if (one._tag === "Page") rows.push(...one.records)
      return rows
    }
  )

/** All that happened to a candidate, oldest first. */
export const timelineOf = (context: Context, candidateId: string): Effect.Effect<ReadonlyArray<WireRow>, Failure> =>
  all(
    context,
    linked({
      operation: "activity.list",
      path: `/candidates/${encodeURIComponent(candidateId)}/activities`,
      answer: Activities,
      items: ({ activities }) => activities
    })
  )
