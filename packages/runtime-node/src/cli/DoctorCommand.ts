import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type { Check } from "./Check.ts"
import { examine } from "./Doctor.ts"
import * as Output from "./Output.ts"
import { configFlag, here } from "./ServeCommand.ts"

const line = ({ detail, name, ok, remedy }: Check): string =>
  `${ok ? "✓" : "✗"} ${name}: ${detail}${ok || remedy === undefined ? "" : `\n    → ${remedy}`}`

/** `crochet doctor`. */
export const command = Command.make(
  "doctor",
  { config: configFlag, json: Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false)) },
  Effect.fnUntraced(function* ({ config, json }) {
    const checks = yield* examine(here(config))
    const failed = checks.filter((check) => !check.ok).length
    yield* Console.log(
      json
        ? Output.json({ ok: failed === 0, checks })
        : [
            ...checks.map(line),
            "",
            failed === 0 ? "Everything is in order." : `${failed} of ${checks.length} checks failed.`
          ].join("\n")
    )
    if (failed > 0) {
      yield* Effect.sync(() => {
        process.exitCode = 1
      })
    }
  })
).pipe(Command.withDescription("Check Node, settings, connectors, database, master key, port, base URLs and clock"))
