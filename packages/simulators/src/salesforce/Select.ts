import { Refused } from "./Errors.ts"
import { numberOf, positionOf } from "./Id.ts"
import type { Org, Table } from "./Org.ts"
import { type Comparison, type Condition, musts, type Query } from "./Soql.ts"
import type { Value } from "./Values.ts"

/** The table of a query whose fields can all be read; INVALID_TYPE and INVALID_FIELD otherwise. */
export const tableOf = (org: Org, query: Query): Table => {
  const table = org.visible(query.object)
  if (table === undefined) {
    throw new Refused(
      "INVALID_TYPE",
      `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`
    )
  }
  const filtered = (where: Condition | undefined): ReadonlyArray<string> =>
    where === undefined ? [] : where.kind === "comparison" ? [where.field] : where.parts.flatMap(filtered)
  for (const path of [...query.fields, ...filtered(query.where), ...query.orderBy.map(({ field }) => field)]) {
    if (org.readable(table, path)) continue
    const column = Math.max(0, query.text.indexOf(path.split(".")[0]!)) + 1
    const shown = `\n${query.text.slice(0, 60)}\n${" ".repeat(Math.min(column - 1, 60))}^\nERROR at Row:1:Column:${column}\n`
    const dot = path.indexOf(".")
    const target = dot < 0 ? table.definition.name : org.relationship(table, path.slice(0, dot))?.reference?.to[0]
    throw new Refused(
      "INVALID_FIELD",
      dot > 0 && org.relationship(table, path.slice(0, dot)) === undefined
        ? `${shown}Didn't understand relationship '${path.slice(0, dot)}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`
        : `${shown}No such column '${path.slice(dot + 1)}' on entity '${target}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`
    )
  }
  return table
}

/** The numbers of the records that a query finds, in its order. */
export const select = (org: Org, table: Table, query: Query, withDeleted: boolean): ReadonlyArray<number> => {
  const limit = query.limit ?? Infinity
  const order = query.orderBy.map(({ field }) => field.toLowerCase())
  const byStamp = order[0] === "systemmodstamp"
  const plain = order.length === 0 || (order.length === 1 && order[0] === "id")
  const ascending = query.orderBy.every(({ descending }) => !descending)
  const fits = (n: number) => {
    const state = org.state(table, n)
    return (state === "live" || (state === "deleted" && withDeleted)) && holds(org, table, n, query.where)
  }
  const [from, to] = range(table, query)
  const found: Array<number> = []
  if (plain && ascending) {
    for (let n = from; n < to && found.length < limit; n++) if (fits(n)) found.push(n)
    return found
  }
  // Untouched generated records are in the order of their stamps already; only what was touched has to be sorted in.
  const touched = [...new Set([...table.versions.keys(), ...table.deleted.keys()])].filter((n) => n >= from && n < to)
  const isTouched = new Set(touched)
  const end = Math.min(to, table.generated)
  for (let n = byStamp ? Math.max(from, since(org, table, query)) : from; n < end; n++) {
    if (byStamp && ascending && found.length >= limit) break
    if (!isTouched.has(n) && fits(n)) found.push(n)
  }
  for (const n of touched) if (fits(n)) found.push(n)
  found.sort((a, b) => compareRows(org, table, query, a, b))
  return found.slice(0, limit)
}

/** How many records a query finds, without reading them where that can be told. */
export const count = (org: Org, table: Table, query: Query): number =>
  query.where === undefined && table.versions.size + table.deleted.size === 0
    ? table.size
    : select(org, table, { ...query, orderBy: [] }, false).length

const range = (table: Table, query: Query): readonly [from: number, to: number] => {
  let from = 0
  let to = table.size
  for (const { field, operator, values } of musts(query.where)) {
    const [value] = values
    if (field.toLowerCase() !== "id" || typeof value !== "string") continue
    const { exact, n } = positionOf(table.definition.prefix, value)
    if (operator === ">") from = Math.max(from, n + 1)
    else if (operator === ">=") from = Math.max(from, n)
    else if (operator === "=") [from, to] = exact ? [n, Math.min(to, n + 1)] : [0, 0]
    else if (operator === "<") to = Math.min(to, n)
    else if (operator === "<=") to = Math.min(to, n + 1)
  }
  return [from, to]
}

const since = (org: Org, table: Table, query: Query): number =>
  Math.max(
    0,
    ...musts(query.where)
      .filter(
        ({ field, operator }) =>
          field.toLowerCase() === "systemmodstamp" && (operator === ">" || operator === ">=" || operator === "=")
      )
      .map(({ instant }) => (instant === undefined ? 0 : org.firstSince(table, instant)))
  )

const holds = (org: Org, table: Table, n: number, where: Condition | undefined): boolean => {
  if (where === undefined) return true
  if (where.kind === "comparison") return compares(org, table, n, where)
  const test = (part: Condition) => holds(org, table, n, part)
  return where.kind === "and" ? where.parts.every(test) : where.parts.some(test)
}

const compares = (org: Org, table: Table, n: number, { field, instant, operator, values }: Comparison): boolean => {
  if (field.toLowerCase() === "id") {
    const order = values.map((value) => positionOf(table.definition.prefix, String(value)))
    const equal = order.some((position) => position.exact && position.n === n)
    return related(operator, equal, n - order[0]!.n)
  }
  const held = org.value(table, n, field) ?? null
  if (instant !== undefined) {
    if (held === null) return false
    const difference = Date.parse(String(held)) - instant
    return related(operator, difference === 0, difference)
  }
  const equal = values.some((value) => same(held, value))
  if (held === null) return operator === "!=" ? !equal : (operator === "=" || operator === "IN") && equal
  const [value] = values
  return related(operator, equal, value === null || value === undefined ? 0 : held < value ? -1 : held > value ? 1 : 0)
}

const related = (operator: Comparison["operator"], equal: boolean, difference: number): boolean => {
  switch (operator) {
    case "=":
    case "IN":
      return equal
    case "!=":
      return !equal
    case "<":
      return difference < 0
    case "<=":
      return difference <= 0
    case ">":
      return difference > 0
    case ">=":
      return difference >= 0
  }
}

/** Texts are equal without regard to case, ids also in their short form. */
const same = (held: Value, value: Value): boolean => {
  if (typeof held !== "string" || typeof value !== "string") return held === value
  if (/^[A-Za-z0-9]{15}$/.test(value) && held.length === 18) return held.startsWith(value)
  return held.toLowerCase() === value.toLowerCase()
}

const compareRows = (org: Org, table: Table, query: Query, a: number, b: number): number => {
  for (const { descending, field } of query.orderBy) {
    const [left, right] =
      field.toLowerCase() === "id"
        ? [a, b]
        : field.toLowerCase() === "systemmodstamp"
          ? [org.stamp(table, a), org.stamp(table, b)]
          : [org.value(table, a, field) ?? "", org.value(table, b, field) ?? ""]
    if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1)
  }
  return a - b
}

/** Whether an id is one of the object's. */
export const isIdOf = (table: Table, id: string): boolean => numberOf(table.definition.prefix, id) !== undefined
