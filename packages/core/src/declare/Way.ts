import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { InvalidRequest } from "../connector/ConnectorError.ts"
import type { Paging } from "../connector/Page.ts"
import type { ProviderRequest, ProviderResponse, QueryValue } from "../connector/ProviderClient.ts"
import type { ResourceContext } from "../connector/Resource.ts"
import * as Paginator from "../provider/Paginator.ts"
import { type AnswerPath, answerReader, countOf, reader, textOf, type ValuePath } from "./AnswerPath.ts"
import * as Template from "./Template.ts"

/** An endpoint that lists rows. */
export interface Endpoint {
  /** Below the base URL; settings in braces: `/orgs/{org}/people`. */
  readonly path: string
  /** A read by POST is sent again after a failure, like a GET. */
  readonly method?: "GET" | "POST"
  readonly query?: { readonly [name: string]: QueryValue }
  /** Sent as JSON. */
  readonly body?: { readonly [name: string]: unknown }
  readonly headers?: { readonly [name: string]: string }
  /** Where the rows are. Default: the answer is the list. Anything but a list there is `BadPayload`, never "no rows". */
  readonly items?: AnswerPath<ReadonlyArray<unknown>>
  /** How many rows the whole listing has. */
  readonly total?: ValuePath<number | null | undefined>
  /** Ids that the answer itself reports as deleted. */
  readonly deleted?: ValuePath<ReadonlyArray<string | number>>
}

/** What a reading adds to an endpoint. */
export interface Reading {
  readonly operation: string
  readonly id: (raw: unknown) => string
  /** Completes the request of the first page: filters, lower bound of a delta. */
  readonly complete: (request: ProviderRequest, context: ResourceContext) => ProviderRequest
  /** Sees every answer. */
  readonly answered?: (response: ProviderResponse) => void
}

/** How an endpoint is paged; made by `cursor`, `nextUrl`, `linkHeader`, `pageNumber`, `offset`, `keyset`, `whole`. */
export interface Way {
  readonly _tag: "Way"
  readonly endpoint: Endpoint
  readonly pager: (reading: Reading) => Paginator.Pager<unknown>
}

/** Opaque cursors in the answer: `next` says where, `param` how it is sent back. */
export const cursor = (
  options: Endpoint & {
    readonly next: AnswerPath<string | null>
    readonly param: Paginator.Setter<string>
    readonly paging?: Paging
  }
): Way => {
  const next = answerReader("next", options.next)
  return way(options, (listing) =>
    Paginator.cursor({
      ...listing,
      param: options.param,
      next: (answer, response) => textOf(next(answer, response)),
      ...(options.paging === undefined ? {} : { paging: options.paging })
    })
  )
}

/** The next page's URL in the answer. `paging` says what hides in it: `offset` when it counts, else `token` or `keyset`. */
export const nextUrl = (
  options: Endpoint & { readonly next: AnswerPath<string | null>; readonly paging: Paging }
): Way => {
  const next = answerReader("next", options.next)
  return way(options, (listing) =>
    Paginator.nextUrl({
      ...listing,
      paging: options.paging,
      next: (answer, response) => textOf(next(answer, response))
    })
  )
}

/** The next page's URL in the `Link` header (RFC 8288). `paging` as for `nextUrl`. */
export const linkHeader = (options: Endpoint & { readonly paging: Paging }): Way =>
  way(options, (listing) => Paginator.linkHeader({ ...listing, paging: options.paging }))

/** Page numbers from `first` (default 1) on; the end is told by `pages`, `more`, `total` or an empty page. */
export const pageNumber = (
  options: Endpoint & {
    readonly param: Paginator.Setter<number>
    readonly first?: number
    readonly pages?: ValuePath<number>
    readonly more?: ValuePath<boolean>
  }
): Way =>
  way(options, (listing) =>
    Paginator.pageNumber({
      ...listing,
      param: options.param,
      pages: number("pages", options.pages),
      more: boolean("more", options.more),
      ...(options.first === undefined ? {} : { first: options.first })
    })
  )

