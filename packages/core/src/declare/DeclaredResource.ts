import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { BadPayload, InvalidRequest } from "../connector/ConnectorError.ts"
import { isEnd, type Page, type Pages } from "../connector/Page.ts"
import type { ProviderRequest } from "../connector/ProviderClient.ts"
import * as Resource from "../connector/Resource.ts"
import * as Canonical from "../model/Canonical.ts"
import type { DataType, Input } from "../model/DataType.ts"
import type { Support } from "../model/Support.ts"
import type { Pager } from "../provider/Paginator.ts"
import { reader, textOf, type ValuePath } from "./AnswerPath.ts"
import * as Delta from "./Delta.ts"
import * as Instant from "./Instant.ts"
import { mapper, type RecordMap, supportOf, type SupportNotes } from "./Mapping.ts"
import * as Template from "./Template.ts"
import type { Reading, Way } from "./Way.ts"

/** A value of a raw row: a key, a dotted path that begins with one, or a function of the row as the app sent it. */
export type RowPath<I, V> = (keyof I & string) | `${keyof I & string}.${string}` | ((raw: I) => V)

/** Deltas by a stamp: "what was changed since". */
export interface Since<I> extends Delta.Bound {
  /** The stamp of the last change. */
  readonly field: RowPath<I, string | number | null | undefined>
  /** Epoch stamps in the rows are seconds. Default milliseconds. */
  readonly unit?: "seconds" | "milliseconds"
  /** Another listing than the resource's own. */
  readonly list?: Way
}

/** Deletions: rows that say so themselves, or an endpoint that lists what was deleted. */
export type Deletions<I> =
  | { readonly flag: (raw: I) => boolean }
  | (Partial<Delta.Bound> & {
      readonly list: Way
      /** The record's id in a row of that endpoint: a path or a function. Default: the row is the id. */
      readonly id?: ValuePath<string | number>
      /** When the app refuses the endpoint (403, 404): fail, or report it and leave deletions to full listings. */
      readonly whenRefused?: "fail" | "report"
    })

/** A native filter, and the query parameter it becomes (default: its id). */
export type Filter = Resource.NativeFilter & { readonly param?: string }

/** How a data type is read, as data. Every part may be code instead. */
export interface Declaration<D extends DataType, Row, I> {
  /** What a row looks like. A row that does not fit is left out and reported; the others are read. */
  readonly row: Schema.Codec<Row, I>
  /** The record's id; numbers become text. */
  readonly id: RowPath<I, string | number>
  readonly list: Way | Pager<I>
  readonly changes?: Since<I> | Resource.Changes<I>
  /** Without it, and without code, deletions are found by full listings. */
  readonly deletions?: Deletions<I>
  /** One record: `/people/{id}`. 404 and 410 mean gone. */
  readonly get?:
    | string
    | { readonly path: string; readonly item?: string; readonly query?: ProviderRequest["query"] }
    | Resource.Resource<D, I>["get"]
  readonly map: RecordMap<D, Row> | ((row: Row) => Input<D>)
  /** What is known beyond the mapping; required when `map` is a function. */
  readonly support?: SupportNotes<D>
  /** What models and fields are that the mapping does not name. Default `UNKNOWN`. */
  readonly unread?: Support
  readonly mapperVersion?: number
  readonly volatile?: Resource.Resource<D, I>["volatile"]
  readonly filters?: ReadonlyArray<Filter>
  readonly passthrough?: boolean
  /** For errors and statistics; default the data type's id. */
  readonly operation?: string
}

/**
 * Declares how a data type is read. Types are checked where they are written: a field that the model does not have, or a
 * value that does not fit it, is a compile error. Throws a `TypeError` for what only shows at run time.
 */
export const resource = <D extends DataType, Row, I>(
  dataType: D,
  spec: Declaration<D, Row, I>
): Resource.AnyResource => {
  const { deletions, filters, get, list, map, mapperVersion = 1, operation = dataType.id } = spec
  const readId = rowReader("id", spec.id)
  const id = required(readId)
  const flagged = deletions !== undefined && "flag" in deletions ? safely(deletions.flag) : () => false
  const sort = (given: Page<unknown>): Page<unknown> => {
    const gone = new Map(
      given.records.filter(flagged).flatMap((row) => {
        const known = textOf(readId(row))
        // Without an id it stays a row, and is reported as one that cannot be read.
        return known === null || known === "" ? [] : [[row, known] as const]
      })
    )
    if (gone.size === 0) return given
    return {
      ...given,
      records: given.records.filter((row) => !gone.has(row)),
      deleted: [...given.deleted, ...gone.values()]
    }
  }
  const reading = (what: string): Reading => ({
    operation: `${operation}.${what}`,
    id,
    complete: filtered(filters ?? [])
  })
  const changes = changesOf(spec, { reading, sort, id })
  const toRow = lazily(() => Canonical.decoder(Canonical.codec(spec.row)))
  const toRecord = typeof map === "function" ? map : mapper(dataType, map)
  if (typeof map === "function" && spec.support === undefined) {
    throw new TypeError(`${dataType.id}: support must be declared when map is a function`)
  }
  const updatedAt = stampOf(spec.changes)

  return Resource.make<D, unknown>({
    dataType,
    mapperVersion,
    list: (context) => {
      const pager = isWay(list) ? list.pager(reading("list")) : (list as Pager<unknown>)
      return Stream.map(pager(context), (one): Pages<unknown> => (isEnd(one) ? one : sort(one)))
    },
    ...(changes === undefined ? {} : { changes }),
    ...(get === undefined ? {} : { get: getter(get, `${operation}.get`, flagged) }),
    recordId: id,
    toRecord: (raw) => toRecord(toRow()(raw)),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    support: supportOf(dataType, typeof map === "function" ? undefined : map, spec.unread ?? "UNKNOWN", spec.support),
    ...(spec.volatile === undefined ? {} : { volatile: spec.volatile }),
    ...(filters === undefined ? {} : { filters: filters.map(({ param: _, ...filter }) => filter) }),
    ...(spec.passthrough === undefined ? {} : { passthrough: spec.passthrough })
  })
}

