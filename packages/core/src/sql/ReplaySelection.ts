import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { EventState } from "../event/Event.ts"
import { noProgress, type Replay, type ReplayFilter, type ReplayProgress } from "../replay/Replay.ts"
import type { ReplayScan } from "../store/ReplayStore.ts"
import type { Database } from "./Database.ts"
import { events } from "./Tables.ts"

/** So much of the log is looked through at a time: a statement never holds the database for long. */
const scanWindow = 5000
const countWindow = 50_000

/** What an index finds: the run's, the integration's or the workspace's events. */
const reach = ({ sql }: Database, workspaceId: string, filter: ReplayFilter): Fragment =>
  filter.runId !== undefined
    ? sql`e.run_id = ${filter.runId}`
    : filter.integrationId !== undefined
      ? sql`e.integration_id = ${filter.integrationId}`
      : sql`e.workspace_id = ${workspaceId}`

const conditions = ({ sql, dialect }: Database, workspaceId: string, filter: ReplayFilter): Array<Fragment> => {
  const all: Array<Fragment> = [sql`e.workspace_id = ${workspaceId}`]
  if (filter.eventIds !== undefined) all.push(sql`${dialect.among("e.id", filter.eventIds)}`)
  else {
    // What was made up for is delivered, and what a replay made and lost is still lost under its first id.
    all.push(sql`(e.state NOT IN ('expired', 'discarded') OR (e.replaced_by IS NULL AND e.replay_of IS NULL))`)
  }
  if (filter.runId !== undefined) all.push(sql`e.run_id = ${filter.runId}`)
  if (filter.integrationId !== undefined) all.push(sql`e.integration_id = ${filter.integrationId}`)
  if (filter.destinationId !== undefined) all.push(sql`e.destination_id = ${filter.destinationId}`)
  if (filter.type !== undefined) all.push(sql`e.type = ${filter.type}`)
  if (filter.from !== undefined) all.push(sql`e.created_at >= ${filter.from}`)
  if (filter.to !== undefined) all.push(sql`e.created_at < ${filter.to}`)
  if (filter.states !== undefined) all.push(sql`${dialect.among("e.state", filter.states)}`)
  return all
}

/** The last position of a part of the log that begins after one, and whether it is the last part. */
const window = (
  database: Database,
  options: {
    readonly workspaceId: string
    readonly filter: ReplayFilter
    readonly after: number
    readonly until: number
    readonly size: number
  }
): Effect.Effect<{ readonly last: number; readonly final: boolean }, SqlError> => {
  const { after, filter, size, until, workspaceId } = options
  // Named events are found by their ids: there is nothing to look through.
  if (filter.eventIds !== undefined) return Effect.succeed({ last: until, final: true })
  return Effect.map(
    database.sql<{ readonly last: number | null; readonly n: number }>`SELECT max(w.position) AS last, count(*) AS n
      FROM (SELECT e.position FROM events e WHERE ${reach(database, workspaceId, filter)} AND e.position > ${after}
        AND e.position <= ${until} ORDER BY e.position LIMIT ${size}) AS w`,
    ([row]) => ({ last: Number(row?.last ?? until), final: Number(row?.n ?? 0) < size })
  )
}

/** The next events of a replay. */
export const scan = (
  database: Database,
  replay: Pick<Replay, "workspaceId" | "filter" | "cursorPosition" | "untilPosition">,
  limit: number
): Effect.Effect<ReplayScan, SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const { cursorPosition, filter, untilPosition, workspaceId } = replay
    const part = yield* window(database, {
      workspaceId,
      filter,
      after: cursorPosition,
      until: untilPosition,
      size: scanWindow
    })
    const rows = yield* sql<{ readonly position: number }>`SELECT ${sql.literal(events.select("e"))}, e.position
      FROM events e WHERE ${sql.and(conditions(database, workspaceId, filter))}
        AND e.position > ${cursorPosition} AND e.position <= ${part.last} ORDER BY e.position LIMIT ${limit}`
    const full = rows.length === limit
    return {
      events: rows.map(events.decode),
      cursorPosition: full ? Number(rows[rows.length - 1]!.position) : part.last,
      done: part.final && !full
    }
  })

/** Counts the events of a filter in a part of the log. */
export const count = (
  database: Database,
  workspaceId: string,
  filter: ReplayFilter,
  after: number
): Effect.Effect<{ readonly states: ReplayProgress; readonly cursorPosition: number | null }, SqlError> =>
  Effect.gen(function* () {
    const until = Number.MAX_SAFE_INTEGER
    const part = yield* window(database, { workspaceId, filter, after, until, size: countWindow })
    const rows = yield* database.sql<{ readonly state: EventState; readonly n: number }>`SELECT e.state, count(*) AS n
      FROM events e WHERE ${database.sql.and(conditions(database, workspaceId, filter))}
        AND e.position > ${after} AND e.position <= ${part.last} GROUP BY e.state`
    const states: { -readonly [State in EventState]: number } = { ...noProgress }
    for (const row of rows) states[row.state] = Number(row.n)
    return { states, cursorPosition: part.final ? null : part.last }
  })
