import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Replay, ReplayStore } from "@crochet/core"
import { Migrations, SqliteDialect } from "@crochet/core/sql"
import { SqliteClient, SqliteStore } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crochet-sqlite-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Makes a file as an earlier program left it. */
const before = (path: string, id: number, fill: (sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.andThen(
      Migrations.migrate(
        sql,
        SqliteDialect.make(sql),
        Migrations.migrations.filter((migration) => migration.id < id)
      ),
      fill(sql)
    )
  ).pipe(Effect.provide(Layer.fresh(SqliteClient.layer({ path }))))

describe("a file of an earlier version", () => {
  it.effect("14: what became of events of replays is counted, with those that the log has forgotten", () =>
    Effect.gen(function* () {
      const path = join(folder, "replays.db")
      yield* before(path, 14, (sql) =>
        Effect.gen(function* () {
          const states = ["pending", "acknowledged", "acknowledged", "expired", "discarded"]
          for (const [at, state] of states.entries())
            yield* sql`INSERT INTO events (id, workspace_id, destination_id, integration_id, type, state, created_at, attempts,
              replay_id) VALUES (${`e${at}`}, 'ws', 'dst', 'int', 'record.new', ${state}, 1, 1, 'rp_1')`
          for (const [id, replayed] of [
            ["rp_1", 7],
            ["rp_2", 0]
          ] as const)
            yield* sql`INSERT INTO replays (id, workspace_id, filter, fingerprint, state, cursor_position, until_position,
              examined, replayed, made_due, skipped, next_at, interruptions, created_at)
              VALUES (${id}, 'ws', '{}', ${id}, 'done', 1, 1, 7, ${replayed}, 0, '{}', 1, 0, 1)`
        })
      )
      const progress = yield* Effect.flatMap(ReplayStore.ReplayStore, (replays) =>
        replays.progress(["rp_1", "rp_2"])
      ).pipe(Effect.provide(Layer.fresh(SqliteStore.layer({ path }))))
      // Two of the seven have left the log: nothing says that they came to grief.
      assert.deepStrictEqual(progress.get("rp_1"), {
        ...Replay.noProgress,
        pending: 1,
        acknowledged: 4,
        expired: 1,
        discarded: 1
      })
      assert.deepStrictEqual(progress.get("rp_2"), Replay.noProgress)
    })
  )
})
