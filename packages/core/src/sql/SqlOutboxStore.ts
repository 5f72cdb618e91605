import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import * as Barrier from "../store/Barrier.ts"
import type { NewEvent } from "../event/Event.ts"
import { type ClaimedEvent, OutboxStore } from "../store/OutboxStore.ts"
import * as PageToken from "../store/PageToken.ts"
import { type Database, positionOf } from "./Database.ts"
import { insertEvents } from "./OutboxRows.ts"
import * as RunBooks from "./RunBooks.ts"
import * as Settle from "./Settlement.ts"
import { events } from "./Tables.ts"

interface PendingRow {
  readonly position: number
  readonly body: Uint8Array
  readonly token: number
  readonly attempts_made: number
  readonly first_at: number | null
}

/** `OutboxStore` on SQL. */
export const make = (database: Database): OutboxStore["Service"] => {
  const { sql, dialect, read, write, writeLight } = database
  const columns = sql.literal(events.select("e"))
  /** Outbox rows `o` that the holder of the lease named. */
  const held = (named: ReadonlyArray<Pick<ClaimedEvent, "id" | "token">>) =>
    sql`(SELECT o.position FROM ${dialect.rows(
      { id: "text", token: "integer" },
      named.map(({ id, token }) => [id, token])
    )} AS v
      JOIN events e ON e.id = v.id JOIN outbox o ON o.position = e.position WHERE o.token = v.token AND o.lease_until > 0
      ORDER BY o.position ${dialect.forUpdate("o")})`

  return OutboxStore.of({
    enqueue: (added) =>
      write(
        "enqueue",
        Effect.gen(function* () {
          const named = added.flatMap((event) => event.runId ?? [])
          const books = yield* RunBooks.load(database, [...new Set(named)])
          const fresh = yield* insertEvents(database, added)
          const byRun = new Map<string, Array<NewEvent>>()
          for (const event of fresh)
            if (event.runId !== null) byRun.set(event.runId, [...(byRun.get(event.runId) ?? []), event])
          yield* RunBooks.save(
            database,
            [...byRun].flatMap(([id, own]) => {
              const current = books.get(id)
              return current === undefined ? [] : [Barrier.emit(current, own)]
            })
          )
        })
      ),
    dueDestinations: read(
      "dueDestinations",
      Effect.flatMap(dialect.now, (now) =>
        Effect.map(
          sql<{ readonly id: string }>`SELECT id FROM destinations d WHERE state = 'active' AND EXISTS (
            SELECT 1 FROM outbox o WHERE o.destination_id = d.id AND o.blocked = 0 AND o.due_at <= ${now} AND o.lease_until <= ${now})
            ORDER BY id`,
          (rows) => rows.map((row) => row.id)
        )
      )
    ),
    // Free events are found by their due time, leased ones by the end of their lease: one step in an index for each.
    nextDueAt: read(
      "nextDueAt",
      Effect.map(
        sql<{ readonly free: number | null; readonly leased: number | null }>`SELECT
            min((SELECT o.due_at FROM outbox o WHERE o.destination_id = d.id AND o.blocked = 0 AND o.lease_until = 0
              ORDER BY o.due_at LIMIT 1)) AS free,
            min((SELECT min(CASE WHEN o.due_at > o.lease_until THEN o.due_at ELSE o.lease_until END) FROM outbox o
              WHERE o.destination_id = d.id AND o.lease_until > 0
                AND ${dialect.unindexed("o.blocked", "integer")} = 0)) AS leased
          FROM destinations d WHERE d.state = 'active'`,
        ([row]) => {
          const times = [row?.free ?? null, row?.leased ?? null].flatMap((at) => (at === null ? [] : [Number(at)]))
          return times.length === 0 ? Option.none() : Option.some(Math.min(...times))
        }
      )
    ),
    claim: ({ destinationId, leaseMillis, limit, owner }) =>
      writeLight(
        "claimEvents",
        Effect.gen(function* () {
          const now = yield* dialect.now
          const rows =
            yield* sql<PendingRow>`SELECT ${columns}, o.position, b.body, o.token, o.attempts AS attempts_made,
              o.first_attempt_at AS first_at
            FROM outbox o JOIN events e ON e.position = o.position JOIN bodies b ON b.position = o.position
            WHERE o.destination_id = ${destinationId} AND o.blocked = 0 AND o.due_at <= ${now} AND o.lease_until <= ${now}
              AND EXISTS (SELECT 1 FROM destinations d WHERE d.id = o.destination_id AND d.state = 'active')
            ORDER BY o.due_at, o.position LIMIT ${limit} ${dialect.skipLocked("o")}`
          if (rows.length === 0) return []
          yield* sql`UPDATE outbox SET token = token + 1, lease_until = ${now + leaseMillis}, lease_owner = ${owner}
            WHERE position IN ${dialect.keys(rows.map((row) => Number(row.position)))}`
          return rows.map((row): ClaimedEvent => {
            const { createdAt, destinationId, id, integrationId, jobId, record, runId, sequence, type, workspaceId } =
              events.decode(row)
            return {
              id,
              workspaceId,
              destinationId,
              integrationId,
              jobId,
              runId,
              type,
              record,
              sequence,
              body: row.body,
              createdAt,
              token: Number(row.token) + 1,
              attempts: Number(row.attempts_made),
              firstAttemptAt: row.first_at === null ? null : Number(row.first_at)
            }
          })
        })
      ),
    renew: (named, leaseMillis) =>
      writeLight(
        "renewEvents",
        Effect.gen(function* () {
          const now = yield* dialect.now
          const renewed = yield* sql<{ readonly position: number; readonly token: number }>`UPDATE outbox
            SET lease_until = ${now + leaseMillis} WHERE position IN ${held(named)} RETURNING position, token`
          const tokens = new Map(renewed.map((row) => [Number(row.position), Number(row.token)]))
          const rows = yield* sql<{ readonly position: number; readonly id: string }>`SELECT position, id FROM events
            WHERE position IN ${dialect.keys([...tokens.keys()])}`
          const byId = new Map(rows.map((row) => [row.id, tokens.get(Number(row.position))]))
          return named.filter(({ id, token }) => byId.get(id) === token).map(({ id }) => id)
        })
      ),
    release: (named) =>
      writeLight(
        "releaseEvents",
        Effect.asVoid(
          sql`UPDATE outbox SET lease_until = 0, lease_owner = NULL, token = token + 1 WHERE position IN ${held(named)}`
        )
      ),
    settle: (outcomes, close) => write("settle", Settle.settle(database, outcomes, close)),

    event: (workspaceId, id) =>
      read(
        "event",
        Effect.map(
          sql`SELECT ${columns} FROM events e WHERE e.id = ${id} AND e.workspace_id = ${workspaceId}`,
          (rows) => Option.map(Option.fromUndefinedOr(rows[0]), events.decode)
        )
      ),
    body: (workspaceId, id) =>
      read(
        "eventBody",
        Effect.map(
          sql<{ readonly body: Uint8Array }>`SELECT b.body FROM events e JOIN bodies b ON b.position = e.position
            WHERE e.id = ${id} AND e.workspace_id = ${workspaceId}`,
          (rows) => Option.map(Option.fromUndefinedOr(rows[0]), (row) => row.body)
        )
      ),
    attempts: (eventId) => read("attempts", Settle.attemptsOf(database, eventId)),
    list: Effect.fnUntraced(function* (filter, request) {
      const after = yield* positionOf("listEvents", request.pageToken)
      const conditions: Array<Fragment> = [sql`e.workspace_id = ${filter.workspaceId}`]
      if (after !== undefined) conditions.push(sql`e.position < ${after.at}`)
      if (filter.integrationId !== undefined) conditions.push(sql`e.integration_id = ${filter.integrationId}`)
      if (filter.runId !== undefined) conditions.push(sql`e.run_id = ${filter.runId}`)
      if (filter.records !== undefined) {
        conditions.push(
          sql`e.job_id = ${filter.records.jobId} AND e.record IN ${dialect.keys(filter.records.ordinals)}`
        )
      }
      if (filter.type !== undefined) conditions.push(sql`e.type = ${filter.type}`)
      if (filter.state !== undefined) conditions.push(sql`e.state = ${filter.state}`)
      const rows = yield* read(
        "listEvents",
        sql<{ readonly position: number }>`SELECT ${columns}, e.position FROM events e WHERE ${sql.and(conditions)}
          ORDER BY e.position DESC LIMIT ${request.limit + 1}`
      )
      const page = PageToken.listing(rows, request.limit, (row) => ({ at: Number(row.position), id: "" }))
      return { items: page.items.map(events.decode), nextPageToken: page.nextPageToken }
    }),
    retryNow: (workspaceId, id) =>
      write(
        "retryNow",
        Effect.gen(function* () {
          const now = yield* dialect.now
          const due = yield* sql`UPDATE outbox SET due_at = ${now} WHERE position =
            (SELECT position FROM events WHERE id = ${id} AND workspace_id = ${workspaceId}) RETURNING position`
          if (due.length === 0) return false
          yield* sql`UPDATE events SET next_attempt_at = ${now} WHERE id = ${id}`
          return true
        })
      ),
    // The runs' own books say it: counting rows that carry bodies would read them all, once per page.
    backlog: (destinationId) =>
      read(
        "backlog",
        Effect.map(
          sql<{
            readonly n: number | null
          }>`SELECT sum(outstanding) AS n FROM runs WHERE destination_id = ${destinationId} AND outstanding > 0`,
          (rows) => Number(rows[0]?.n ?? 0)
        )
      ),
    prune: (before, limit) => write("prune", Settle.prune(database, before, limit))
  })
}
