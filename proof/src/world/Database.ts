import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** A value in a row. */
export type Value = string | number | bigint | null | Uint8Array
/** Rows as a test reads them. */
export type Rows = ReadonlyArray<{ readonly [column: string]: unknown }>

/** The database of one installation, as a test looks into it beside the running program. */
export interface Database {
  readonly kind: "sqlite" | "postgres"
  /** What `CROCHET_DATABASE_URL` says. */
  readonly url: string
  /** The file, where there is one. */
  readonly file: string | null
  /** Changes rows as the passing of time would; answers how many. Portable SQL without parameters. */
  readonly rewrite: (sql: string) => Promise<number>
  readonly query: (sql: string) => Promise<Rows>
}

/** Makes a new, empty database for an installation in this folder. */
export interface Databases {
  readonly kind: Database["kind"]
  readonly create: (folder: string) => Promise<Database>
}

/** A file for each installation. */
export const sqlite: Databases = {
  kind: "sqlite",
  create: async (folder) => {
    const file = join(folder, "crochet.db")
    const using = <A>(use: (database: DatabaseSync) => A): Promise<A> => {
      const database = new DatabaseSync(file, { timeout: 10_000 })
      try {
        return Promise.resolve(use(database))
      } finally {
        database.close()
      }
    }
    return {
      kind: "sqlite",
      url: `sqlite:${file}`,
      file,
      rewrite: (sql) => using((database) => Number(database.prepare(sql).run().changes)),
      query: (sql) => using((database) => database.prepare(sql).all())
    }
  }
}
