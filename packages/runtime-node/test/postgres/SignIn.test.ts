import { afterAll, beforeAll } from "@effect/vitest"
import { suite } from "../oauth/SignInSuite.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.remove())

suite("PostgreSQL", async () => {
  const url = await server.createDatabase()
  return { url, query: (sql) => server.query(sql, [], new URL(url).pathname.slice(1)) }
})
