import type { DataType } from "@crochet/core"
import type * as Models from "@crochet/models"
import { Schema } from "effect"
import { resourceOf } from "./Account.ts"

interface Types {
  readonly crm_accounts: typeof Models.CrmAccount
  readonly crm_contacts: typeof Models.CrmContact
  readonly crm_leads: typeof Models.CrmLead
  readonly crm_deals: typeof Models.CrmDeal
  readonly crm_tasks: typeof Models.CrmTask
  readonly crm_engagements: typeof Models.CrmEngagement
  readonly crm_records: typeof Models.CrmRecord
  readonly crm_schemas: typeof Models.CrmSchema
  readonly crm_associations: typeof Models.CrmAssociation
}

type Present<T> =
  T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Present<Item>>
    : T extends object
      ? { readonly [Key in keyof T]: Present<NonNullable<T[Key]>> }
      : T

/** A decoded record. Typed as if everything were there: a test that expects something to be absent says so. */
export type Decoded<D extends DataType.DataType> = {
  readonly [Key in keyof D["models"]]: Present<NonNullable<D["models"][Key]["schema"]["Type"]>>
}

/** The models of a record as the engine decodes them: every one fits its schema, or this throws. */
export const modelsOf = (dataType: string, row: unknown): { readonly [key: string]: unknown } => {
  const resource = resourceOf(dataType)
  const input: { readonly [key: string]: unknown } = resource.toRecord(row)
  return Object.fromEntries(
    Object.entries(resource.dataType.models).map(([key, model]) => {
      const value = input[key]
      return [key, value === null || value === undefined ? null : Schema.decodeUnknownSync(model.schema)(value)]
    })
  )
}

/** The same, with the types of the data type. */
export const decoded = <Id extends keyof Types>(dataType: Id, row: unknown): Decoded<Types[Id]> =>
  modelsOf(dataType, row) as Decoded<Types[Id]>
