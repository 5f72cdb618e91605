import type * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type * as Installation from "../config/Installation.ts"
import * as Runtime from "../Runtime.ts"
import { serve } from "../server/Serve.ts"

/** `--config`, for commands that read the installation of the working directory. */
export const configFlag = Flag.String("config").pipe(
  Flag.withAlias("c"),
  Flag.withDescription("The config file; default crochet.config.ts (or .mts, .js, .mjs) in the working directory"),
  Flag.optional
)

/** The installation of the working directory. */
export const here = (config: Option.Option<string>): Installation.Place => ({
  directory: process.cwd(),
  environment: process.env,
  configPath: Option.getOrUndefined(config)
})

/** `crochet serve`. */
export const command = Command.make("serve", { config: configFlag }, ({ config }): Effect.Effect<void, Error> =>
  serve(here(config), Runtime.layer)
).pipe(
  Command.withDescription(
    "Run the server: HTTP interface, syncs and deliveries in one process. Settings come from CROCHET_* variables and crochet.config.ts; without a config file, every installed @crochet/connector-* package is used."
  ),
  Command.withShortDescription("Run the server"),
  Command.withExamples([
    { command: "crochet serve", description: "On http://127.0.0.1:4400, data in ./.crochet" },
    { command: "CROCHET_PORT=8080 CROCHET_HOST=0.0.0.0 crochet serve", description: "For everybody on port 8080" }
  ])
)
