import * as Schema from "effect/Schema"

/** One setting that stops the start, and what to do about it. Never holds the setting's value. */
export const SettingProblem = Schema.Struct({
  setting: Schema.String,
  problem: Schema.String,
  resolution: Schema.String
})
/** One setting that stops the start, and what to do about it. */
export type SettingProblem = typeof SettingProblem.Type

/** The settings cannot work: every problem at once, so that one start is enough to learn them all. */
export class SettingsError extends Schema.TaggedError<SettingsError>()("SettingsError", {
  problems: Schema.NonEmptyArray(SettingProblem)
}) {
  override get message(): string {
    return this.problems
      .map(({ problem, resolution, setting }) => `${setting}: ${problem}\n  → ${resolution}`)
      .join("\n")
  }
}
