/** Statements after which SQLite refuses to change or remove rows of the table. */
export const sqlite = (table: string): ReadonlyArray<string> =>
  ["UPDATE", "DELETE"].map(
    (verb) => `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`
  )

/** Statements after which Postgres refuses to change or remove rows of the table, and to empty it. */
export const postgres = (table: string): ReadonlyArray<string> => [
  `CREATE FUNCTION ${table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '${table} is append-only' USING ERRCODE = 'restrict_violation'; END $$`,
  `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION ${table}_is_append_only()`
]
