import type { Reply } from "../server/Reply.ts"
import { refusal } from "./Errors.ts"
import type { Org, Table } from "./Org.ts"
import { jsonRow } from "./Rows.ts"
import { count, select, tableOf } from "./Select.ts"
import { parse, type Query } from "./Soql.ts"

interface Cursor {
  readonly table: Table
  readonly query: Query
  readonly numbers: ReadonlyArray<number>
}

/** So many open cursors at most; the oldest is forgotten, as the app does. */
const maxCursors = 10

/** `/query`, `/queryAll` and the pages behind `nextRecordsUrl`. */
export class Queries {
  readonly #org: Org
  /** Page sizes that the server takes in turn; the client's wish is the upper bound. */
  readonly #sizes: ReadonlyArray<number>
  readonly #cursors = new Map<string, Cursor>()
  #serial = 0

  constructor(org: Org, sizes: ReadonlyArray<number>) {
    this.#org = org
    this.#sizes = sizes
  }

  /** Forgets all cursors: their next pages are INVALID_QUERY_LOCATOR. */
  expire(): number {
    const open = this.#cursors.size
    this.#cursors.clear()
    return open
  }

  run(text: string, withDeleted: boolean, wish: number | undefined, version: string): Reply {
    const query = parse(text)
    const table = tableOf(this.#org, query)
    if (query.count) {
      return { status: 200, json: { totalSize: count(this.#org, table, query), done: true, records: [] } }
    }
    const cursor: Cursor = { table, query, numbers: select(this.#org, table, query, withDeleted) }
    return this.#page(cursor, undefined, 0, wish, version)
  }

  more(locator: string, wish: number | undefined, version: string): Reply {
    const dash = locator.lastIndexOf("-")
    const name = locator.slice(0, dash)
    const cursor = this.#cursors.get(name)
    const from = Number(locator.slice(dash + 1))
    if (cursor === undefined || !Number.isInteger(from)) {
      return refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    }
    return this.#page(cursor, name, from, wish, version)
  }

  #page(cursor: Cursor, known: string | undefined, from: number, wish: number | undefined, version: string): Reply {
    const { numbers, query, table } = cursor
    const size = Math.min(wish ?? 2000, this.#sizes[this.#serial % this.#sizes.length] ?? 2000, 2000)
    const to = Math.min(numbers.length, from + size)
    const records = numbers.slice(from, to).map((n) => jsonRow(this.#org, table, n, query.fields, version))
    const done = to >= numbers.length
    let next: { readonly nextRecordsUrl?: string } = {}
    if (!done) {
      const name = known ?? `0r8Sm${String(++this.#serial).padStart(13, "0")}`
      this.#cursors.set(name, cursor)
      const [oldest] = this.#cursors.keys()
      if (this.#cursors.size > maxCursors && oldest !== undefined) this.#cursors.delete(oldest)
      next = { nextRecordsUrl: `/services/data/${version}/query/${name}-${to}` }
    }
    return { status: 200, json: { totalSize: numbers.length, done, ...next, records } }
  }
}
