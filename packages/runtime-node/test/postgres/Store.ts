import { randomBytes } from "node:crypto"
import { SqlStore } from "@crochet/core/sql"
import { Clock, Effect, Layer, Redacted } from "effect"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import type { PostgresServer } from "./Server.ts"

const live = Clock.Clock.defaultValue()

/** An empty store in a schema of its own each time it is built. Times are those of effect's Clock unless told otherwise. */
export const layer = (server: () => PostgresServer, clock: "server" | "process" = "process") =>
  Layer.unwrap(
    Effect.gen(function* () {
      const schema = `s${randomBytes(6).toString("hex")}`
      yield* Effect.acquireRelease(
        Effect.promise(() => server().query(`CREATE SCHEMA ${schema} AUTHORIZATION ${server().plainRole}`)),
        () => Effect.promise(() => server().query(`DROP SCHEMA ${schema} CASCADE`))
      )
      const url = Redacted.make(`${server().plainUrl}?options=${encodeURIComponent(`-c search_path=${schema}`)}`)
      // The connections' own times are real ones.
      const client = PostgresClient.layer({ url, maxConnections: 8 }).pipe(
        Layer.provide(Layer.succeed(Clock.Clock, live))
      )
      return SqlStore.layerPostgres({ clock }).pipe(Layer.provide(client))
    })
  )
