import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import type { EventType } from "../event/EventType.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import type { Database } from "./Database.ts"
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
        Effect.flatMap(
          dialect.insert("destinations", destinations.columns, [destinations.encode(destination)], upsert),
          (saved) => (saved.length === 0 ? Effect.fail(conflict("saveDestination", "id")) : Effect.void)
        )
      ),
    change: (workspaceId, id, change) =>
      write(
        "changeDestination",
        Effect.gen(function* () {
          // An update that changes nothing reads the row and keeps it for this transaction, in one statement.
          const [row] = yield* sql`UPDATE destinations SET updated_at = updated_at
            WHERE id = ${id} AND workspace_id = ${workspaceId} RETURNING ${sql.literal(destinations.select())}`
          if (row === undefined) return Option.none()
          const next = { ...(yield* Effect.fromResult(change(destinations.decode(row)))), id, workspaceId }
          yield* dialect.insert("destinations", destinations.columns, [destinations.encode(next)], upsert)
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
          const removed =
            yield* sql`DELETE FROM destinations WHERE id = ${id} AND workspace_id = ${workspaceId} RETURNING id`
          if (removed.length === 0) return 0
          const now = yield* dialect.now
          const pending = yield* sql<{
            readonly run_id: string | null
            readonly type: EventType
          }>`SELECT e.run_id, e.type
            FROM outbox o JOIN events e ON e.position = o.position WHERE o.destination_id = ${id}`
          if (pending.length === 0) return 0
          yield* sql`UPDATE events SET state = 'discarded', settled_at = ${now}, next_attempt_at = NULL
            WHERE position IN (SELECT position FROM outbox WHERE destination_id = ${id})`
          yield* sql`DELETE FROM bodies WHERE position IN (SELECT position FROM outbox WHERE destination_id = ${id})`
          yield* sql`DELETE FROM outbox WHERE destination_id = ${id}`
          const departures = pending.map((row) => ({ runId: row.run_id, type: row.type, fate: "discarded" as const }))
          // There is nobody left to tell: the runs end without a closing event.
          yield* RunBooks.settle(database, departures, () => null, now)
          return pending.length
        })
      ),
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
