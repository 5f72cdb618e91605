import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PostgresStore } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import { certificate, key } from "../egress/TlsFixture.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
const folder = mkdtempSync(join(tmpdir(), "crochet-tls-"))
const authority = join(folder, "authority.pem")
beforeAll(async () => {
  writeFileSync(authority, certificate)
  server = await Server.start(
    { ssl: "on", ssl_cert_file: "server.crt", ssl_key_file: "server.key" },
    { "server.crt": certificate, "server.key": key }
  )
})
afterAll(async () => {
  await server.remove()
  rmSync(folder, { recursive: true, force: true })
})

const examine = (parameters: string, host = "127.0.0.1") =>
  PostgresStore.examine({
    url: Redacted.make(`${server.url.replace("127.0.0.1", host)}?${parameters}`),
    server: "test"
  })

describe("encrypted connections", () => {
  it.live("are made with an authority of the operator's own", () =>
    Effect.gen(function* () {
      const facts = yield* examine(`sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`)
      assert.match(facts.version, /^18/)
    })
  )

  it.live("are refused when the certificate is not trusted, or is another host's", () =>
    Effect.gen(function* () {
      for (const mode of ["prefer", "require", "verify-ca", "verify-full"]) {
        const error = yield* Effect.flip(examine(`sslmode=${mode}`))
        assert.strictEqual(error.reason._tag, "Untrusted", mode)
        assert.match(error.message, /sslrootcert=<path>/)
      }
      const other = yield* Effect.flip(
        examine(`sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`, "localhost")
      )
      assert.strictEqual(other.reason._tag, "Untrusted", other.message)
    })
  )

  it.live("need a file that can be read", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(examine(`sslmode=require&sslrootcert=${join(folder, "nowhere.pem")}`))
      assert.include(error.message, "nowhere.pem")
    })
  )

  it.live("are ended, too, when the server says nothing for too long, and not while they are used", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const [row] = yield* sql<{ readonly pid: number }>`SELECT pg_backend_pid() AS pid`
      for (let n = 0; n < 6; n++) {
        const [slept] = yield* sql<{ readonly pid: number }>`SELECT pg_sleep(0.4), pg_backend_pid() AS pid`
        assert.strictEqual(slept!.pid, row!.pid)
      }
      process.kill(row!.pid, "SIGSTOP")
      const error = yield* Effect.ensuring(
        Effect.flip(sql`SELECT 1`),
        Effect.sync(() => process.kill(row!.pid, "SIGCONT"))
      )
      assert.strictEqual(error.reason._tag, "ConnectionError")
      yield* sql`SELECT 1`
    }).pipe(
      Effect.provide(
        PostgresClient.layer({
          url: Redacted.make(`${server.url}?sslmode=require&sslrootcert=${encodeURIComponent(authority)}`),
          maxConnections: 1,
          answerMillis: 800
        })
      )
    )
  )

  it.live("are not made when the URL says so", () =>
    Effect.gen(function* () {
      assert.match((yield* examine("sslmode=disable")).version, /^18/)
    })
  )
})