const isWay = (list: object): list is Way => "_tag" in list && list._tag === "Way"

const isSince = <I>(changes: Since<I> | Resource.Changes<I>): changes is Since<I> => "field" in changes

const rowReader = <I>(option: string, path: RowPath<I, unknown>): ((raw: unknown) => unknown) =>
  // Whoever writes a function over raw rows has typed it by the row's own encoded form.
  reader(option, path as string | ((raw: unknown) => unknown))

const required =
  (read: (raw: unknown) => unknown) =>
  (raw: unknown): string => {
    const id = textOf(read(raw))
    if (id === null || id === "") throw new TypeError("The row has no id.")
    return id
  }

/** A row that is not what the flag expects is not deleted: it is quarantined later, with a reason. */
const safely =
  <I>(flag: (raw: I) => boolean) =>
  (raw: unknown): boolean => {
    try {
      return flag(raw as I) === true
    } catch {
      return false
    }
  }

const lazily = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

const filtered =
  (filters: ReadonlyArray<Filter>): Reading["complete"] =>
  (request, context) => {
    const set = filters.flatMap(({ id, param }) => {
      const value = context.filters[id]
      return value === undefined ? [] : [[param ?? id, value] as const]
    })
    return set.length === 0 ? request : { ...request, query: { ...request.query, ...Object.fromEntries(set) } }
  }

const stampOf = <I>(changes: Since<I> | Resource.Changes<I> | undefined) => {
  if (changes === undefined || !isSince(changes)) return undefined
  const field = rowReader("changes.field", changes.field)
  return (raw: unknown): number | undefined => {
    try {
      return Instant.parse(field(raw), changes.unit)
    } catch {
      return undefined
    }
  }
}

const changesOf = <D extends DataType, Row, I>(
  { changes, deletions, list }: Declaration<D, Row, I>,
  parts: {
    readonly reading: (what: string) => Reading
    readonly sort: Delta.Delta["sort"]
    readonly id: (raw: unknown) => string
  }
): Resource.Changes<unknown> | undefined => {
  const endpoint = deletions !== undefined && "list" in deletions ? deletions : undefined
  if (changes === undefined) {
    if (endpoint !== undefined) throw new TypeError("deletions.list is read with changes; declare changes, too")
    return undefined
  }
  if (!isSince(changes)) {
    if (endpoint !== undefined) throw new TypeError("deletions.list cannot be added to changes that are code")
    return changes as Resource.Changes<unknown>
  }
  const way = changes.list ?? (isWay(list) ? list : undefined)
  if (way === undefined) throw new TypeError("changes.list is needed when list is code")
  const gone = (): Delta.Delta["gone"] => {
    if (endpoint === undefined) return undefined
    const { id, list: from, param, whenRefused = "fail", ...rest } = endpoint
    const read = required(id === undefined ? (row) => row : reader("deletions.id", id))
    const { param: _, ...shared } = changes
    return {
      way: from,
      whenRefused,
      reading: { operation: parts.reading("deleted").operation, id: read, complete: (request) => request },
      // The deleted endpoint compares as the changes do, unless it says otherwise.
      bound: param === undefined ? undefined : { ...shared, ...rest, param }
    }
  }
  return Delta.changes({
    changed: { way, bound: changes, reading: parts.reading("changes") },
    stamp: stampOf(changes) ?? (() => undefined),
    gone: gone(),
    sort: parts.sort
  })
}

const getter = <D extends DataType, I>(
  get: NonNullable<Declaration<D, unknown, I>["get"]>,
  operation: string,
  flagged: (raw: unknown) => boolean
): NonNullable<Resource.Resource<D, unknown>["get"]> => {
  if (typeof get === "function") return get
  const { item, path, query } = typeof get === "string" ? { path: get, item: undefined, query: undefined } : get
  if (!Template.namesOf(path).includes("id")) throw new TypeError('get: the path must have "{id}" in it')
  const read = item === undefined ? (answer: unknown) => answer : reader("get.item", item)
  return Effect.fnUntraced(function* ({ client }, recordId) {
    const at = Template.path(path, { ...client.settings, id: recordId })
    if (Result.isFailure(at)) return yield* client.fail(operation, new InvalidRequest({ message: at.failure }))
    const response = yield* client.request({
      operation,
      path: at.success,
      accept: [404, 410],
      ...(query === undefined ? {} : { query })
    })
    if (response.status === 404 || response.status === 410) {
      // A page for people is what a wrong address answers, too: it does not prove that a record is gone.
      if (!response.text.trimStart().startsWith("<")) return Option.none()
      const reason = new BadPayload({ status: response.status, message: "A web page came instead of data." })
      return yield* client.fail(operation, reason)
    }
    const row = read(yield* response.json)
    if (typeof row !== "object" || row === null) {
      return yield* client.fail(
        operation,
        new BadPayload({ message: "The answer has no record where one is expected." })
      )
    }
    return flagged(row) ? Option.none() : Option.some(row)
  })
}
