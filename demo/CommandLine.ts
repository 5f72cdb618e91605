import { parseArgs } from "node:util"
import type { App } from "./App.ts"

/** What the demo was asked for; `say` is all that there is to do when there is no app. */
export type Asked =
  | { readonly app: App; readonly once: boolean }
  | { readonly app?: undefined; readonly say: string; readonly code: number }

const usage = (
  apps: ReadonlyArray<App>
) => `Crochet at work, on this machine alone: a simulated app, Crochet as a process, a webhook.

Usage: npm run demo -- [options]

  --app <name>   whose records to sync (default ${apps[0]?.id}):
${apps.map(({ id, name, records }) => `                   ${id.padEnd(12)} ${records} of ${name}`).join("\n")}
  --once         end when the claims are checked; not zero if one does not hold
  --help         this text
`

/** Reads the command line. What it does not understand is named, with what there is instead. */
export const read = (args: ReadonlyArray<string>, apps: ReadonlyArray<App>): Asked => {
  const options = { app: { type: "string" }, once: { type: "boolean" }, help: { type: "boolean" } } as const
  let values
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { say: `${message}\nTry: npm run demo -- --help\n`, code: 2 }
  }
  if (values.help === true) return { say: usage(apps), code: 0 }
  const wanted = values.app ?? apps[0]?.id
  const app = apps.find(({ id }) => id === wanted)
  if (app === undefined) {
    const known = apps.map(({ id }) => id).join(", ")
    return {
      say: `--app: the demo has no app "${wanted}". It has ${known}.\nTry: npm run demo -- --app ${apps[0]?.id}\n`,
      code: 2
    }
  }
  return { app, once: values.once === true }
}
