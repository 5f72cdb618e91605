import { randomBytes } from "node:crypto"
import { inspect } from "node:util"
import { AuditStore } from "@crochet/core"
import { SqlStore } from "@crochet/core/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { afterAll, beforeAll } from "vitest"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start({ fsync: "off" })
})
afterAll(() => server.remove())

describe("the audit log on Postgres", () => {
  it("refuses to be changed, thinned out or emptied", async () => {
    const schema = `s${randomBytes(6).toString("hex")}`
    await server.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${server.plainRole}`)
    const url = Redacted.make(`${server.plainUrl}?options=${encodeURIComponent(`-c search_path=${schema}`)}`)
    const store = SqlStore.layerPostgres({ clock: "server" }).pipe(
      Layer.provide(PostgresClient.layer({ url, maxConnections: 2 }))
    )
    await Effect.runPromise(
      Effect.flatMap(AuditStore.AuditStore, (audit) =>
        audit.append("ws", ({ hash, position }) => ({
          workspaceId: "ws",
          position: position + 1,
          at: 1,
          actor: "operator",
          action: "workspace.create",
          target: "ws",
          detail: {},
          previousHash: hash,
          hash: "h"
        }))
      ).pipe(Effect.provide(store))
    )
    for (const statement of [
      `UPDATE ${schema}.audit_log SET actor = 'x'`,
      `DELETE FROM ${schema}.audit_log`,
      `TRUNCATE ${schema}.audit_log`
    ]) {
      const refused = await server.query(statement).then(
        () => assert.fail(`${statement} was carried out`),
        (error: unknown) => inspect(error, { depth: 10 })
      )
      assert.include(refused, "append-only")
    }
  })
})
