import type { Plan } from "./SalesforcePlan.ts"

/** A text as a literal of SOQL. */
export const quote = (value: string): string =>
  `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`

/** An instant as a literal of SOQL: unquoted, to the second. */
export const instant = (millis: number): string =>
  `${new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19)}Z`

/** A query. Conditions are joined by AND. */
export const select = (
  plan: Plan,
  options: { readonly where?: ReadonlyArray<string>; readonly orderBy?: string; readonly limit?: number } = {}
): string => from([...plan.kinds.keys()].join(", "), plan, options)

/** How many records there are. */
export const count = (plan: Plan, where: ReadonlyArray<string>): string => from("COUNT()", plan, { where })

/** The conditions of the sync's native filters. */
export const filtered = ({ filters }: Plan): ReadonlyArray<string> =>
  Object.entries(filters).map(([field, value]) => `${field} = ${quote(value)}`)

const from = (
  what: string,
  { object }: Plan,
  {
    limit,
    orderBy,
    where = []
  }: { readonly where?: ReadonlyArray<string>; readonly orderBy?: string; readonly limit?: number }
) =>
  [
    `SELECT ${what} FROM ${object}`,
    where.length === 0 ? undefined : `WHERE ${where.join(" AND ")}`,
    orderBy === undefined ? undefined : `ORDER BY ${orderBy}`,
    limit === undefined ? undefined : `LIMIT ${limit}`
  ]
    .filter((part) => part !== undefined)
    .join(" ")
