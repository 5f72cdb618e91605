import * as Schema from "effect/Schema"

const Text = Schema.Record(Schema.String, Schema.String)

/** An expression over the unified record, in Knit's form: `{data, type, left, right}`. */
export interface Expression {
  readonly data: string
  readonly type: string
  readonly left?: Expression | undefined
  readonly right?: Expression | undefined
}
/** An expression over the unified record, in Knit's form: `{data, type, left, right}`. */
export const Expression: Schema.Codec<Expression> = Schema.Struct({
  data: Schema.String,
  type: Schema.String,
  left: Schema.optional(Schema.suspend((): Schema.Codec<Expression> => Expression)),
  right: Schema.optional(Schema.suspend((): Schema.Codec<Expression> => Expression))
})

/** Which records and fields a sync covers (`wire.md` 6). */
export const SyncFilters = Schema.Struct({
  /** Filters that the connector declares, by id. */
  native: Schema.optionalKey(Text),
  /** Extra query, body and headers for the connector's listing. */
  passthrough: Schema.optionalKey(
    Schema.Struct({
      query: Schema.optionalKey(Text),
      body: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
      headers: Schema.optionalKey(Text)
    })
  ),
  /** Only records for which the expression holds. */
  virtual: Schema.optionalKey(Expression),
  /** Fields that leave Crochet never: not in bodies, fingerprints or logs. */
  fields: Schema.optionalKey(Schema.Struct({ exclude: Schema.Array(Schema.String) }))
})
/** Which records and fields a sync covers. */
export type SyncFilters = typeof SyncFilters.Type
