import * as Schema from "effect/Schema"

/** Knit's three names and two exact forms of ours. */
export const Frequency = Schema.Union([
  Schema.Literals(["standard", "medium", "high"]),
  Schema.Struct({ everySeconds: Schema.Int.check(Schema.isGreaterThanOrEqualTo(60)) }),
  Schema.Struct({ cron: Schema.String, timeZone: Schema.optionalKey(Schema.String) })
])
/** How often deltas run: `standard` 24 h, `medium` 12 h, `high` 6 h, every so many seconds, or a cron expression. */
export type Frequency = typeof Frequency.Type
