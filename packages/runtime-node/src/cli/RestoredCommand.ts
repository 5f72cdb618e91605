import { Audit, KeyStore, SyncStore } from "@crochet/core"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { withAccess } from "./DatabaseAccess.ts"
import * as Output from "./Output.ts"
import { configFlag } from "./ServeCommand.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))

/** `crochet restored`. */
export const command = Command.make(
  "restored",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    // A later restore gives a higher one, as long as no record has an event a second on average.
    const floor = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const jobs = yield* withAccess(options.config, () =>
      Effect.gen(function* () {
        const raised = yield* (yield* SyncStore.SyncStore).raiseSequences(floor)
        const audit = yield* Audit.Audit
        for (const workspaceId of yield* (yield* KeyStore.KeyStore).workspaces) {
          yield* audit.record(Audit.operator(workspaceId), "database.restore", null, { sequencesAbove: floor })
        }
        return raised
      })
    )
    yield* Console.log(
      options.json
        ? Output.json({ syncJobs: jobs, sequencesAbove: floor })
        : `The records of ${jobs} sync jobs go on with sequences above ${floor}: no event gets the id or the sequence of one ` +
            "that was sent after the backup was made."
    )
  })
).pipe(
  Command.withDescription(
    "To be run once after a backup of the database was put back, before the server starts. Event ids and sequences that were given out after the backup was made are not given out again, so that receivers do not take new events for old ones."
  ),
  Command.withShortDescription("Go on safely after a backup was put back")
)
