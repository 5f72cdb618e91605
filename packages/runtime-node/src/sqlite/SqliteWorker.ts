import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import * as MutableList from "effect/MutableList"
import type * as Scope from "effect/Scope"
import { classifySqliteError, ConnectionError, SqlError, SqlSyntaxError } from "effect/sql/SqlError"
import * as Cells from "./Cells.ts"
import type { Answer, Failure, Opening, Outcome, Request } from "./SqliteThread.ts"

/** A database in a thread of its own, so that a commit, a large page or another process's lock holds up nothing else. */
export interface SqliteWorker {
  /** Runs one statement, after those that came before. Not interruptible: whoever asks learns what became of it. */
  readonly ask: (request: Request, operation: string) => Effect.Effect<Outcome, SqlError>
  /** Whether a transaction was open after the last answer. */
  readonly isTransaction: () => boolean
}

/** SQLite's generic SQLITE_ERROR: a wrong statement, or a table that is not there. */
const genericError = 1

/** Tells an error of `node:sqlite` in the terms of effect/sql, whose classifier reads `errno` where Node says `errcode`. */
const sqlError = ({ errcode, message }: Failure, operation: string): SqlError => {
  const cause = Object.assign(new Error(message), { errno: errcode })
  if (errcode === genericError) return new SqlError({ reason: new SqlSyntaxError({ cause, message, operation }) })
  return new SqlError({ reason: classifySqliteError(cause, { message, operation }) })
}

const gone = (cause: unknown, operation: string): SqlError =>
  new SqlError({ reason: new ConnectionError({ cause, operation, message: "SQLite's thread is not running" }) })

const exited = (code: number) => new Error(`The thread ended with exit code ${code}`)

/** The thread's program lies beside this one, as source or built. */
const program = new URL(import.meta.url.endsWith(".ts") ? "./SqliteThread.ts" : "./SqliteThread.js", import.meta.url)

const start = (opening: Opening): Effect.Effect<Worker, SqlError> =>
  Effect.callback((resume) => {
    // It needs nothing of the environment, where keys may be.
    const worker = new Worker(program, { workerData: opening, env: {}, name: "crochet-sqlite" })
    const failed = (cause: unknown) => resume(Effect.fail(gone(cause, "open")))
    const left = (code: number) => failed(exited(code))
    worker.once("error", failed)
    worker.once("exit", left)
    worker.once("message", (answer: Failure | "opened") => {
      worker.off("error", failed).off("exit", left)
      resume(answer === "opened" ? Effect.succeed(worker) : Effect.fail(sqlError(answer, "open")))
    })
  })

interface Waiting {
  readonly operation: string
  readonly resume: (result: Effect.Effect<Outcome, SqlError>) => void
}

const converse = (worker: Worker): SqliteWorker & { readonly close: Effect.Effect<void> } => {
  /** Answers come in the order of the requests. */
  const waiting = MutableList.make<Waiting>()
  let isTransaction = false
  let ended: { readonly cause: unknown } | undefined

  // Whoever waits for an answer keeps the process alive; that the database is open does not.
  worker.unref()
  worker.on("message", (answer: Answer) => {
    isTransaction = answer.isTransaction
    const next = MutableList.take(waiting)
    if (waiting.length === 0) worker.unref()
    if (next === MutableList.Empty) return
    next.resume(
      "outcome" in answer ? Effect.succeed(answer.outcome) : Effect.fail(sqlError(answer.failure, next.operation))
    )
  })
  worker.on("error", (cause) => (ended = { cause }))
  worker.on("exit", (code) => {
    const { cause } = (ended ??= { cause: exited(code) })
    isTransaction = false
    for (const { operation, resume } of MutableList.takeAll(waiting)) resume(Effect.fail(gone(cause, operation)))
  })

  return {
    isTransaction: () => isTransaction,
    ask: (request, operation) =>
      Effect.uninterruptible(
        Effect.callback((resume) => {
          if (ended !== undefined) return resume(Effect.fail(gone(ended.cause, operation)))
          try {
            worker.postMessage(request, Cells.transfer(request.params))
          } catch (cause) {
            // A parameter that is no value of SQLite.
            return resume(Effect.fail(sqlError({ message: String(cause) }, operation)))
          }
          if (waiting.length === 0) worker.ref()
          MutableList.append(waiting, { operation, resume })
        })
      ),
    close: Effect.callback((resume) => {
      if (ended !== undefined) return resume(Effect.void)
      worker.ref()
      worker.once("exit", () => resume(Effect.void))
      worker.postMessage("close")
    })
  }
}

/** Opens the database; it is closed, and its thread has ended, when the scope is. */
export const make = (opening: Opening): Effect.Effect<SqliteWorker, SqlError, Scope.Scope> =>
  Effect.acquireRelease(Effect.map(start(opening), converse), ({ close }) => close)
