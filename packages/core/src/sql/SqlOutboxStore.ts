import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import * as Barrier from "../store/Barrier.ts"
import type { NewEvent } from "../event/Event.ts"
import { type Lease, OutboxStore } from "../store/OutboxStore.ts"
import * as PageToken from "../store/PageToken.ts"
import { type Database, positionOf } from "./Database.ts"
import { dueNow } from "./DestinationPause.ts"
import * as HealthRows from "./HealthRows.ts"
import { claim } from "./OutboxClaim.ts"
import { insertAny, ordersOf } from "./OutboxRows.ts"
import * as RunBooks from "./RunBooks.ts"
import * as Settle from "./Settlement.ts"
import { events } from "./Tables.ts"

/** `OutboxStore` on SQL. */
export const make = (database: Database): OutboxStore["Service"] => {
  const { sql, dialect, read, write, writeLight } = database
  const columns = sql.literal(events.select("e"))
  const positions = (leases: ReadonlyArray<Lease>) => leases.map(({ position }) => position)
  /** Locks the outbox rows of leases that still hold; returns those leases. */
  const held = (leases: ReadonlyArray<Lease>) =>
    Effect.map(
      sql<{ readonly position: number; readonly token: number }>`SELECT position, token FROM outbox
        WHERE ${dialect.among("position", positions(leases))} AND ${dialect.unindexed("lease_until", "integer")} > 0 ORDER BY position ${dialect.forUpdate()}`,
      (rows) => {
        const tokens = new Map(rows.map((row) => [Number(row.position), Number(row.token)]))
        return leases.filter(({ position, token }) => tokens.get(position) === token)
      }
    )
  return OutboxStore.of({
    enqueue: (added) =>
      write(
        "enqueue",
        Effect.gen(function* () {
          const orders = yield* ordersOf(database, added)
          const named = added.flatMap((event) => event.runId ?? [])
          const books = yield* RunBooks.load(database, [...new Set(named)])
          const { departures, events: fresh } = yield* insertAny(database, added, orders)
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
          yield* RunBooks.coalesce(database, departures, yield* dialect.now)
        })
      ),
    dueDestinations: read(
      "dueDestinations",
      Effect.flatMap(dialect.now, (now) =>
        Effect.map(
          sql<{ readonly id: string }>`SELECT d.id FROM destinations d
            LEFT JOIN destination_health h ON h.destination_id = d.id
            WHERE d.state = 'active' AND coalesce(h.parked_until, 0) <= ${now} AND coalesce(h.next_probe_at, 0) <= ${now}
            AND CASE WHEN h.opened_at IS NULL THEN EXISTS (SELECT 1 FROM outbox o
                WHERE o.destination_id = d.id AND o.blocked = 0 AND o.due_at <= ${now} AND o.lease_until <= ${now})
              ELSE EXISTS (SELECT 1 FROM outbox o
                WHERE o.destination_id = d.id AND o.blocked = 0 AND o.lease_until <= ${now})
              AND NOT EXISTS (SELECT 1 FROM events e JOIN outbox o ON o.position = e.position
                WHERE e.id = h.probing AND o.lease_until > ${now}) END
            ORDER BY d.id`,
          (rows) => rows.map((row) => row.id)
        )
      )
    ),
    // Free events are found by their due time, leased ones by the end of their lease: one step in an index for each.
    nextDueAt: read(
      "nextDueAt",
      Effect.map(
        sql<{
          readonly free: number | null
          readonly leased: number | null
          readonly parked: number | null
          readonly probe: number | null
        }>`SELECT h.parked_until AS parked, h.next_probe_at AS probe,
            (SELECT o.due_at FROM outbox o WHERE o.destination_id = d.id AND o.blocked = 0 AND o.lease_until = 0
              ORDER BY o.due_at LIMIT 1) AS free,
            (SELECT min(CASE WHEN h.opened_at IS NULL AND o.due_at > o.lease_until THEN o.due_at ELSE o.lease_until END) FROM outbox o
              WHERE o.destination_id = d.id AND o.lease_until > 0
                AND ${dialect.unindexed("o.blocked", "integer")} = 0) AS leased
          FROM destinations d LEFT JOIN destination_health h ON h.destination_id = d.id WHERE d.state = 'active'`,
        (rows) => {
          let next = Number.POSITIVE_INFINITY
          for (const row of rows) {
            if (row.free === null && row.leased === null) continue
            const leased = row.leased === null ? Number.POSITIVE_INFINITY : Number(row.leased)
            const free = row.free === null ? Number.POSITIVE_INFINITY : Number(row.free)
            const probe = Number(row.probe)
            const at = row.probe === null ? Math.min(free, leased) : row.free === null ? Math.max(leased, probe) : probe
            next = Math.min(next, Math.max(at, Number(row.parked ?? 0)))
          }
          return Number.isFinite(next) ? Option.some(next) : Option.none()
        }
      )
    ),
    claim: (options) => writeLight("claimEvents", claim(database, options)),
    renew: (leases, leaseMillis) =>
      writeLight(
        "renewEvents",
        Effect.gen(function* () {
          const kept = yield* held(leases)
          const until = (yield* dialect.now) + leaseMillis
          yield* sql`UPDATE outbox SET lease_until = ${until} WHERE ${dialect.among("position", positions(kept))}`
          return kept.map(({ id }) => id)
        })
      ),
    release: (leases) =>
      writeLight(
        "releaseEvents",
        Effect.gen(function* () {
          const kept = yield* held(leases)
          yield* sql`UPDATE outbox SET lease_until = 0, lease_owner = NULL, token = token + 1
            WHERE ${dialect.among("position", positions(kept))}`
        })
      ),
    settle: (outcomes, close) => write("settle", Settle.settle(database, outcomes, close)),

    health: (destinationIds) =>
      read(
        "destinationHealth",
        Effect.map(HealthRows.load(database, destinationIds, false), (found) => [...found.values()])
      ),
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
          sql`e.job_id = ${filter.records.jobId} AND ${dialect.among("e.record", filter.records.ordinals)}`
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
          const due = yield* sql`UPDATE outbox SET due_at = ${dueNow(database, now)} WHERE position =
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
    // `Barrier.isBalanced` in one statement: it must see all tables at one moment.
    imbalances: (since, limit) =>
      read(
        "imbalances",
        Effect.map(
          sql<{ readonly id: string }>`SELECT r.id FROM runs r LEFT JOIN (
              SELECT e.run_id AS id, count(*) AS events, sum(CASE WHEN e.type LIKE 'record.%' THEN 1 ELSE 0 END) AS records
              FROM outbox o JOIN events e ON e.position = o.position WHERE e.run_id IS NOT NULL
                AND e.type NOT IN ('sync.events.allConsumed', 'sync.events.incomplete') GROUP BY e.run_id
            ) w ON w.id = r.id
            WHERE (r.created_at >= ${since} OR r.outstanding <> 0) AND (r.outstanding <> coalesce(w.events, 0)
              OR r.emitted - r.consumed - r.coalesced - coalesce(w.records, 0) < 0
              OR r.emitted - r.consumed - r.coalesced - coalesce(w.records, 0) > r.expired
              OR (r.closing_event_id IS NOT NULL AND r.outstanding <> 0))
            ORDER BY r.id LIMIT ${limit}`,
          (rows) => rows.map((row) => row.id)
        )
      ),
    prune: (before, limit) => write("prune", Settle.prune(database, before, limit))
  })
}
