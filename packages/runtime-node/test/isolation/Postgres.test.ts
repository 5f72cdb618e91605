import { randomBytes } from "node:crypto"
import * as Server from "../postgres/Server.ts"
import { suite } from "./Suite.ts"

// Its role is a plain one: what the calls do is done behind both walls.
suite("Postgres", async () => {
  const server = await Server.start()
  const url = await server.createDatabase()
  const query = (sql: string) => server.query(sql, [], new URL(url).pathname.slice(1))
  return {
    options: { database: url, masterKey: randomBytes(32).toString("base64") },
    query,
    tables: async () =>
      (await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).map((row) =>
        String(row["tablename"])
      ),
    close: server.remove
  }
})
