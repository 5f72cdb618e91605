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
  customSetting: false,
  deprecatedAndHidden: false,
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
  sobjects: [...org.tables.values()].filter(({ withdrawn }) => !withdrawn).map((table) => brief(table, version))
})

/** The references of other objects to this one. */
const childrenOf = (org: Org, { definition }: Table) =>
  [...org.tables.values()]
    .filter(({ withdrawn }) => !withdrawn)
    .flatMap((other) =>
      other.definition.fields
        .filter(({ name, reference }) => reference?.to.includes(definition.name) === true && !other.hidden.has(name))
        .map(({ name, reference }) => ({
          cascadeDelete: false,
          childSObject: other.definition.name,
          deprecatedAndHidden: false,
          field: name,
          relationshipName: reference?.children ?? null
        }))
    )

/** `GET …/sobjects/{object}/describe`, without the fields that the user may not see. */
export const describe = (org: Org, table: Table, version: string) => ({
  ...brief(table, version),
  childRelationships: childrenOf(org, table),
  fields: table.definition.fields
    .filter(({ name }) => !table.hidden.has(name))
    .map((field) => ({
      name: field.name,
      label: field.label,
      type: field.type,
      soapType: field.type === "boolean" ? "xsd:boolean" : field.type === "id" ? "tns:ID" : "xsd:string",
      custom: field.custom === true,
      createable: field.readOnly !== true,
      updateable: field.readOnly !== true,
      defaultedOnCreate: field.type === "boolean" || field.readOnly === true || field.name === "OwnerId",
      nillable: field.required !== true && field.type !== "boolean",
      filterable: field.type !== "textarea" && field.type !== "address",
      sortable: field.type !== "textarea" && field.type !== "address",
      nameField: field.name === "Name",
      referenceTo: field.reference?.to ?? [],
      relationshipName: field.reference?.relationship ?? null,
      picklistValues: (field.options ?? []).map((value) => ({
        active: true,
        defaultValue: false,
        label: value,
        validFor: null,
        value
      }))
    }))
})
