import type { Books, Row } from "./Books.ts"
import { type Entity, hasActive } from "./Entities.ts"
import { type Condition, type Query, QueryFault } from "./Query.ts"

/** How ids are compared and sorted: nobody says whether as text or as numbers. */
export type IdOrder = "text" | "number"

const stamps: ReadonlySet<string> = new Set(["MetaData.CreateTime", "MetaData.LastUpdatedTime"])

const valueOf = (row: Row, field: string): unknown => {
  switch (field) {
    case "Id":
      return String(row.id)
    case "Active":
      return row.active
    case "MetaData.CreateTime":
      return Math.floor(row.created / 1000) * 1000
    case "MetaData.LastUpdatedTime":
      return Math.floor(row.updated / 1000) * 1000
  }
  const value = row.fields[field]
  // References compare by the id that they hold.
  return typeof value === "object" && value !== null && "value" in value ? value.value : value
}

const compare = (left: unknown, right: unknown, numeric: boolean): number => {
  const [a, b] = numeric ? [Number(left), Number(right)] : [String(left), String(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

const isNumeric = (field: string, value: unknown, order: IdOrder) =>
  stamps.has(field) || typeof value === "number" || (field === "Id" && order === "number")

const holds = (row: Row, { field, operator, values }: Condition, order: IdOrder): boolean => {
  const value = valueOf(row, field)
  if (value === undefined || value === null) return false
  const wanted = values.map((text) => {
    if (!stamps.has(field)) return text
    const millis = Date.parse(text)
    if (Number.isNaN(millis)) throw new QueryFault("4001", `${text} is not a valid date`)
    return millis
  })
  const difference = (one: unknown) => compare(value, one, isNumeric(field, value, order))
  switch (operator) {
    case "IN":
      return wanted.some((one) => String(value).toLowerCase() === String(one).toLowerCase())
    case "LIKE": {
      const pattern = String(wanted[0]).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
      return new RegExp(`^${pattern.replaceAll("%", ".*")}$`, "i").test(String(value))
    }
    case "=":
      return String(value).toLowerCase() === String(wanted[0]).toLowerCase()
    case "<":
      return difference(wanted[0]) < 0
    case ">":
      return difference(wanted[0]) > 0
    case "<=":
      return difference(wanted[0]) <= 0
    case ">=":
      return difference(wanted[0]) >= 0
  }
}

/** The rows that a query means, in its order, before positions. Without an order: newest change first. */
export const select = (books: Books, entity: Entity, query: Query, order: IdOrder): ReadonlyArray<Row> => {
  const asksActive = query.conditions.some(({ field }) => field === "Active")
  const rows = [...books.rows(entity).values()].filter(
    (row) =>
      (asksActive || row.active || !hasActive(entity)) &&
      query.conditions.every((condition) => holds(row, condition, order))
  )
  const by = query.order.length === 0 ? [{ field: "MetaData.LastUpdatedTime", descending: true }] : query.order
  return rows.sort((a, b) => {
    for (const { descending, field } of by) {
      const left = valueOf(a, field)
      const difference = compare(left ?? "", valueOf(b, field) ?? "", isNumeric(field, left, order))
      if (difference !== 0) return descending ? -difference : difference
    }
    return a.id - b.id
  })
}
