import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import type { CrochetConfig } from "./defineConfig.ts"
import { nearest } from "./Nearest.ts"
import { SettingsError } from "./SettingsError.ts"

const names = ["crochet.config.ts", "crochet.config.mts", "crochet.config.js", "crochet.config.mjs"]
const keys = [
  "connectors",
  "port",
  "host",
  "publicUrl",
  "databaseUrl",
  "postgres",
  "masterKey",
  "apiKey",
  "egressAllow",
  "egressHttp",
  "egressHighPorts",
  "baseUrls",
  "oauth",
  "testAccounts",
  "eventRetentionDays",
  "log"
]

/** A config file and where it is. */
export interface ConfigFile {
  readonly path: string
  readonly config: CrochetConfig
}

/** The config file that is there, if any. */
export const find = (directory: string, given?: string): string | undefined =>
  given === undefined
    ? names.map((name) => join(directory, name)).find((path) => existsSync(path))
    : resolve(directory, given)

/**
 * Loads `crochet.config.ts` (or `.mts`, `.js`, `.mjs`) of the directory; `undefined` without one. Node itself strips the
 * types, so the file may use no syntax that needs compiling (enums, namespaces).
 */
export const load = (directory: string, given?: string): Effect.Effect<ConfigFile | undefined, SettingsError> => {
  const path = find(directory, given)
  if (path === undefined) return Effect.succeed(undefined)
  const fail = (problem: string, resolution: string) =>
    new SettingsError({ problems: [{ setting: path, problem, resolution }] })
  if (!existsSync(path)) return Effect.fail(fail("there is no such file.", "Check --config, or leave it out."))
  return Effect.tryPromise({
    try: (): Promise<{ readonly default?: unknown }> => import(pathToFileURL(path).href),
    catch: (error) =>
      fail(
        `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        "Check its imports (npm install @crochet/connector-…) and its syntax."
      )
  }).pipe(
    Effect.flatMap((module) => {
      const config = module.default
      if (typeof config !== "object" || config === null || Array.isArray(config)) {
        return Effect.fail(fail("has no default export.", "Write: export default defineConfig({ connectors: [ … ] })"))
      }
      const unknown = Object.keys(config).find((key) => !keys.includes(key))
      if (unknown !== undefined) {
        const near = nearest(unknown, keys)
        return Effect.fail(
          fail(
            `${unknown} is not a setting.`,
            near === undefined ? `Settings are ${keys.join(", ")}.` : `Did you mean ${near}?`
          )
        )
      }
      return Effect.succeed({ path, config: config as CrochetConfig })
    })
  )
}
