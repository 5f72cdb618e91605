import { atTheEnd } from "./CleanUp.ts"
import type { Database, Databases } from "./Database.ts"
import { type PostgresServer, type ServerSettings, start } from "../../../demo/PostgresServer.ts"

/** The URL's last part. */
const nameOf = (url: string) => new URL(url).pathname.slice(1)

/** A database of this server as tests look into it. */
export const databaseOf = (server: PostgresServer, url: string): Database => ({
  kind: "postgres",
  url,
  file: null,
  query: (sql) => server.query(sql, [], nameOf(url)),
  rewrite: async (sql) => {
    const changed = await server.query(
      `WITH changed AS (${sql} RETURNING 1) SELECT count(*) AS n FROM changed`,
      [],
      nameOf(url)
    )
    return Number(changed[0]?.["n"])
  }
})

/** A server for one section, gone with it: a database for each installation. */
export const postgres = async (
  settings: ServerSettings = {}
): Promise<{ readonly server: PostgresServer; readonly databases: Databases }> => {
  const server = await start({ max_connections: "200", ...settings })
  atTheEnd(server.remove)
  return {
    server,
    databases: { kind: "postgres", create: async () => databaseOf(server, await server.createDatabase()) }
  }
}
