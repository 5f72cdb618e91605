import { InvalidInput, requireObject, requireText } from "../server/InvalidInput.ts"
import type { Fields, Org, Table } from "./Org.ts"
import type { SalesforceControl, SalesforceRecord } from "./Control.ts"
import type { Value } from "./Values.ts"

/** Reads fields from JSON. */
export const readFields = (input: unknown): Fields => {
  const fields: Record<string, Value> = {}
  for (const [name, value] of Object.entries(requireObject("fields", input))) {
    if (value !== null && !["string", "number", "boolean"].includes(typeof value)) {
      throw new InvalidInput(`fields.${name}`, "must be a text, a number, true, false or null")
    }
    fields[name] = value as Value
  }
  return fields
}

/** The table of an object, or an `InvalidInput`. */
export const requireTable = (org: Org, object: string): Table => {
  const table = org.table(requireText("object", object))
  if (table !== undefined) return table
  const known = [...org.tables.values()].map(({ definition }) => definition.name).join(", ")
  throw new InvalidInput("object", `must be one of ${known}, got "${object}"`)
}

/** The part of the control interface that is about records. */
export const recordControl = (
  org: Org
): Pick<SalesforceControl, "add" | "change" | "remove" | "restore" | "list" | "get" | "count" | "replicate"> => {
  const tableOf = (object: string): Table => requireTable(org, object)
  const shown = (table: Table, n: number): SalesforceRecord => ({
    id: org.id(table, n),
    object: table.definition.name,
    fields: Object.fromEntries(
      table.definition.fields.flatMap(({ name, type }) =>
        type === "address" ? [] : [[name, org.value(table, n, name) ?? null]]
      )
    )
  })
  const get = (id: string) => {
    const { n, table } = org.require(id)
    return shown(table, n)
  }
  return {
    add: (object, what = 1) => {
      const table = tableOf(object)
      const all =
        typeof what === "number" ? Array.from({ length: what }, () => ({})) : Array.isArray(what) ? what : [what]
      return all.map((fields) => org.add(table, readFields(fields)))
    },
    change: (id, fields) => {
      org.change(id, readFields(fields))
      return get(id)
    },
    remove: (id, options) => {
      org.remove(id, options?.purge === true)
      return { id, deleted: true }
    },
    restore: (id) => {
      org.restore(id)
      return get(id)
    },
    list: (object, { limit = 1000, offset = 0 } = {}) => {
      const table = tableOf(object)
      const found: Array<SalesforceRecord> = []
      for (let n = 0, live = 0; n < table.size && found.length < limit; n++) {
        if (table.deleted.has(n)) continue
        if (live++ >= offset) found.push(shown(table, n))
      }
      return found
    },
    get,
    count: (object) => {
      const table = tableOf(object)
      return table.size - table.deleted.size
    },
    replicate: (object, on) => {
      tableOf(object).replicateable = on
    }
  }
}
