import * as Schema from "effect/Schema"

/** One version for everything: results of a Bulk job can only be read by the version that made it. */
export const version = "v66.0"
/** The path of a resource of the REST API. */
export const path = (rest: string): string => `/services/data/${version}${rest}`

/** An answer of `/query` and `/queryAll`. */
export const QueryAnswer = Schema.Struct({
  totalSize: Schema.Int,
  done: Schema.Boolean,
  records: Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
})
/** An answer of `/query` and `/queryAll`. */
export type QueryAnswer = typeof QueryAnswer.Type

/** `/sobjects/{object}/describe`, which is 270 KB for an account: only what is used. */
export const Describe = Schema.Struct({
  name: Schema.String,
  label: Schema.optionalKey(Schema.NullOr(Schema.String)),
  keyPrefix: Schema.optionalKey(Schema.NullOr(Schema.String)),
  replicateable: Schema.optionalKey(Schema.Boolean),
  fields: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      type: Schema.String,
      custom: Schema.Boolean,
      relationshipName: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  )
})
/** `/sobjects/{object}/describe`. */
export type Describe = typeof Describe.Type

/** `/sobjects/{object}/deleted`. */
export const Deleted = Schema.Struct({
  deletedRecords: Schema.Array(Schema.Struct({ id: Schema.NonEmptyString, deletedDate: Schema.String })),
  earliestDateAvailable: Schema.String,
  latestDateCovered: Schema.String
})

/** A job of Bulk API 2.0. */
export const Job = Schema.Struct({
  id: Schema.NonEmptyString,
  state: Schema.String,
  numberRecordsProcessed: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  errorMessage: Schema.optionalKey(Schema.NullOr(Schema.String))
})

/** `/services/oauth2/userinfo`. */
export const UserInfo = Schema.Struct({ user_id: Schema.NonEmptyString, organization_id: Schema.NonEmptyString })

/** `/sobjects`: every object that the user may see, hundreds of them; each is decoded by itself. */
export const DescribeGlobal = Schema.Struct({ sobjects: Schema.Array(Schema.Unknown) })

const flag = Schema.optionalKey(Schema.Boolean)
const text = Schema.optionalKey(Schema.NullOr(Schema.String))

/** An object in the answer of `/sobjects`. */
export const ListedObject = Schema.Struct({
  name: Schema.NonEmptyString,
  custom: flag,
  customSetting: flag,
  deprecatedAndHidden: flag,
  queryable: flag
})

/** `/sobjects/{object}/describe` as a schema is made of it. */
export const ObjectDescription = Schema.Struct({
  name: Schema.NonEmptyString,
  label: text,
  labelPlural: text,
  custom: flag,
  fields: Schema.Array(
    Schema.Struct({
      name: Schema.NonEmptyString,
      label: text,
      type: Schema.String,
      custom: flag,
      createable: flag,
      updateable: flag,
      nillable: flag,
      defaultedOnCreate: flag,
      referenceTo: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
      relationshipName: text,
      picklistValues: Schema.optionalKey(
        Schema.NullOr(Schema.Array(Schema.Struct({ value: text, label: text, active: flag })))
      )
    })
  ),
  childRelationships: Schema.optionalKey(
    Schema.NullOr(Schema.Array(Schema.Struct({ childSObject: Schema.String, relationshipName: text })))
  )
})
/** `/sobjects/{object}/describe` as a schema is made of it. */
export type ObjectDescription = typeof ObjectDescription.Type
