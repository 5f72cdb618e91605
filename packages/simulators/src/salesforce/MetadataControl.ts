import { InvalidInput, requireText } from "../server/InvalidInput.ts"
import type { SalesforceControl } from "./Control.ts"
import { deletable, field, owned, system } from "./FieldMaking.ts"
import { object as objectOf } from "./ObjectMaking.ts"
import { type Org, Table } from "./Org.ts"
import { requireTable } from "./OrgControl.ts"

const customName = (name: string, value: unknown): string => {
  const text = requireText(name, value)
  if (!/^[A-Za-z][A-Za-z0-9_]*__c$/.test(text)) {
    throw new InvalidInput(name, `must be a name that ends in __c, got "${text}"`)
  }
  return text
}

/** The part of the control interface that is about objects and fields: what an administrator does. */
export const metadataControl = (
  org: Org
): Pick<
  SalesforceControl,
  "objects" | "hideField" | "hideObject" | "defineObject" | "dropObject" | "relabelObject" | "defineField"
> => {
  let made = 0
  const tableOf = (object: string) => requireTable(org, object)
  return {
    objects: () => [...org.tables.values()].flatMap((table) => (table.withdrawn ? [] : [table.definition.name])),
    hideField: (object, name, hidden = true) => {
      const table = tableOf(object)
      if (!table.definition.fields.some((known) => known.name === name)) {
        throw new InvalidInput("field", `is not a field of ${table.definition.name}`)
      }
      if (hidden) table.hidden.add(name)
      else table.hidden.delete(name)
      table.describedAt = org.touchMetadata()
    },
    hideObject: (object, hidden = true) => {
      tableOf(object).withdrawn = hidden
      org.touchMetadata()
    },
    defineObject: (name, label = name.replace(/__c$/, "")) => {
      const object = customName("object", name)
      if (org.table(object) !== undefined) throw new InvalidInput("object", `there is ${object} already`)
      const prefix = `a${(++made).toString(36).padStart(2, "0")}`
      const fields = [[field("Name", "string", ({ n }) => `${label} ${n}`)], owned, deletable, system]
      const definition = objectOf(object, prefix, fields, { custom: true, label, plural: `${label}s` })
      org.tables.set(object.toLowerCase(), new Table(definition, 100 + made, 0, org.touchMetadata()))
      return object
    },
    dropObject: (object) => {
      const { definition } = tableOf(object)
      if (definition.custom !== true) throw new InvalidInput("object", `${definition.name} is no custom object`)
      org.tables.delete(definition.name.toLowerCase())
      org.touchMetadata()
    },
    relabelObject: (object, label) => {
      const table = tableOf(object)
      table.define({ ...table.definition, label: requireText("label", label) }, org.touchMetadata())
    },
    defineField: (object, name, type, options) => {
      const table = tableOf(object)
      const custom = customName("field", name)
      if (org.field(table, custom) !== undefined) throw new InvalidInput("field", `there is ${custom} already`)
      const more = { custom: true as const, ...(options === undefined ? {} : { options }) }
      const made = field(custom, requireText("type", type), () => null, more)
      table.define({ ...table.definition, fields: [...table.definition.fields, made] }, org.touchMetadata())
    }
  }
}
