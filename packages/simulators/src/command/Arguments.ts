import { parseArgs } from "node:util"
import type { Command, Common, Given, Option } from "./Command.ts"

/** What the command line asks for. */
export type Asked =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "start"; readonly command: Command; readonly given: Given; readonly common: Common }
  | { readonly kind: "refused"; readonly message: string }

const common: { readonly [name: string]: Option } = {
  port: { kind: "number", help: "port on 127.0.0.1 (default 9200, 0 takes a free one)" },
  seed: { kind: "number", help: "the same seed makes the same records (default 42)" },
  rate: { kind: "number", help: "requests per second before the app refuses (default: no limit)" },
  help: { kind: "switch", help: "this text" }
}

const optionLines = (options: { readonly [name: string]: Option }): string =>
  Object.entries(options)
    .map(([name, { help, kind }]) => {
      const value = { number: " <number>", text: " <text>", switch: "" }[kind]
      return `  ${`--${name}${value}`.padEnd(24)} ${help}`
    })
    .join("\n")

const usage = (
  commands: ReadonlyArray<Command>
): string => `Stand-ins for apps' APIs over real HTTP, on this machine only.

Usage: crochet-simulators <app> [options]

${commands.map(({ id, name }) => `  ${id.padEnd(24)} ${name}`).join("\n")}

Options of every app:

${optionLines(common)}

The options of one app: crochet-simulators <app> --help
`

const usageOf = ({
  id,
  name,
  options
}: Command): string => `A stand-in for ${name} over real HTTP, on this machine only.

Usage: crochet-simulators ${id} [options]

${optionLines({ ...options, ...common })}
`

/** Reads a command line. Every refusal names what was wrong and what there is instead. */
export const read = (args: ReadonlyArray<string>, commands: ReadonlyArray<Command>): Asked => {
  const refused = (message: string): Asked => ({ kind: "refused", message })
  const ids = commands.map(({ id }) => id).join(", ")
  // Which words are values depends on the options, which depend on the app: so all apps' options are understood first.
  const everybodys = Object.assign({}, ...commands.map(({ options }) => options), common) as typeof common
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options: parseOptions(everybodys), allowPositionals: true })
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
  const { positionals, values } = parsed
  const command = commands.find(({ id }) => positionals.length === 1 && positionals[0] === id)
  if (values["help"] === true && (command !== undefined || positionals.length === 0)) {
    return { kind: "help", text: command === undefined ? usage(commands) : usageOf(command) }
  }
  if (positionals.length === 0) return refused(`which app? Known are: ${ids}`)
  if (command === undefined) return refused(`no simulator "${positionals.join(" ")}"; known are: ${ids}`)

  const own = { ...command.options, ...common }
  for (const [name, value] of Object.entries(values)) {
    const option = own[name]
    if (option === undefined) {
      return refused(`--${name} is no option of ${command.id}; it has --${Object.keys(own).join(", --")}`)
    }
    if (option.kind === "number" && !/^\d+$/.test(String(value))) {
      return refused(`--${name} must be a whole number, got "${String(value)}"`)
    }
  }
  const given: Given = {
    number: (name) => (values[name] === undefined ? undefined : Number(values[name])),
    text: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    on: (name) => values[name] === true
  }
  const [seed, rate] = [given.number("seed"), given.number("rate")]
  return {
    kind: "start",
    command,
    given,
    common: {
      port: given.number("port") ?? 9200,
      ...(seed === undefined ? {} : { seed }),
      ...(rate === undefined ? {} : { rateLimit: { requests: rate, perMillis: 1000 } })
    }
  }
}

const parseOptions = (options: { readonly [name: string]: Option }) =>
  Object.fromEntries(
    Object.entries(options).map(([name, { kind }]) => [
      name,
      { type: kind === "switch" ? ("boolean" as const) : ("string" as const) }
    ])
  )
