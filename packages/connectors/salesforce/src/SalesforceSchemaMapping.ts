import type { DataType } from "@crochet/core"
import * as Models from "@crochet/models"
import type { ObjectDescription } from "./SalesforceWire.ts"

/** An object of the org; no description where the app's answer cannot be read. */
export interface SchemaRow {
  readonly name: string
  readonly dataType: string | null
  readonly description: ObjectDescription | null
}

const dataTypes: { readonly [object: string]: DataType.DataType } = {
  Account: Models.CrmAccount,
  Contact: Models.CrmContact,
  Lead: Models.CrmLead,
  Opportunity: Models.CrmDeal,
  User: Models.CrmUser,
  Task: Models.CrmTask,
  Event: Models.CrmEngagement,
  Note: Models.CrmNote,
  Campaign: Models.CrmCampaign,
  Product2: Models.CrmProduct,
  OpportunityContactRole: Models.CrmAssociation,
  AccountContactRelation: Models.CrmAssociation,
  CampaignMember: Models.CrmAssociation
}

/** The data type that an object's records are sent in; `named` are those that the account reads as records. */
export const dataTypeOf = (object: string, named: ReadonlyArray<string>): string | null =>
  (Object.hasOwn(dataTypes, object) ? dataTypes[object]?.id : undefined) ??
  (named.includes(object) ? Models.CrmRecord.id : null)

type FieldType = (typeof Models.Shared.CustomFieldType)[number]

/** The app's types (https://developer.salesforce.com, object reference, "Field Types", 2026-11). */
const types: { readonly [type: string]: FieldType } = {
  id: "TEXT",
  string: "TEXT",
  combobox: "TEXT",
  encryptedstring: "TEXT",
  time: "TEXT",
  textarea: "LONG_TEXT",
  int: "NUMBER",
  long: "NUMBER",
  double: "NUMBER",
  percent: "NUMBER",
  currency: "CURRENCY",
  boolean: "BOOLEAN",
  date: "DATE",
  datetime: "DATETIME",
  picklist: "SINGLE_SELECT",
  multipicklist: "MULTI_SELECT",
  url: "URL",
  email: "EMAIL",
  phone: "PHONE",
  reference: "REFERENCE",
  base64: "FILE",
  address: "JSON",
  location: "JSON",
  complexvalue: "JSON",
  json: "JSON"
}

const flag = (value: boolean | undefined): "TRUE" | "FALSE" | undefined =>
  value === undefined ? undefined : value ? "TRUE" : "FALSE"
const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

type Field = ObjectDescription["fields"][number]

const fieldOf = (field: Field) => {
  const { createable, defaultedOnCreate, nillable, updateable } = field
  const isUnknown = nillable === undefined || createable === undefined
  const options = field.picklistValues?.filter(({ active }) => active !== false) ?? []
  return {
    key: field.name,
    label: field.label ?? undefined,
    type: Object.hasOwn(types, field.type) ? types[field.type] : undefined,
    // What the app fills in by itself, or nobody can write, is asked of nobody.
    required: isUnknown ? undefined : flag(!nillable && createable && defaultedOnCreate !== true),
    readOnly: createable === undefined || updateable === undefined ? undefined : flag(!createable && !updateable),
    options:
      options.length === 0
        ? undefined
        : options.map(({ label, value }) => ({ value: value ?? undefined, label: label ?? undefined })),
    isCustom: flag(field.custom),
    typeRaw: field.type
  }
}

/** A reference leads from many records to one; its other end is a child relationship, which may have no name. */
const associationsOf = ({ childRelationships, fields }: ObjectDescription) => {
  const up = fields.flatMap(({ name, referenceTo, relationshipName }) =>
    (referenceTo ?? []).map((targetSchemaId) => ({
      name: relationshipName ?? name,
      targetSchemaId,
      cardinality: "MANY_TO_ONE" as const
    }))
  )
  const down = (childRelationships ?? []).flatMap(({ childSObject, relationshipName }) =>
    relationshipName === undefined || relationshipName === null
      ? []
      : [{ name: relationshipName, targetSchemaId: childSObject, cardinality: "ONE_TO_MANY" as const }]
  )
  return [...up, ...down].sort(
    (left, right) => byText(left.name, right.name) || byText(left.targetSchemaId, right.targetSchemaId)
  )
}

/** The record of an object. Fields and associations are in the order of their names: the app promises none. */
export const recordOf = ({ dataType, description, name }: SchemaRow): DataType.Input<typeof Models.CrmSchema> => {
  if (description === null) throw new TypeError(`The description of ${name} cannot be read.`)
  return {
    info: {
      id: name,
      name: description.name,
      label: description.label ?? undefined,
      pluralLabel: description.labelPlural ?? undefined,
      isCustom: flag(description.custom),
      dataType: dataType ?? undefined
    },
    fields: description.fields.toSorted((left, right) => byText(left.name, right.name)).map(fieldOf),
    associations: associationsOf(description)
  }
}
