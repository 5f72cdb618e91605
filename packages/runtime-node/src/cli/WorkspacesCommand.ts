import { Audit, KeyStore } from "@crochet/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Redacted from "effect/Redacted"
import { withAccess } from "./DatabaseAccess.ts"
import * as Output from "./Output.ts"
import { configFlag } from "./ServeCommand.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))

const create = Command.make(
  "create",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    const { text, workspaceId } = yield* withAccess(options.config, (access) =>
      Effect.gen(function* () {
        const { key, text } = yield* access.createWorkspace
        const { workspaceId } = key
        const audit = yield* Audit.Audit
        const operator = Audit.operator(workspaceId)
        yield* audit.record(operator, "workspace.create", workspaceId)
        yield* audit.record(operator, "api_key.create", key.id, { name: key.name, scopes: key.scopes })
        return { workspaceId, text }
      })
    )
    yield* Console.log(
      options.json
        ? Output.json({ workspaceId, key: Redacted.value(text) })
        : `${Redacted.value(text)}\n\nShown this once. The admin key of workspace ${workspaceId}.`
    )
  })
).pipe(Command.withDescription("Make a workspace with an admin key, which is shown once"))

const list = Command.make(
  "list",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    const rows = yield* withAccess(options.config, (access) =>
      Effect.gen(function* () {
        const { workspaces } = yield* KeyStore.KeyStore
        return yield* Effect.forEach(yield* workspaces, (workspaceId) =>
          Effect.map(access.list(workspaceId), (keys) => ({
            workspaceId,
            keys: keys.filter((key) => key.revokedAt === null).length
          }))
        )
      })
    )
    yield* Console.log(
      options.json
        ? Output.json(rows)
        : Output.table(
            ["WORKSPACE", "LIVE KEYS"],
            rows.map((row) => [row.workspaceId, String(row.keys)])
          )
    )
  })
).pipe(Command.withDescription("List the workspaces, oldest first"))

/** `crochet workspaces …`, on the database of the working directory. */
export const command = Command.make("workspaces").pipe(
  Command.withDescription(
    "Make and list workspaces, in the database of the working directory: what belongs to one is not there for another"
  ),
  Command.withShortDescription("Make and list workspaces"),
  Command.withSubcommands([create, list])
)
