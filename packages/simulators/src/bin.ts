#!/usr/bin/env node
import * as Arguments from "./command/Arguments.ts"
import { commands } from "./command/Commands.ts"
import { welcome } from "./command/Welcome.ts"
import { InvalidInput } from "./server/InvalidInput.ts"

const fail = (message: string): never => {
  process.stderr.write(`crochet-simulators: ${message}\nTry: crochet-simulators --help\n`)
  process.exit(2)
}

const main = async () => {
  const asked = Arguments.read(process.argv.slice(2), commands)
  if (asked.kind === "refused") return fail(asked.message)
  if (asked.kind === "help") return void process.stdout.write(asked.text)
  const started = await asked.command.start(asked.given, asked.common)
  process.stdout.write(welcome(asked.command, started))
  const stop = () => {
    void started.close().then(() => process.exit(0))
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
}

main().catch((error: unknown) => {
  if (error instanceof InvalidInput) fail(error.message)
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    fail("the port is taken; choose another with --port, or --port 0 for a free one")
  }
  throw error
})
