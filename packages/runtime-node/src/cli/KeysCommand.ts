import { ApiKey, Audit } from "@crochet/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Redacted from "effect/Redacted"
import { ofApiKey } from "../api/ApiKeyView.ts"
import { SettingsError } from "../config/SettingsError.ts"
import { withAccess } from "./DatabaseAccess.ts"
import * as KeyRotationCommand from "./KeyRotationCommand.ts"
import * as Output from "./Output.ts"
import { configFlag } from "./ServeCommand.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))

const scopesOf = (text: string): Effect.Effect<ReadonlyArray<ApiKey.Scope>, SettingsError> => {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
  const scopes = words.flatMap((word) => ApiKey.scopes.filter((scope) => scope === word))
  return words.length === 0 || scopes.length < words.length
    ? Effect.fail(
        new SettingsError({
          problems: [
            {
              setting: "--scopes",
              problem: "names a scope that does not exist.",
              resolution: `Give some of ${ApiKey.scopes.join(",")}.`
            }
          ]
        })
      )
    : Effect.succeed(scopes)
}

const create = Command.make(
  "create",
  {
    name: Flag.String("name").pipe(Flag.withDescription("What the key is for")),
    scopes: Flag.String("scopes").pipe(
      Flag.withDescription(
        "Separated by commas: admin (everything), sync (start and change), read (look), events.body (see pending bodies)"
      ),
      Flag.withDefault("admin")
    ),
    config: configFlag,
    json
  },
  Effect.fnUntraced(function* (options) {
    const scopes = yield* scopesOf(options.scopes)
    const { key, text } = yield* withAccess(options.config, (access, workspaceId) =>
      Effect.tap(access.create({ workspaceId, name: options.name, scopes }), ({ key }) =>
        Effect.flatMap(Audit.Audit, (audit) =>
          audit.record(Audit.operator(workspaceId), "api_key.create", key.id, { name: key.name, scopes: key.scopes })
        )
      )
    )
    yield* Console.log(
      options.json
        ? Output.json({ ...ofApiKey(key), key: Redacted.value(text) })
        : `${Redacted.value(text)}\n\nShown this once. ${key.id}, scopes ${key.scopes.join(", ")}.`
    )
  })
).pipe(
  Command.withDescription("Make an API key and show it once"),
  Command.withExamples([
    { command: "crochet keys create --name ci --scopes sync", description: "A key that starts syncs" }
  ])
)

const list = Command.make(
  "list",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    const keys = yield* withAccess(options.config, (access, workspaceId) => access.list(workspaceId))
    const views = keys.map(ofApiKey)
    yield* Console.log(
      options.json
        ? Output.json(views)
        : Output.table(
            ["KEY", "NAME", "STARTS WITH", "SCOPES", "MADE", "LAST USED", "STATE"],
            views.map((key) => [
              key.keyId,
              key.name,
              key.prefix,
              key.scopes.join(","),
              key.createdAt,
              key.lastUsedAt ?? "never",
              key.revokedAt === null ? (key.keptForSigning ? "signs webhooks" : "live") : "revoked"
            ])
          )
    )
  })
).pipe(Command.withDescription("List the API keys"))

const revoke = Command.make(
  "revoke",
  { id: Argument.String("key-id"), config: configFlag },
  Effect.fnUntraced(function* (options) {
    const key = yield* withAccess(options.config, (access, workspaceId) =>
      Effect.tap(access.revoke(workspaceId, options.id), ({ id, name }) =>
        Effect.flatMap(Audit.Audit, (audit) =>
          audit.record(Audit.operator(workspaceId), "api_key.revoke", id, { name })
        )
      )
    )
    yield* Console.log(`Revoked ${key.id} (${key.name}).`)
  })
).pipe(Command.withDescription("Revoke an API key; refused while a destination is signed with it"))

/** `crochet keys …`, on the database of the working directory. */
export const command = Command.make("keys").pipe(
  Command.withDescription(
    "Make, list and revoke API keys, and rotate the master key, in the database of the working directory"
  ),
  Command.withShortDescription("Make, list and revoke API keys, rotate the master key"),
  Command.withSubcommands([create, list, revoke, KeyRotationCommand.rotate, KeyRotationCommand.status])
)
