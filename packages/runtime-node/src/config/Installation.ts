import type { Connector } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as ConfigFile from "./ConfigFile.ts"
import * as InstalledConnectors from "./InstalledConnectors.ts"
import type { Environment } from "./SettingReader.ts"
import * as Settings from "./Settings.ts"
import type { SettingsError } from "./SettingsError.ts"

/** What there is to run: settings, connectors, and what is worth a warning. */
export interface Installation {
  readonly settings: Settings.Settings
  readonly connectors: ReadonlyArray<Connector.Connector>
  /** The config file that was used. */
  readonly configPath: string | undefined
  readonly warnings: ReadonlyArray<string>
}

/** Where to look. */
export interface Place {
  readonly directory: string
  readonly environment: Environment
  /** `--config`. */
  readonly configPath?: string | undefined
}

/**
 * Reads the installation of a directory. The connectors are those of the config file; without them, every
 * `@crochet/connector-*` package that is installed there.
 */
export const load = Effect.fnUntraced(function* (place: Place): Effect.fn.Return<Installation, SettingsError> {
  const file = yield* ConfigFile.load(place.directory, place.configPath)
  const declared = file?.config.connectors
  const found =
    declared === undefined ? yield* InstalledConnectors.find(place.directory) : { connectors: declared, unusable: [] }
  const { settings, warnings } = yield* Settings.read({
    environment: place.environment,
    config: file?.config ?? {},
    appIds: found.connectors.map((connector) => connector.app.id),
    directory: place.directory
  })
  return {
    settings,
    connectors: found.connectors,
    configPath: file?.path,
    warnings: [
      ...warnings,
      ...found.unusable.map(({ name, reason }) => `${name} is installed, but cannot be used: ${reason}`),
      ...(found.connectors.length === 0
        ? ["No connector is installed. Run npm install @crochet/connector-<app>, or name some in crochet.config.ts."]
        : [])
    ]
  }
})
