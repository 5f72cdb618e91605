import type { SettingsError } from "../config/SettingsError.ts"

/** What one check found. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** What to do, when it is not as it should be. */
  readonly remedy?: string
}

/** It is as it should be. */
export const good = (name: string, detail: string): Check => ({ name, ok: true, detail })
/** It is not as it should be. */
export const bad = (name: string, detail: string, remedy: string): Check => ({ name, ok: false, detail, remedy })

/** What is wrong with the settings, one check each. */
export const fromSettings = (name: string, error: SettingsError): ReadonlyArray<Check> =>
  error.problems.map(({ problem, resolution, setting }) => bad(name, `${setting}: ${problem}`, resolution))
