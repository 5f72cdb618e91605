import { inspect } from "node:util"
import { Migrations, RowSecurity } from "@crochet/core/sql"
import { PgConnection } from "@effect/sql-pg"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { a, b, type Row, start } from "./TwoWorkspaces.ts"

/** Tables that belong to the installation; every other one has rows of workspaces. */
const shared = ["meta", "migrations"]

let world: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  world = await start()
})
afterAll(() => world.close())

/** Runs statements as the owner of the tables, with the setting as given; undone at the end. */
const asOwner = <A>(
  workspace: string | null,
  use: (query: (text: string, params?: ReadonlyArray<unknown>) => Promise<ReadonlyArray<Row>>) => Promise<A>
): Promise<A> =>
  PgConnection.make({
    url: Redacted.make(world.url),
    ...(workspace === null ? {} : { startupParameters: { [RowSecurity.setting]: workspace } })
  }).pipe(
    Effect.flatMap((connection) =>
      Effect.promise(async () => {
        const query = (text: string, params?: ReadonlyArray<unknown>) =>
          Effect.runPromise(Effect.map(connection.query(text, params), ({ rows }) => rows as ReadonlyArray<Row>))
        await query("BEGIN")
        const result = await use(query)
        await query("ROLLBACK")
        return result
      })
    ),
    Effect.scoped,
    Effect.runPromise
  )

const rowsOf = async (workspace: string | null, table: string): Promise<ReadonlyArray<string>> =>
  asOwner(workspace, async (query) =>
    (await query(`SELECT ctid::text AS at FROM ${table}`)).map((row) => String(row["at"]))
  )

describe("every table of the schema", () => {
  it("is under forced row-level security, with a policy that asks for the workspace", async () => {
    const found = await world.asSuperuser(`SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
        (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND
          pg_get_expr(p.polqual, p.polrelid) LIKE '%current_setting(''crochet.workspace''%')::int AS policies
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f', 'm', 'v')`)
    assert.lengthOf(found, world.tables.length, "views and foreign tables have no policies of their own")
    const without = found.filter((row) => row["forced"] !== true || Number(row["policies"]) === 0)
    assert.deepStrictEqual(
      without.map((row) => row["relname"]),
      [],
      "give these tables dialect.ddl.isolate in their migration"
    )
    const role = await world.asSuperuser(
      "SELECT rolsuper OR rolbypassrls AS free FROM pg_roles WHERE rolname = (SELECT tableowner FROM pg_tables WHERE tablename = 'runs')"
    )
    assert.deepStrictEqual(role, [{ free: false }], "what these tests show, they show to an ordinary owner")
  })

  it("shows a workspace its own rows, everyone all of them, and nobody none", async () => {
    for (const table of world.tables) {
      const all = (await world.asSuperuser(`SELECT ctid::text AS at FROM ${table}`)).map((row) => String(row["at"]))
      assert.sameMembers([...(await rowsOf(RowSecurity.everyone, table))], all, `${table}: everyone`)
      for (const nobody of [null, "", "ws_nobody"]) {
        const seen = await rowsOf(nobody, table)
        // How far the schema is must be known to a program that knows nothing of workspaces.
        if (table === "migrations") assert.lengthOf(seen, Migrations.migrations.length)
        else if (!(table === "meta" && nobody === "ws_nobody")) assert.isEmpty(seen, `${table}: ${nobody}`)
      }
      if (shared.includes(table)) continue
      const [ofA, ofB] = [await rowsOf(a, table), await rowsOf(b, table)]
      assert.isNotEmpty(ofA, `${table}: this test puts nothing of a workspace into it`)
      assert.isNotEmpty(ofB, `${table}: this test puts nothing of a workspace into it`)
      assert.sameMembers([...ofA, ...ofB], all, `${table}: each row is of one workspace`)
    }
  })

  it("lets a workspace change and remove its own rows alone", async () => {
    // What refers to rows, and what keeps the audit log as it is, is not what is looked at here.
    const foreignKeys = await world.asSuperuser(
      "SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'f'"
    )
    for (const { name, of } of foreignKeys) await world.asSuperuser(`ALTER TABLE ${of} DROP CONSTRAINT ${name}`)
    await world.asSuperuser("ALTER TABLE audit_log DISABLE TRIGGER USER")
    for (const table of world.tables) {
      const [column] = await world.asSuperuser(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND attidentity = '' ORDER BY attnum LIMIT 1`
      )
      const foreign = shared.includes(table) ? [] : await rowsOf(b, table)
      const own = (await rowsOf(a, table)).filter((at) => !shared.includes(table) && !foreign.includes(at))
      for (const [verb, statement] of [
        ["updates", `UPDATE ${table} SET ${String(column!["name"])} = ${String(column!["name"])}`],
        ["removes", `DELETE FROM ${table}`]
      ] as const) {
        const changed = await asOwner(a, async (query) => {
          await query("SAVEPOINT before")
          return query(`WITH changed AS (${statement} RETURNING 1) SELECT count(*)::int AS n FROM changed`).catch(
            async (error: unknown) => {
              await query("ROLLBACK TO before")
              return [{ n: inspect(error, { depth: 10 }).includes("row-level security") ? 0 : error }]
            }
          )
        })
        assert.deepStrictEqual(changed, [{ n: own.length }], `${table}: ${a} ${verb} all that it can`)
      }
    }
    await world.asSuperuser("ALTER TABLE audit_log ENABLE TRIGGER USER")
    for (const { name, of, text } of foreignKeys) {
      await world.asSuperuser(`ALTER TABLE ${of} ADD CONSTRAINT ${name} ${text}`)
    }
  })

  it("refuses a row of another workspace, and one that is given away", async () => {
    for (const table of world.tables) {
      const seen = shared.includes(table) ? [] : await rowsOf(a, table)
      const [foreign] = await world.asSuperuser(
        `SELECT row_to_json(t)::text AS row FROM ${table} t WHERE NOT ctid::text = ANY($1::text[]) LIMIT 1`,
        [seen]
      )
      const attempts = [
        [
          "a row",
          `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_record(NULL::${table}, $1)`,
          [foreign!["row"]]
        ],
        ...((
          await world.asSuperuser(
            `SELECT 1 FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = 'workspace_id'`
          )
        ).length > 0 && table !== "audit_log"
          ? [["its row as somebody else's", `UPDATE ${table} SET workspace_id = '${b}'`, []] as const]
          : [])
      ] as const
      for (const [what, statement, params] of attempts) {
        const refused = await asOwner(a, async (query) => {
          const error = await query(statement, params).then(
            () => "nothing",
            (cause: unknown) => inspect(cause, { depth: 10 })
          )
          await query("ROLLBACK")
          return error
        })
        assert.include(refused, "violates row-level security policy", `${table} takes ${what}`)
      }
    }
  })
})
