import type { Org, Table } from "./Org.ts"

const urls = (name: string, version: string) => ({
  sobject: `/services/data/${version}/sobjects/${name}`,
  describe: `/services/data/${version}/sobjects/${name}/describe`,
  rowTemplate: `/services/data/${version}/sobjects/${name}/{ID}`
})

const brief = ({ definition, replicateable }: Table, version: string) => ({
  name: definition.name,
  label: definition.label,
  labelPlural: definition.plural,
  keyPrefix: definition.prefix,
  custom: definition.custom === true,
  queryable: true,
  retrieveable: true,
  replicateable,
  createable: true,
  updateable: true,
  deletable: true,
  urls: urls(definition.name, version)
})

/** `GET …/sobjects`. */
export const sobjects = (org: Org, version: string) => ({
  encoding: "UTF-8",
  maxBatchSize: 200,
  sobjects: [...org.tables.values()].map((table) => brief(table, version))
})

/** `GET …/sobjects/{object}/describe`, without the fields that the user may not see. */
export const describe = (table: Table, version: string) => ({
  ...brief(table, version),
  childRelationships: [],
  fields: table.definition.fields
    .filter(({ name }) => !table.hidden.has(name))
    .map((field) => ({
      name: field.name,
      label: field.label,
      type: field.type,
      soapType: field.type === "boolean" ? "xsd:boolean" : field.type === "id" ? "tns:ID" : "xsd:string",
      custom: field.custom === true,
      nillable: field.required !== true,
      filterable: field.type !== "textarea" && field.type !== "address",
      sortable: field.type !== "textarea" && field.type !== "address",
      nameField: field.name === "Name",
      referenceTo: field.reference?.to ?? [],
      relationshipName: field.reference?.relationship ?? null,
      picklistValues: []
    }))
})