/** Row offsets from `first` (default 0) on; the end is told by `total`, `more` or an empty page. */
export const offset = (
  options: Endpoint & {
    readonly param: Paginator.Setter<number>
    readonly first?: number
    readonly more?: ValuePath<boolean>
  }
): Way =>
  way(options, (listing) =>
    Paginator.offset({
      ...listing,
      param: options.param,
      more: boolean("more", options.more),
      ...(options.first === undefined ? {} : { first: options.first })
    })
  )

/** "Rows with a key from here on", sorted by that key; `key` is a path into the row. Limits as in `Paginator.keyRange`. */
export const keyset = (
  options: Endpoint & {
    readonly key: string
    readonly from: Paginator.Setter<Paginator.Key>
    readonly pageSize: number
    readonly size?: Paginator.Setter<number>
    readonly maxPageSize?: number
    readonly exclusive?: boolean
    readonly more?: ValuePath<boolean>
  }
): Way => {
  const key = reader("key", options.key)
  const { exclusive, from, maxPageSize, pageSize, size } = options
  return way(options, (listing, reading) =>
    Paginator.keyRange({
      ...listing,
      id: reading.id,
      key: (raw) => {
        const value = key(raw)
        return typeof value === "number" ? value : textOf(value)
      },
      from,
      pageSize,
      more: boolean("more", options.more),
      ...(size === undefined ? {} : { size }),
      ...(maxPageSize === undefined ? {} : { maxPageSize }),
      ...(exclusive === undefined ? {} : { exclusive })
    })
  )
}

/** One answer with everything in it. */
export const whole = (options: Endpoint): Way => way(options, (listing) => Paginator.whole(listing))

/** Sets a value in a JSON body instead of the query: `param: inBody("after")`. */
export const inBody =
  (name: string) =>
  (request: ProviderRequest, value: QueryValue): ProviderRequest => ({
    ...request,
    body: { ...(typeof request.body === "object" ? request.body : {}), [name]: value }
  })

const way = (
  endpoint: Endpoint,
  make: (listing: Paginator.Listing<unknown, unknown, unknown>, reading: Reading) => Paginator.Pager<unknown>
): Way => {
  const items = endpoint.items === undefined ? (answer: unknown) => answer : answerReader("items", endpoint.items)
  const total = reader("total", endpoint.total)
  const deleted = reader("deleted", endpoint.deleted)
  const pager = (reading: Reading): Paginator.Pager<unknown> => {
    const listing = (at: string): Paginator.Listing<unknown, unknown, unknown> => ({
      request: (context) => reading.complete(requestOf(endpoint, at, reading.operation), context),
      answer: Schema.Unknown,
      items: (answer, response) => {
        reading.answered?.(response)
        const rows = items(answer, response)
        if (!Array.isArray(rows)) throw new TypeError("items")
        return rows
      },
      id: reading.id,
      total: (answer) => countOf(total(answer)),
      deleted: (answer) => {
        const ids = deleted(answer)
        return Array.isArray(ids) ? ids.flatMap((id) => textOf(id) ?? []) : []
      }
    })
    return (context, since) => {
      const at = Template.path(endpoint.path, context.client.settings)
      return Result.isSuccess(at)
        ? make(listing(at.success), reading)(context, since)
        : Stream.fail(context.client.fail(reading.operation, new InvalidRequest({ message: at.failure })))
    }
  }
  return { _tag: "Way", endpoint, pager }
}

const requestOf = (endpoint: Endpoint, path: string, operation: string): ProviderRequest => {
  const { body, headers, method, query } = endpoint
  return {
    operation,
    path,
    query: { ...query },
    ...(method === undefined ? {} : { method, idempotent: true }),
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers })
  }
}

const number = (option: string, path: ValuePath<number> | undefined) => {
  const read = reader(option, path)
  return (answer: unknown) => countOf(read(answer))
}

const boolean = (option: string, path: ValuePath<boolean> | undefined) => {
  const read = reader(option, path)
  return (answer: unknown) => {
    const value = read(answer)
    return typeof value === "boolean" ? value : undefined
  }
}
