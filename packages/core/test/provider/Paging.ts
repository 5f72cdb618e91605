import { Schema } from "effect"
import { Paginator } from "../../src/index.ts"
import { ok, type Seen } from "./Fakes.ts"

/** A row of a made-up listing. */
export interface Row {
  readonly id: string
  readonly at: number
}
export const Row = Schema.Struct({ id: Schema.String, at: Schema.Finite })
const answer = Schema.Struct({
  data: Schema.Array(Row),
  next: Schema.optional(Schema.NullOr(Schema.String)),
  total: Schema.optional(Schema.Int),
  more: Schema.optional(Schema.Boolean)
})
/** What all ways of paging through it have in common. */
export const listing = {
  request: () => ({ operation: "employee.list", path: "/employees", query: { fields: "id" } }),
  answer,
  items: (page: typeof answer.Type) => page.data,
  id: (row: Row) => row.id
}

export const rowsOf = (count: number): ReadonlyArray<Row> =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, at: index }))
export const number = (seen: Seen, name: string, otherwise: number) =>
  Number(seen.url.searchParams.get(name) ?? otherwise)

/** Every way of paging with a fake app that offers `rows` in pages of `size`. */
export const kinds: {
  readonly [kind: string]: {
    readonly paging: string
    readonly pager: Paginator.Pager<Row>
    readonly serve: (rows: ReadonlyArray<Row>, size: number) => (seen: Seen) => Response
  }
} = {
  cursor: {
    paging: "token",
    pager: Paginator.cursor({ ...listing, next: (page) => page.next, param: "after" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "after", 0)
      const next = at + size < rows.length ? String(at + size) : null
      return ok({ data: rows.slice(at, at + size), next })
    }
  },
  "next URL": {
    paging: "token",
    pager: Paginator.nextUrl({ ...listing, next: (page) => page.next, paging: "token" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "at", 0)
      const next = at + size < rows.length ? `/api/v1/employees?at=${at + size}` : undefined
      return ok({ data: rows.slice(at, at + size), next })
    }
  },
  "link header": {
    paging: "offset",
    pager: Paginator.linkHeader({ ...listing, paging: "offset" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "at", 0)
      const link = `<https://acme.example.com/x?a=1,2>; rel="first", <https://acme.example.com/api/v1/employees?at=${at + size}>; title="a, b"; rel="next last"`
      return ok({ data: rows.slice(at, at + size) }, at + size < rows.length ? { link } : {})
    }
  },
  "offset to an empty page": {
    paging: "offset",
    pager: Paginator.offset({ ...listing, param: "offset" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "offset", 0)
      return ok({ data: rows.slice(at, at + size) })
    }
  },
  "offset from 1 with a total": {
    paging: "offset",
    pager: Paginator.offset({ ...listing, param: "start", first: 1, total: (page) => page.total }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "start", 1) - 1
      return ok({ data: rows.slice(at, at + size), total: rows.length })
    }
  },
  "page number": {
    paging: "offset",
    pager: Paginator.pageNumber({ ...listing, param: "page", more: (page) => page.more }),
    serve: (rows, size) => (seen) => {
      const at = (number(seen, "page", 1) - 1) * size
      return ok({ data: rows.slice(at, at + size), more: at + size < rows.length })
    }
  },
  "key range": {
    paging: "keyset",
    pager: Paginator.keyRange({
      ...listing,
      key: (row) => row.at,
      from: "from",
      size: "limit",
      pageSize: 2,
      maxPageSize: 8
    }),
    serve: (rows) => (seen) => {
      const from = number(seen, "from", Number.NEGATIVE_INFINITY)
      return ok({ data: rows.filter((row) => row.at >= from).slice(0, number(seen, "limit", 2)) })
    }
  },
  "exclusive key range": {
    paging: "keyset",
    pager: Paginator.keyRange({ ...listing, key: (row) => row.at, from: "after", pageSize: 2, exclusive: true }),
    serve: (rows, size) => (seen) => {
      const after = number(seen, "after", Number.NEGATIVE_INFINITY)
      return ok({ data: rows.filter((row) => row.at > after).slice(0, size) })
    }
  },
  whole: {
    paging: "whole",
    pager: Paginator.whole(listing),
    serve: (rows) => () => ok({ data: rows })
  }
}
