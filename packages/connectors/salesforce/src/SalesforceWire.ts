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
