import { Audit, type AuditEntry, AuditEntry as Entry, KeyStore } from "@crochet/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { ofEntry } from "../api/AuditApi.ts"
import { SettingsError } from "../config/SettingsError.ts"
import { withAccess } from "./DatabaseAccess.ts"
import * as Output from "./Output.ts"
import { configFlag } from "./ServeCommand.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))

const problems: { readonly [problem in AuditEntry.Break["problem"]]: string } = {
  missing: "is missing: entries were removed",
  changed: "was changed",
  "not linked": "does not follow the one before: entries were replaced or put in another order"
}

const actionOf = (text: string): Effect.Effect<AuditEntry.Action, SettingsError> => {
  const action = Entry.actions.find((one) => one === text)
  return action === undefined
    ? Effect.fail(
        new SettingsError({
          problems: [
            {
              setting: "--action",
              problem: "is not an action of the audit log.",
              resolution: `Give one of ${Entry.actions.join(", ")}.`
            }
          ]
        })
      )
    : Effect.succeed(action)
}

const list = Command.make(
  "list",
  {
    limit: Flag.Int("limit").pipe(Flag.withDescription("How many entries, newest first"), Flag.withDefault(50)),
    actor: Flag.String("actor").pipe(
      Flag.withDescription("Only those of this API key, operator or system"),
      Flag.optional
    ),
    action: Flag.String("action").pipe(Flag.withDescription("Only this action"), Flag.optional),
    config: configFlag,
    json
  },
  Effect.fnUntraced(function* (options) {
    const action = Option.isNone(options.action) ? undefined : yield* actionOf(options.action.value)
    const actor = Option.getOrUndefined(options.actor)
    const { items } = yield* withAccess(options.config, (_, workspaceId) =>
      Effect.flatMap(Audit.Audit, (audit) => audit.list({ workspaceId, actor, action }, { limit: options.limit }))
    )
    const views = items.map(ofEntry)
    yield* Console.log(
      options.json
        ? Output.json(views)
        : Output.table(
            ["#", "AT", "ACTOR", "ACTION", "TARGET", "DETAIL"],
            views.map((entry) => [
              String(entry.position),
              entry.at,
              entry.actor,
              entry.action,
              entry.target ?? "–",
              JSON.stringify(entry.detail)
            ])
          )
    )
  })
).pipe(Command.withDescription("List the audit log, newest first"))

const verify = Command.make(
  "verify",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    const found = yield* withAccess(options.config, () =>
      Effect.gen(function* () {
        const audit = yield* Audit.Audit
        return yield* Effect.forEach(yield* (yield* KeyStore.KeyStore).workspaces, audit.verify)
      })
    )
    const broken = found.some((one) => one.broken !== null)
    yield* Console.log(
      options.json
        ? Output.json({ ok: !broken, workspaces: found })
        : found
            .map(({ broken, entries, head, workspaceId }) =>
              broken === null
                ? `✓ ${workspaceId}: ${entries} entries hold; the last one's hash is ${head.hash || "–"}`
                : `✗ ${workspaceId}: entry ${broken.position} ${problems[broken.problem]}; the ${entries} before it hold`
            )
            .join("\n")
    )
    if (broken) {
      yield* Effect.sync(() => {
        process.exitCode = 1
      })
    }
  })
).pipe(
  Command.withDescription(
    "Walk the chain of the audit log and name the first entry that does not hold. Keep the last hash elsewhere: it shows later that nothing was cut off at the end."
  ),
  Command.withShortDescription("Check that nobody changed the audit log")
)

/** `crochet audit …`, on the database of the working directory. */
export const command = Command.make("audit").pipe(
  Command.withDescription("List and check the audit log, in the database of the working directory"),
  Command.withSubcommands([list, verify])
)
