import type { ColumnType } from "./Dialect.ts"

/**
 * How a table's rows belong to workspaces: by a column of its own, through the row of another table, or to all. Of an
 * `installation`, a caller reads and locks rows; the `history` of the schema is read by anybody, also by a program that
 * knows nothing of workspaces and must be told that it is too old.
 */
export type Belonging =
  | { readonly workspace: string }
  | { readonly column: string; readonly parent: string; readonly key: string; readonly type: ColumnType }
  | "installation"
  | "history"

/** The setting of a connection, or of one transaction, that names the workspace whose rows are there. */
export const setting = "crochet.workspace"

/** The value of the setting with which the rows of all are there. */
export const everyone = "*"

// As subqueries, both are asked for once a statement and not once a row; the second only when the first is false.
const all = `(SELECT current_setting('${setting}', true) = '${everyone}')`
const whose = `(SELECT current_setting('${setting}', true))`

const seen = (parent: string): string => `sees_${parent}`

const policies = (table: string, belonging: Belonging): ReadonlyArray<string> => {
  const whole = `CREATE POLICY workspace ON ${table} USING`
  if (belonging === "history") return [`${whole} (${all})`, `CREATE POLICY reading ON ${table} FOR SELECT USING (true)`]
  if (belonging === "installation") {
    return [
      `${whole} (${all})`,
      `CREATE POLICY reading ON ${table} FOR SELECT USING (${whose} <> '')`,
      // To lock a row takes the right to update it; what is written must pass the check.
      `CREATE POLICY locking ON ${table} FOR UPDATE USING (${whose} <> '') WITH CHECK (${all})`
    ]
  }
  if ("workspace" in belonging) return [`${whole} (${all} OR ${belonging.workspace} = ${whose})`]
  const { column, key, parent, type } = belonging
  return [
    // Not a subquery: each statement on the queue would make that ready, for workers, who never come to it. What of
    // the parent is there is decided by the parent's own policy.
    `CREATE OR REPLACE FUNCTION ${seen(parent)}(${type === "integer" ? "bigint" : "text"}) RETURNS boolean
      LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM ${parent} WHERE ${key} = $1); END $$`,
    `${whole} (${all} OR ${seen(parent)}(${column}))`
  ]
}

/** Statements after which Postgres shows of a table only what the setting names, to its owner too. */
export const isolate = (table: string, belonging: Belonging): ReadonlyArray<string> => [
  ...policies(table, belonging),
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`
]
