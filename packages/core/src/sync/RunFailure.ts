import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A run that cannot go on, for a reason that is not the app's answer: nothing to try again by itself. */
export class RunFailure extends Schema.TaggedError<RunFailure>()("RunFailure", {
  code: Schema.String,
  msg: Schema.String,
  resolution: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return this.msg
  }
  static of(code: string, msg: string, resolution?: string): Effect.Effect<never, RunFailure> {
    return Effect.fail(new RunFailure({ code, msg, ...(resolution === undefined ? {} : { resolution }) }))
  }
}
