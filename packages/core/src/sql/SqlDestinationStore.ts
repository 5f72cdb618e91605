import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import type { Destination } from "../destination/Destination.ts"
import type { EventType } from "../event/EventType.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import type { Database } from "./Database.ts"
import * as HealthRows from "./HealthRows.ts"
import * as Pause from "./DestinationPause.ts"
import * as Ordering from "./Ordering.ts"
import { bookedRun } from "./Repairs.ts"
import * as ReplayOutcomes from "./ReplayOutcomes.ts"
import * as RunBooks from "./RunBooks.ts"
import { overwrite } from "./Table.ts"
import { destinations } from "./Tables.ts"
import { conflict } from "../store/StoreError.ts"

/** `DestinationStore` on SQL. */
export const make = (database: Database): DestinationStore["Service"] => {
  const { sql, dialect, read, write } = database
  const newest = (operation: string, conditions: ReadonlyArray<Fragment>) =>
    read(
      operation,
      Effect.map(
        sql`SELECT ${sql.literal(destinations.select())} FROM destinations WHERE ${sql.and(conditions)}
          ORDER BY category IS NULL, created_at DESC, id DESC LIMIT 1`,
        (rows) => Option.map(Option.fromUndefinedOr(rows[0]), destinations.decode)
      )
    )
  const upsert =
    `ON CONFLICT (id) DO UPDATE SET ${overwrite(destinations.columns, ["id", "workspace_id"])} ` +
    `WHERE destinations.workspace_id = excluded.workspace_id RETURNING id`

  return DestinationStore.of({
    save: (destination) =>
      write(
        "saveDestination",
        Effect.gen(function* () {
          const row = destinations.encode(destination)
          const { id, ordering } = destination
          const [before] = yield* sql<{ readonly ordering: Destination["ordering"] }>`SELECT ordering FROM destinations
            WHERE id = ${id} ${dialect.forUpdate()}`
          const saved = yield* dialect.insert("destinations", destinations.columns, [row], upsert)
          if (saved.length === 0) return yield* conflict("saveDestination", "id")
          yield* HealthRows.add(database, id)
          const known = before?.ordering ?? Ordering.usual.ordering
          if (known !== ordering) yield* Ordering.reorder(database, id, ordering)
          return undefined
        })
      ),
    change: (workspaceId, id, change) =>
      write(
        "changeDestination",
        Effect.gen(function* () {
          const [row] = yield* sql`SELECT ${sql.literal(destinations.select())} FROM destinations
            WHERE id = ${id} AND workspace_id = ${workspaceId} ${dialect.forUpdate()}`
          if (row === undefined) return Option.none()
          const known = destinations.decode(row)
          const next = { ...(yield* Effect.fromResult(change(known))), id, workspaceId }
          yield* dialect.insert("destinations", destinations.columns, [destinations.encode(next)], upsert)
          if (known.ordering !== next.ordering) yield* Ordering.reorder(database, id, next.ordering)
          return Option.some(next)
        })
      ),
    get: (workspaceId, id) => newest("destination", [sql`id = ${id}`, sql`workspace_id = ${workspaceId}`]),
    byId: (id) => newest("destination", [sql`id = ${id}`]),
    forCategory: (workspaceId, category) =>
      newest("destinationForCategory", [sql`workspace_id = ${workspaceId}`, sql`category = ${category}`]),
    forUrl: (workspaceId, url, apiKeyId) =>
      newest("destinationForUrl", [
        sql`workspace_id = ${workspaceId}`,
        sql`url = ${url}`,
        sql`api_key_id = ${apiKeyId}`
      ]),
    list: (workspaceId, request) =>
      database.list("listDestinations", destinations, [sql`workspace_id = ${workspaceId}`], request, "oldest first"),
    remove: (workspaceId, id) =>
      write(
        "removeDestination",
        Effect.gen(function* () {
          const known =
            yield* sql`SELECT 1 FROM destinations WHERE id = ${id} AND workspace_id = ${workspaceId} ${dialect.forUpdate()}`
          if (known.length === 0) return 0
          // The child first: it is found through its parent.
          yield* sql`DELETE FROM destination_health WHERE destination_id = ${id}`
          yield* sql`DELETE FROM destinations WHERE id = ${id}`
          const now = yield* dialect.now
          const waiting = yield* sql<{ readonly run_id: string | null }>`SELECT DISTINCT
              coalesce(e.run_id, e.origin_run_id) AS run_id
            FROM outbox o JOIN events e ON e.position = o.position WHERE o.destination_id = ${id}`
          const books = yield* RunBooks.load(
            database,
            waiting.flatMap((row) => row.run_id ?? [])
          )
          const pending = yield* sql<{
            readonly position: number
            readonly run_id: string | null
            readonly job_id: string | null
            readonly record: number | null
            readonly chain: string | null
            readonly type: EventType
            readonly replay_id: string | null
            readonly replay_of: string | null
            readonly origin_run_id: string | null
          }>`SELECT o.position, o.chain, e.run_id, e.job_id, e.record, e.type, e.replay_id, e.replay_of,
              e.origin_run_id
            FROM outbox o JOIN events e ON e.position = o.position WHERE o.destination_id = ${id}
            ORDER BY o.position ${dialect.forUpdate("o")}`
          if (pending.length === 0) return 0
          const positions = pending.map((row) => Number(row.position))
          yield* sql`UPDATE events SET state = 'discarded', settled_at = ${now}, next_attempt_at = NULL
            WHERE ${dialect.among("position", positions)}`
          yield* sql`DELETE FROM bodies WHERE ${dialect.among("position", positions)}`
          yield* sql`DELETE FROM outbox WHERE ${dialect.among("position", positions)}`
          // Newer states of their records may wait for them on their way to another destination.
          yield* Ordering.unblock(
            database,
            pending.map((row) => ({
              jobId: row.job_id,
              record: row.record === null ? null : Number(row.record),
              chain: row.chain
            }))
          )
          const departures = pending.map(
            (row) => ({ runId: bookedRun(row), type: row.type, fate: "discarded" }) as const
          )
          // There is nobody left to tell: the runs end without a closing event.
          yield* RunBooks.settle(database, books, departures, () => null, now)
          yield* ReplayOutcomes.add(
            database,
            pending.map((row) => ({ replayId: row.replay_id, state: "discarded" }))
          )
          return pending.length
        })
      ),
    pause: (id, reason, notices) => write("pauseDestination", Pause.pause(database, id, reason, notices)),
    resume: (id, notices) => write("resumeDestination", Pause.resume(database, id, notices)),
    usesApiKey: (apiKeyId) =>
      read(
        "usesApiKey",
        Effect.map(
          sql`SELECT 1 FROM destinations WHERE mode = 'knit' AND api_key_id = ${apiKeyId} LIMIT 1`,
          (rows) => rows.length > 0
        )
      ),
    jobsOf: (id) =>
      read(
        "jobsOfDestination",
        Effect.map(sql<{ readonly id: string }>`SELECT id FROM jobs WHERE destination_id = ${id} ORDER BY id`, (rows) =>
          rows.map((row) => row.id)
        )
      )
  })
}
