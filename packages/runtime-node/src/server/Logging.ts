import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type { LogLevel as EffectLogLevel } from "effect/LogLevel"
import * as References from "effect/References"
import type { LogLevel } from "../config/defineConfig.ts"
import type { Settings } from "../config/Settings.ts"

const levels: { readonly [level in LogLevel]: EffectLogLevel } = {
  debug: "Debug",
  info: "Info",
  warning: "Warn",
  error: "Error",
  none: "None"
}

/**
 * Logs on standard error: pretty on a terminal, one JSON object a line otherwise. Secrets travel as `Redacted` and are
 * printed as `<redacted>`.
 */
export const layer = ({ format, level }: Settings["log"]) =>
  Layer.mergeAll(
    Logger.layer([
      (format ?? (process.stderr.isTTY ? "pretty" : "json")) === "pretty" ? Logger.consolePretty() : Logger.consoleJson
    ]),
    Layer.succeed(Logger.LogToStderr, true),
    Layer.succeed(References.MinimumLogLevel, levels[level])
  )
