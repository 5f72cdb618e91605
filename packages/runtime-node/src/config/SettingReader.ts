import type { SettingProblem } from "./SettingsError.ts"

/** A program's environment. */
export type Environment = { readonly [name: string]: string | undefined }

/** A setting as it was given, and the name under which a problem with it is reported. */
export interface Given {
  readonly text: string
  readonly setting: string
}

/** Looks settings up and collects what is wrong with them, so that all of it is said at once. */
export interface SettingReader {
  /** The variable, else the file's value. */
  readonly value: (name: string, key: string, fromFile: string | number | undefined) => Given | undefined
  /** What was given, or the fallback when nothing was, or nothing that can be used. */
  readonly check: <A>(
    given: Given | undefined,
    fallback: A,
    parse: (text: string) => A | undefined,
    problem: string,
    resolution: string
  ) => A
  readonly problems: Array<SettingProblem>
}

/** A reader of the environment; `nameOf` says what a setting of the file is called. */
export const make = (environment: Environment, nameOf: (key: string) => string): SettingReader => {
  const problems: Array<SettingProblem> = []
  return {
    problems,
    value: (name, key, fromFile) => {
      const set = environment[name]
      return set !== undefined && set !== ""
        ? { text: set.trim(), setting: name }
        : fromFile === undefined
          ? undefined
          : { text: String(fromFile), setting: nameOf(key) }
    },
    check: (given, fallback, parse, problem, resolution) => {
      if (given === undefined) return fallback
      const parsed = parse(given.text)
      if (parsed !== undefined) return parsed
      problems.push({ setting: given.setting, problem, resolution })
      return fallback
    }
  }
}
