import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { type MessagePort, parentPort, workerData } from "node:worker_threads"
import * as Cells from "./Cells.ts"

/*
 * What runs in the thread that the database belongs to: requests come, and are answered in their order. It knows Node
 * and nothing else, so that it is there in milliseconds.
 */

/** What the thread is started with. */
export interface Opening {
  readonly path: string
  readonly busyTimeoutMillis: number
  readonly pragmas: ReadonlyArray<string>
}

/** One statement. */
export interface Request {
  /** `run` says how many rows changed, the others give rows. What is not `prepared` is not kept for the next time. */
  readonly kind: "prepared" | "unprepared" | "run"
  readonly text: string
  readonly params: Cells.Cells
  /** It begins a transaction whose commit is not flushed. */
  readonly light: boolean
}

/** An error of `node:sqlite`; only its message would cross by itself. */
export interface Failure {
  readonly message: string
  /** SQLite's extended result code; not there when Node refused the call. */
  readonly errcode?: number | undefined
}

/** What a statement gave: rows, or how many it changed. */
export type Outcome =
  | { readonly columns: ReadonlyArray<string>; readonly cells: Cells.Cells }
  | { readonly changes: number | bigint }

/** What became of a request. */
export type Answer = ({ readonly outcome: Outcome } | { readonly failure: Failure }) & {
  /** Whether a transaction is open now. */
  readonly isTransaction: boolean
}

/** How many prepared statements are kept; the least recently used one goes first. */
const maxStatements = 128

const failure = (cause: unknown): Failure => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = typeof cause === "object" && cause !== null && "errcode" in cause ? cause.errcode : undefined
  return typeof code === "number" ? { message, errcode: code } : { message }
}

interface Prepared {
  readonly statement: StatementSync
  columns: ReadonlyArray<string>
}

const columnsOf = (statement: StatementSync): ReadonlyArray<string> => statement.columns().map(({ name }) => name)

const answering = (database: DatabaseSync): ((request: Request) => Answer) => {
  const kept = new Map<string, Prepared>()
  const prepare = (text: string): Prepared => {
    const statement = database.prepare(text)
    statement.setReturnArrays(true)
    return { statement, columns: columnsOf(statement) }
  }
  const prepared = (text: string): Prepared => {
    const known = kept.get(text)
    const found = known ?? prepare(text)
    if (known !== undefined) kept.delete(text)
    else if (kept.size >= maxStatements) kept.delete(kept.keys().next().value!)
    kept.set(text, found)
    return found
  }
  const outcome = ({ kind, params, text }: Request): Outcome => {
    const used = kind === "unprepared" ? prepare(text) : prepared(text)
    const { statement } = used
    const bound = Cells.unpack(params) as ReadonlyArray<SQLInputValue>
    if (kind === "run") return { changes: statement.run(...bound).changes }
    // With `setReturnArrays` rows are arrays, which the types do not know.
    const rows = statement.all(...bound) as ReadonlyArray<object> as ReadonlyArray<ReadonlyArray<unknown>>
    // A migration has given the table another column since the statement was prepared.
    if (rows.length > 0 && rows[0]!.length !== used.columns.length) used.columns = columnsOf(statement)
    // By hand: `flat` takes several times as long.
    const values: Array<unknown> = []
    for (const row of rows) for (const value of row) values.push(value)
    return { columns: used.columns, cells: Cells.pack(values) }
  }
  let light = false
  return (request) => {
    try {
      if (request.light) {
        database.exec("PRAGMA synchronous = NORMAL")
        light = true
      }
      const done = outcome(request)
      return { outcome: done, isTransaction: database.isTransaction }
    } catch (cause) {
      return { failure: failure(cause), isTransaction: database.isTransaction }
    } finally {
      if (light && !database.isTransaction) {
        database.exec("PRAGMA synchronous = FULL")
        light = false
      }
    }
  }
}

const serve = (port: MessagePort, { busyTimeoutMillis, path, pragmas }: Opening): void => {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMillis, enableForeignKeyConstraints: true })
  for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`)
  const answer = answering(database)
  port.on("message", (request: Request | "close") => {
    if (request !== "close") {
      const answered = answer(request)
      const cells = "outcome" in answered && "cells" in answered.outcome ? answered.outcome.cells : undefined
      port.postMessage(answered, cells === undefined ? [] : Cells.transfer(cells))
      return
    }
    database.close()
    port.close()
  })
}

// Null where the file is imported by a program, which it is not for.
const port = parentPort!
try {
  serve(port, workerData as Opening)
  port.postMessage("opened")
} catch (cause) {
  port.postMessage(failure(cause))
}
