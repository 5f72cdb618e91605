import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { BeginTransaction, type SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { ListRequest, Listing } from "../store/Listing.ts"
import { CurrentWorkspace } from "../store/CurrentWorkspace.ts"
import * as PageToken from "../store/PageToken.ts"
import { conflict, StoreError, StoreUnavailable } from "../store/StoreError.ts"
import type { Dialect } from "./Dialect.ts"
import type { Table } from "./Table.ts"

/** What the SQL stores share: a client, its dialect, and how an operation meets them. */
export interface Database {
  readonly sql: SqlClient
  readonly dialect: Dialect
  /** One statement, or several that need not agree. Like the others it shows what `CurrentWorkspace` may see. */
  readonly read: <A, E>(
    operation: string,
    self: Effect.Effect<A, E | SqlError>
  ) => Effect.Effect<A, Exclude<E, SqlError> | StoreError>
  /** One transaction, done again when the database says that it lost a race. */
  readonly write: <A, E>(
    operation: string,
    self: Effect.Effect<A, E | SqlError>
  ) => Effect.Effect<A, Exclude<E, SqlError> | StoreError>
  /** A `write` that a power cut may undo. */
  readonly writeLight: Database["write"]
  /** A part of a list of the table's rows that match, in the order of creation (or the reverse). */
  readonly list: <A extends { readonly id: string; readonly createdAt: number }>(
    operation: string,
    table: Table<A>,
    conditions: ReadonlyArray<Fragment>,
    request: ListRequest,
    order: "oldest first" | "newest first"
  ) => Effect.Effect<Listing<A>, StoreError>
}

/**
 * Sends statements of a transaction one after the other without waiting for each one's answer, and gives their results.
 * All of them have ended when this does, also when one fails: nothing of theirs runs into what comes after.
 */
export const together = <Results extends ReadonlyArray<unknown>>(statements: {
  readonly [K in keyof Results]: Effect.Effect<Results[K], SqlError>
}): Effect.Effect<Results, SqlError> =>
  Effect.flatMap(
    Effect.all(statements as ReadonlyArray<Effect.Effect<unknown, SqlError>>, {
      concurrency: "unbounded",
      mode: "result"
    }),
    (ended) =>
      Effect.fromResult(Result.all(ended)) as Effect.Effect<unknown, SqlError> as Effect.Effect<Results, SqlError>
  )

/** The position that a page token names. */
export const positionOf = (
  operation: string,
  pageToken: string | undefined
): Effect.Effect<PageToken.Position | undefined, StoreError> =>
  Effect.try({
    try: () => PageToken.decode(operation, pageToken),
    catch: (error) => error as StoreError
  })

const isSqlError = (error: unknown): error is SqlError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "SqlError"

const lostRace = (error: unknown): boolean =>
  isSqlError(error) && (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")

/** A rollback on a connection that died is reported as a defect; what happened is that the database went away. */
const sqlDefect = <E>(cause: Cause.Cause<E>): Effect.Effect<never, E | SqlError> => {
  const died = cause.reasons.find((reason) => Cause.isDieReason(reason) && isSqlError(reason.defect))
  if (died === undefined || !Cause.isDieReason(died) || Cause.hasInterrupts(cause)) return Effect.failCause(cause)
  return Effect.fail(died.defect as SqlError)
}

/** A wrong statement is a defect of ours; a broken rule is the caller's; everything else is the database's. */
const mapError =
  (operation: string) =>
  <E>(error: E | SqlError): Effect.Effect<never, Exclude<E, SqlError> | StoreError> => {
    if (!isSqlError(error)) return Effect.fail(error as Exclude<E, SqlError>)
    switch (error.reason._tag) {
      case "SqlSyntaxError":
        return Effect.die(error)
      case "UniqueViolation":
      case "ConstraintError":
        return Effect.fail(conflict(operation, "a row that is there, or one that is gone"))
      default:
        return Effect.fail(new StoreError({ operation, reason: new StoreUnavailable({ cause: error }) }))
    }
  }

/** Joins a client with its dialect. */
export const make = (sql: SqlClient, dialect: Dialect): Database => {
  const transaction = <A, E>(self: Effect.Effect<A, E | SqlError>): Effect.Effect<A, E | SqlError> =>
    sql
      .withTransaction(self)
      .pipe(
        Effect.catchCause(sqlDefect),
        Effect.retry({ while: lostRace, times: 5, schedule: Schedule.jittered(Schedule.exponential("5 millis")) })
      )
  /** What a worker asks for is `asked` as it is; what is asked for a workspace is a transaction that sees only its rows. */
  const scoped = <A, E>(
    self: Effect.Effect<A, E | SqlError>,
    asked: (self: Effect.Effect<A, E | SqlError>) => Effect.Effect<A, E | SqlError>
  ): Effect.Effect<A, E | SqlError> =>
    Effect.flatMap(CurrentWorkspace, (scope) => {
      if (scope === "everyone") return asked(self)
      if (scope === "nobody") return Effect.die(new Error("The database was asked before it was known for whom"))
      return dialect.enter === undefined
        ? asked(self)
        : transaction(Effect.andThen(dialect.enter(scope.workspaceId), self))
    })
  const database: Database = {
    sql,
    dialect,
    read: (operation, self) =>
      Effect.catch(
        scoped(self, (asked) => asked),
        mapError(operation)
      ),
    write: (operation, self) => Effect.catch(scoped(self, transaction), mapError(operation)),
    writeLight: (operation, self) =>
      Effect.provideService(
        database.write(operation, Effect.andThen(dialect.light.first, self)),
        BeginTransaction,
        dialect.light.begin
      ),
    list: Effect.fnUntraced(function* (operation, table, conditions, request, order) {
      const after = yield* positionOf(operation, request.pageToken)
      const newest = order === "newest first"
      const where =
        after === undefined
          ? conditions
          : [
              ...conditions,
              newest
                ? sql`(created_at, id) < (${after.at}, ${after.id})`
                : sql`(created_at, id) > (${after.at}, ${after.id})`
            ]
      const direction = sql.literal(newest ? "DESC" : "ASC")
      const rows = yield* database.read(
        operation,
        sql`SELECT ${sql.literal(table.select())} FROM ${sql.literal(table.name)} WHERE ${sql.and(where)}
          ORDER BY created_at ${direction}, id ${direction} LIMIT ${request.limit + 1}`
      )
      return PageToken.listing(rows.map(table.decode), request.limit, (item) => ({ at: item.createdAt, id: item.id }))
    })
  }
  return database
}
