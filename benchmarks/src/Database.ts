import { join } from "node:path"
import { PostgresStore, SqliteStore } from "@crochet/runtime-node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Server from "../../demo/PostgresServer.ts"

/** Where a benchmark keeps everything. */
export type Kind = "SQLite" | "Postgres"

/** The databases to measure, named on the command line; both by default. */
export const kinds = (names: ReadonlyArray<string>): ReadonlyArray<Kind> => {
  const all: ReadonlyArray<Kind> = ["SQLite", "Postgres"]
  const chosen = all.filter((kind) => names.includes(kind.toLowerCase()))
  return chosen.length === 0 ? all : chosen
}

/** As an operator sets a small server: everything is flushed at each commit. */
const settings = {
  shared_buffers: "512MB",
  max_wal_size: "4GB",
  min_wal_size: "1GB",
  checkpoint_timeout: "15min",
  wal_buffers: "16MB",
  effective_io_concurrency: "16",
  wal_compression: "off"
}

/** A server that has run for a while writes its log into segments that are there; a new one makes each of them first. */
const warm = async (server: Server.PostgresServer): Promise<void> => {
  for (let segment = 0; segment < 32; segment++) {
    await server.query("SELECT pg_switch_wal()::text FROM pg_logical_emit_message(false, 'benchmark', 'x')")
  }
  await server.query("CHECKPOINT")
}

/** The storage ports on an empty database: a file in the folder, or a server that starts with the layer and goes with it. */
export const stores = (kind: Kind, folder: string) =>
  kind === "SQLite"
    ? Layer.orDie(SqliteStore.layer({ path: join(folder, "bench.db") }))
    : Layer.unwrap(
        Effect.gen(function* () {
          const server = yield* Effect.acquireRelease(
            Effect.promise(() => Server.start(settings)),
            (started) => Effect.promise(() => started.remove())
          )
          yield* Effect.promise(() => warm(server))
          const url = yield* Effect.promise(() => server.createDatabase())
          return Layer.orDie(PostgresStore.layer({ url: Redacted.make(url), server: "benchmark" }))
        })
      )
