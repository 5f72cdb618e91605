import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { suite } from "./Suite.ts"

suite("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crochet-isolation-"))
  const path = join(folder, "crochet.db")
  const query = async (sql: string) => {
    const database = new DatabaseSync(path, { timeout: 10_000 })
    const rows = database.prepare(sql).all()
    database.close()
    return rows
  }
  return {
    options: { database: `sqlite:${path}` },
    query,
    tables: async () =>
      (await query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).map(({ name }) =>
        String(name)
      ),
    close: async () => rmSync(folder, { recursive: true, force: true })
  }
})
