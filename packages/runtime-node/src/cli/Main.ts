import * as NodeServices from "@effect/platform-node/NodeServices"
import { Refusal } from "@crochet/core"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Exit from "effect/Exit"
import { CrochetError } from "../client/CrochetError.ts"
import { version } from "../Version.ts"
import * as AuditCommand from "./AuditCommand.ts"
import * as DoctorCommand from "./DoctorCommand.ts"
import * as EventsCommand from "./EventsCommand.ts"
import * as KeysCommand from "./KeysCommand.ts"
import * as RestoredCommand from "./RestoredCommand.ts"
import * as ServeCommand from "./ServeCommand.ts"
import * as SyncCommand from "./SyncCommand.ts"
import * as WorkspacesCommand from "./WorkspacesCommand.ts"

const crochet = Command.make("crochet").pipe(
  Command.withDescription(
    "Connects HR, recruiting, CRM and accounting systems and pushes every change to your webhook."
  ),
  Command.withSubcommands([
    ServeCommand.command,
    DoctorCommand.command,
    KeysCommand.command,
    AuditCommand.command,
    WorkspacesCommand.command,
    SyncCommand.command,
    EventsCommand.command,
    RestoredCommand.command
  ])
)

const explain = (error: unknown): string => {
  if (error instanceof CrochetError || error instanceof Refusal.Refusal) {
    const { field, message, resolution } = error
    return [
      message,
      ...(field === undefined ? [] : [`  field: ${field}`]),
      ...(resolution === undefined ? [] : [`  → ${resolution}`])
    ].join("\n")
  }
  return error instanceof Error && error.message !== "" ? error.message : String(error)
}

/** Runs the command line; what goes wrong is told in words on standard error. */
const main = (args: ReadonlyArray<string>) =>
  Command.runWith(crochet, { version })(args).pipe(
    // What the parser has to say, it has said.
    Effect.tapError((error) => (CliError.isCliError(error) ? Effect.void : Console.error(explain(error)))),
    Effect.provide(NodeServices.layer)
  )

/**
 * Runs and ends the process: 0 for success and for a server that was asked to stop, 1 for a failure, 130 for another
 * command that was interrupted. A second signal ends it at once.
 */
export const run = (args: ReadonlyArray<string>): void => {
  const fiber = Effect.runFork(main(args))
  let stopping = false
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15]
  ] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(128 + number)
      stopping = true
      fiber.interruptUnsafe(fiber.id)
    })
  }
  fiber.addObserver((exit) => {
    if (Exit.isSuccess(exit)) process.exit()
    if (Cause.hasInterruptsOnly(exit.cause)) process.exit(args[0] === "serve" ? 0 : 130)
    const fault = Cause.squash(exit.cause)
    // A defect was not explained yet.
    if (Cause.hasDies(exit.cause)) process.stderr.write(`${Cause.pretty(exit.cause)}\n`)
    process.exit(CliError.isCliError(fault) && fault._tag === "ShowHelp" ? 2 : 1)
  })
}
