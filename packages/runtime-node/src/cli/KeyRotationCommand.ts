import { Audit, Crypto, KeyRotation, KeyStore, MasterKeys } from "@crochet/core"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import type * as Option from "effect/Option"
import * as Installation from "../config/Installation.ts"
import * as MasterKey from "../config/MasterKey.ts"
import type { Settings } from "../config/Settings.ts"
import * as Runtime from "../Runtime.ts"
import * as Logging from "../server/Logging.ts"
import * as NodeCrypto from "../vault/NodeCrypto.ts"
import { withAccess } from "./DatabaseAccess.ts"
import * as Output from "./Output.ts"
import { configFlag, here } from "./ServeCommand.ts"

const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON"), Flag.withDefault(false))
const progressEveryMillis = 1000

const settingsOf = (config: Option.Option<string>) =>
  Effect.map(Installation.load(here(config)), ({ settings }) => settings)

const withRotation = <A, E extends Error>(
  settings: Settings,
  masterKey: MasterKeys.MasterKeySource,
  use: (rotation: KeyRotation.KeyRotation["Service"]) => Effect.Effect<A, E>
): Effect.Effect<A, Error> =>
  Effect.flatMap(KeyRotation.KeyRotation, use).pipe(
    Effect.provide(Runtime.layerRotation({ settings, masterKey })),
    Effect.provide(Logging.layer({ ...settings.log, level: "warning" }))
  )

/** `crochet keys status`. */
export const status = Command.make(
  "status",
  { config: configFlag, json },
  Effect.fnUntraced(function* (options) {
    const settings = yield* settingsOf(options.config)
    const uses = yield* withRotation(settings, yield* MasterKey.load(settings), (rotation) => rotation.status)
    yield* Console.log(
      options.json
        ? Output.json(uses)
        : Output.table(
            ["MASTER KEY", "DATA KEYS", "STATE"],
            uses.map((use) => [
              use.id,
              String(use.dataKeys),
              use.active ? "in use" : use.dataKeys > 0 ? "being left: run crochet keys rotate" : "not needed"
            ])
          )
    )
  })
).pipe(Command.withDescription("Show how many data keys each master key wraps"))

/** The master key is everybody's, so every workspace's audit log tells of it. */
const writeDown = (config: Option.Option<string>, { from, rewrapped, to, unreadable }: KeyRotation.Rotation) =>
  withAccess(config, () =>
    Effect.gen(function* () {
      const audit = yield* Audit.Audit
      for (const workspaceId of yield* (yield* KeyStore.KeyStore).workspaces) {
        yield* audit.record(Audit.operator(workspaceId), "master_key.rotate", to, { from, rewrapped, unreadable })
      }
    })
  )

const nothingToDo = (id: string, settings: Settings): string =>
  `Every data key is under master key ${id} already.` +
  (settings.masterKey === null
    ? ""
    : "\n  → To rotate: set CROCHET_MASTER_KEY to a new key (openssl rand -base64 32) and CROCHET_MASTER_KEYS_OLD to the " +
      "one before, for all servers; restart them; then run this again.")

/** `crochet keys rotate`. */
export const rotate = Command.make(
  "rotate",
  {
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Only say how many data keys would be wrapped anew"),
      Flag.withDefault(false)
    ),
    config: configFlag,
    json
  },
  Effect.fnUntraced(function* (options) {
    const settings = yield* settingsOf(options.config)
    if (options.dryRun) return yield* announce(settings, options.json)
    // Before a key is made: the ones that are there must fit.
    yield* withRotation(settings, yield* MasterKey.load(settings), () => Effect.void)
    const source = yield* MasterKey.prepareRotation(settings, MasterKey.isRotating(settings))
    const result = yield* withRotation(settings, source, (rotation) =>
      Effect.gen(function* () {
        let told = yield* Clock.currentTimeMillis
        return yield* rotation.rotate({
          onProgress: ({ done, total }) =>
            Effect.flatMap(Clock.currentTimeMillis, (now) => {
              if (now - told < progressEveryMillis) return Effect.void
              told = now
              return Console.error(`${done} of ${total} data keys`)
            })
        })
      })
    )
    const [, before] = source.keys
    const oldId = before === undefined ? "" : yield* Effect.map(crypto, (service) => MasterKeys.idOf(service, before))
    const aside = before === undefined ? null : yield* MasterKey.finishRotation(settings, oldId)
    if (result.from.length > 0 || aside !== null) {
      yield* writeDown(options.config, result)
    }
    if (options.json) return yield* Console.log(Output.json({ ...result, oldKeyFile: aside }))
    if (result.from.length === 0 && aside === null) return yield* Console.log(nothingToDo(result.to, settings))
    yield* Console.log(
      [
        `${result.rewrapped} data keys are under master key ${result.to} now.`,
        ...(result.unreadable === 0
          ? []
          : [
              `${result.unreadable} data keys do not open under the key that they name: what they sealed was lost before.`
            ]),
        aside === null
          ? "Take the old key out of CROCHET_MASTER_KEYS_OLD when no backup from before is needed any more."
          : `The old key is in ${aside}: delete it when no backup from before is needed any more. Back up the new key file.`
      ].join("\n")
    )
  })
).pipe(
  Command.withDescription(
    "Go to another master key while servers run. With a key file, makes the new key; with settings, goes to CROCHET_MASTER_KEY from those in CROCHET_MASTER_KEYS_OLD. Goes on where it stopped when it is run again."
  ),
  Command.withShortDescription("Go to another master key while servers run")
)

const crypto = Effect.provide(Crypto.Crypto, NodeCrypto.layer)

const announce = Effect.fnUntraced(function* (settings: Settings, asJson: boolean) {
  const uses = yield* withRotation(settings, yield* MasterKey.load(settings), (rotation) => rotation.status)
  const source = yield* MasterKey.load(settings)
  const preferred = MasterKeys.idOf(yield* crypto, source.keys[0])
  // With a key file, a rotation that was not begun goes to a key that does not exist yet.
  const makesKey = settings.masterKey === null && !MasterKey.isRotating(settings)
  const total = uses.filter((use) => makesKey || use.id !== preferred).reduce((sum, use) => sum + use.dataKeys, 0)
  yield* Console.log(
    asJson
      ? Output.json({ to: makesKey ? null : preferred, rewrapped: total })
      : `${total} data keys would be wrapped anew, by ${makesKey ? "a new master key" : `master key ${preferred}`}.`
  )
})
