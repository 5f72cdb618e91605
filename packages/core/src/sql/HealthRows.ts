import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Circuit from "../delivery/Circuit.ts"
import type { Outcome } from "../store/OutboxStore.ts"
import type { Database } from "./Database.ts"
import { overwrite } from "./Table.ts"
import { destinationHealth as table } from "./Tables.ts"

const upsert = `ON CONFLICT (destination_id) DO UPDATE SET ${overwrite(table.columns, ["destination_id"])}`

/** Reads how destinations do; with `lock`, nobody else changes it until the transaction ends. */
export const load = (
  { sql, dialect }: Database,
  ids: ReadonlyArray<string>,
  lock: boolean
): Effect.Effect<Map<string, Circuit.DestinationHealth>, SqlError> =>
  Effect.map(
    sql`SELECT ${sql.literal(table.select())} FROM destination_health WHERE ${dialect.among("destination_id", ids)}
      ORDER BY destination_id ${lock ? dialect.forUpdate() : sql.literal("")}`,
    (rows) => new Map(rows.map((row) => table.decode(row)).map((health) => [health.destinationId, health]))
  )

/** Writes how destinations do. */
export const save = (
  { dialect }: Database,
  changed: ReadonlyArray<Circuit.DestinationHealth>
): Effect.Effect<void, SqlError> =>
  changed.length === 0
    ? Effect.void
    : Effect.asVoid(dialect.insert("destination_health", table.columns, changed.map(table.encode), upsert))

/** A row for a new destination, so that there is something to lock. */
export const add = ({ dialect }: Database, destinationId: string): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    dialect.insert(
      "destination_health",
      ["destination_id"],
      [[destinationId]],
      "ON CONFLICT (destination_id) DO NOTHING"
    )
  )

/** Whether the probe that a circuit sent is still leased. */
export const isProbing = (
  { sql }: Database,
  health: Circuit.DestinationHealth,
  now: number
): Effect.Effect<boolean, SqlError> =>
  health.probing === null
    ? Effect.succeed(false)
    : Effect.map(
        sql`SELECT 1 FROM events e JOIN outbox o ON o.position = e.position
          WHERE e.id = ${health.probing} AND o.lease_until > ${now}`,
        (rows) => rows.length > 0
      )

/** What a group of outcomes says, by destination. */
export interface Signed {
  readonly destinationId: string
  readonly outcome: Outcome
}

const observed = (
  before: Circuit.DestinationHealth,
  signs: ReadonlyArray<Signed>,
  now: number
): Circuit.DestinationHealth => {
  let health = before
  for (const { outcome } of signs) {
    const probe = outcome.event.purpose === "probe"
    if (outcome.sign !== undefined) health = Circuit.observe(health, outcome.event.id, outcome.sign, probe, now)
    else if (probe) health = Circuit.postponed(health, now)
  }
  return health
}

/**
 * Counts outcomes in the health of their destinations and returns what they turned to. Where everything
 * goes well nothing is written, and no row is locked.
 */
export const observe = (
  database: Database,
  signed: ReadonlyArray<Signed>,
  now: number
): Effect.Effect<ReadonlyArray<Circuit.Turn>, SqlError> =>
  Effect.gen(function* () {
    const groups = Map.groupBy(signed, ({ destinationId }) => destinationId)
    const seen = yield* load(database, [...groups.keys()], false)
    const touched = [...groups].flatMap(([id, signs]) => {
      const before = seen.get(id)
      return before === undefined || observed(before, signs, now) === before ? [] : [id]
    })
    if (touched.length === 0) return []
    const current = yield* load(database, touched, true)
    const changed: Array<Circuit.DestinationHealth> = []
    const turns: Array<Circuit.Turn> = []
    for (const [id, before] of current) {
      const after = observed(before, groups.get(id)!, now)
      if (after === before) continue
      changed.push(after)
      const turn = Circuit.turn(before, after)
      if (turn === null) continue
      turns.push(turn)
      if (turn.kind === "closed") yield* hurry(database, id, now)
    }
    yield* save(database, changed)
    return turns
  })

/** What waits for a retry is due at once, oldest window first. */
const hurry = ({ sql, dialect }: Database, destinationId: string, now: number): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly position: number }>`UPDATE outbox SET due_at = first_attempt_at
      WHERE destination_id = ${destinationId} AND due_at > ${now} AND first_attempt_at IS NOT NULL RETURNING position`
    if (rows.length === 0) return
    yield* sql`UPDATE events SET next_attempt_at = ${now}
      WHERE ${dialect.among(
        "position",
        rows.map((row) => Number(row.position))
      )}`
  })
