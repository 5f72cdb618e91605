import type { Org, Table } from "./Org.ts"
import { csvOf, type Value } from "./Values.ts"

/** A record as a query's JSON has it: attributes, fields, related records nested. */
export const jsonRow = (
  org: Org,
  table: Table,
  n: number,
  fields: ReadonlyArray<string>,
  version: string
): Record<string, unknown> => {
  const row: Record<string, unknown> = { attributes: attributes(table.definition.name, org.id(table, n), version) }
  for (const path of fields) {
    const dot = path.indexOf(".")
    if (dot < 0) {
      const field = org.field(table, path)
      if (field !== undefined) row[field.name] = shown(org.value(table, n, path), field.type)
      continue
    }
    const via = org.relationship(table, path.slice(0, dot))
    const relationship = via?.reference?.relationship
    const id = via === undefined ? null : org.value(table, n, via.name)
    const target = typeof id === "string" ? org.find(id) : undefined
    if (relationship === undefined) continue
    if (target === undefined) {
      row[relationship] = null
      continue
    }
    const before = row[relationship] as Record<string, unknown> | undefined
    row[relationship] = {
      ...(before ?? { attributes: attributes(target.table.definition.name, String(id), version) }),
      [path.slice(dot + 1)]: org.value(target.table, target.n, path.slice(dot + 1)) ?? null
    }
  }
  return row
}

const attributes = (type: string, id: string, version: string) => ({
  type,
  url: `/services/data/${version}/sobjects/${type}/${id}`
})

const shown = (value: Value | undefined, type: string): unknown => (type === "address" ? null : (value ?? null))

/** Records as Bulk API 2.0 writes them: a header line, then a line a record; line breaks inside values stay. */
export const csvRows = (
  org: Org,
  table: Table,
  numbers: ReadonlyArray<number>,
  fields: ReadonlyArray<string>
): string => {
  const stamps = fields.map((path) => org.field(table, path)?.type === "datetime")
  const lines = [fields.map((path) => `"${path}"`).join(",")]
  for (const n of numbers) {
    let line = ""
    for (let at = 0; at < fields.length; at++) {
      line += (at === 0 ? "" : ",") + csvOf(org.value(table, n, fields[at]!) ?? null, stamps[at] === true)
    }
    lines.push(line)
  }
  return `${lines.join("\n")}\n`
}
