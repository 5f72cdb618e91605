import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import * as CrashPoint from "../crash/CrashPoint.ts"
import * as Circuit from "../delivery/Circuit.ts"
import * as RetrySchedule from "../delivery/RetrySchedule.ts"
import * as TokenBucket from "../delivery/TokenBucket.ts"
import type { ClaimedEvent } from "../store/OutboxStore.ts"
import type { Database } from "./Database.ts"
import * as HealthRows from "./HealthRows.ts"
import { destinationHealth, undelivered } from "./Tables.ts"

interface PendingRow {
  readonly position: number
  readonly body: Uint8Array
  readonly token: number
  readonly attempts_made: number
  readonly first_at: number | null
}

interface Taken {
  readonly rows: ReadonlyArray<PendingRow>
  readonly purpose?: "probe" | "overdue"
}

/**
 * Chooses events of one destination and leases them. Reads as many rows as it returns, and those that are leased
 * already: never the backlog.
 */
export const claim = (
  database: Database,
  options: {
    readonly destinationId: string
    readonly owner: string
    readonly limit: number
    readonly leaseMillis: number
  }
): Effect.Effect<ReadonlyArray<ClaimedEvent>, SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const { destinationId, limit } = options
    const now = yield* dialect.now

    const oldest = sql`o.due_at, o.position`
    const select = (which: Fragment, most: number, order: Fragment = oldest) =>
      sql<PendingRow>`SELECT ${sql.literal(undelivered.select("e"))}, o.position, b.body, o.token, o.attempts AS attempts_made,
          o.first_attempt_at AS first_at
        FROM outbox o ${dialect.lookup("events", "e", "e.position = o.position")}
          ${dialect.lookup("bodies", "b", "b.position = o.position")}
        WHERE o.destination_id = ${destinationId} AND o.blocked = 0 AND o.lease_until <= ${now} AND ${which}
        ORDER BY ${order} LIMIT ${most} ${dialect.skipLocked("o")}`
    const due = (most: number) => select(sql`o.due_at <= ${now}`, most)
    /** Where there is less than everybody would like, live events come before those of replays. */
    const dueLiveFirst = (most: number) =>
      Effect.gen(function* () {
        const live = yield* select(sql`o.due_at <= ${now} AND e.replay_id IS NULL`, most)
        if (live.length === most) return live
        const again = yield* select(sql`o.due_at <= ${now} AND e.replay_id IS NOT NULL`, most - live.length)
        return [...live, ...again]
      })

    const overdue = (health: Circuit.DestinationHealth) =>
      Effect.gen(function* () {
        const { attempted, waiting } = Circuit.over(health, now)
        // In the order of its own index: the backlog, which was never tried, is not in it.
        const tried = yield* select(
          sql`o.first_attempt_at <= ${attempted.any}
            AND (o.attempts >= ${RetrySchedule.minimumAttempts} OR o.first_attempt_at <= ${attempted.probed})`,
          limit,
          sql`o.first_attempt_at`
        )
        if (tried.length === limit || waiting === null) return tried
        return [
          ...tried,
          ...(yield* select(sql`o.due_at <= ${waiting} AND o.first_attempt_at IS NULL`, limit - tried.length))
        ]
      })

    const ofOpen = (health: Circuit.DestinationHealth) =>
      Effect.gen(function* () {
        const rows = yield* overdue(health)
        if (rows.length > 0) return { rows, purpose: "overdue" } satisfies Taken
        if (Circuit.admits(health, now, yield* HealthRows.isProbing(database, health, now)) !== "probe")
          return { rows: [] }
        // Whether it is due itself is of no account: what waits is one event, and whether anybody is there.
        const probe = yield* select(sql`o.due_at <= ${Number.MAX_SAFE_INTEGER}`, 1)
        if (probe.length > 0) {
          const probing = undelivered.decode(probe[0]!).id
          yield* HealthRows.save(database, [{ ...health, probing }])
        }
        return { rows: probe, purpose: "probe" } satisfies Taken
      })

    const take = Effect.gen(function* (): Effect.fn.Return<Taken, SqlError> {
      const [found] = yield* sql<{ readonly rate: number | null }>`SELECT d.rate_per_second AS rate,
          ${sql.literal(destinationHealth.select("h"))}
        FROM destinations d LEFT JOIN destination_health h ON h.destination_id = d.id
        WHERE d.id = ${destinationId} AND d.state = 'active'`
      if (found === undefined) return { rows: [] }
      const rate = found.rate === null ? null : Number(found.rate)
      const seen = { ...destinationHealth.decode(found), destinationId }
      if (rate === null && seen.openedAt === null && (seen.parkedUntil ?? 0) <= now) return { rows: yield* due(limit) }
      const locked = yield* HealthRows.load(database, [destinationId], true)
      const health = locked.get(destinationId) ?? Circuit.unknown(destinationId)
      if ((health.parkedUntil ?? 0) > now) return { rows: [] }
      if (health.openedAt !== null) return yield* ofOpen(health)
      if (rate === null) return { rows: yield* due(limit) }
      const { tokens } = TokenBucket.take(health.bucket, rate, limit, now)
      const rows = tokens === 0 ? [] : yield* dueLiveFirst(tokens)
      if (rows.length > 0) {
        const { bucket } = TokenBucket.take(health.bucket, rate, rows.length, now)
        yield* HealthRows.save(database, [{ ...health, bucket }])
      }
      return { rows }
    })

    const { purpose, rows } = yield* take
    if (rows.length === 0) return []
    yield* sql`UPDATE outbox SET token = token + 1, lease_until = ${now + options.leaseMillis}, lease_owner = ${options.owner}
      WHERE ${dialect.among(
        "position",
        rows.map((row) => Number(row.position))
      )}`
    CrashPoint.at("claim.writing")
    return rows.map((row): ClaimedEvent => {
      const attempts = Number(row.attempts_made)
      const firstAttemptAt = row.first_at === null ? null : Number(row.first_at)
      const why = purpose ?? (RetrySchedule.isOver(attempts, firstAttemptAt, now) ? ("overdue" as const) : undefined)
      return {
        ...undelivered.decode(row),
        body: row.body,
        position: Number(row.position),
        token: Number(row.token) + 1,
        attempts,
        firstAttemptAt,
        ...(why === undefined ? {} : { purpose: why })
      }
    })
  })
