/** `npm run prove`: measures what docs/reliability.md promises, prints a table, fails when a promise is not met. */
import { parseArgs } from "node:util"
import { writeFileSync } from "node:fs"
import { circumstances } from "./Circumstances.ts"
import type { Line, Report, Section } from "./Section.ts"
import { sections } from "./sections/index.ts"
import { table } from "./Table.ts"
import { tidily } from "./world/CleanUp.ts"

const usage = `npm run prove -- [--only name[,name]] [--point name] [--minutes n] [--long] [--ci] [--seed n] [--json file] [--list] [--help]

  --only     these sections alone
  --point    kills at this crash point alone, again and again
  --minutes  how long the soak takes (10, 1.5 with --ci, a day with --long), or a replay keeps its pace (1, 0.25, 30)
  --long     as many kills, seeds and events as a night has time for
  --ci       every section, but only as much as a change has to wait for
  --seed     everything random follows from it; printed at the end
  --json     writes hardware, commit, versions, settings and all raw data there
  --list     the sections and what they show`

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    point: { type: "string" },
    minutes: { type: "string" },
    long: { type: "boolean", default: false },
    ci: { type: "boolean", default: false },
    seed: { type: "string" },
    json: { type: "string" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})

const stop = (text: string, code: number): never => {
  console.log(text)
  process.exit(code)
}
if (values.help) stop(usage, 0)
if (values.list) stop(sections.map(({ name, shows }) => `${name.padEnd(20)} ${shows}`).join("\n"), 0)
const seed = Number(values.seed ?? Date.now() % 1_000_000_007)
if (!Number.isSafeInteger(seed)) stop(`--seed: give a whole number, not ${values.seed}`, 2)
const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
if (minutes !== undefined && !(minutes > 0)) stop(`--minutes: give a number above 0, not ${values.minutes}`, 2)
const wanted = new Set(values.only?.flatMap((names) => names.split(",")))
for (const name of wanted) {
  if (!sections.some((section) => section.name === name)) {
    stop(`--only: there is no section ${name}. There are: ${sections.map((section) => section.name).join(", ")}`, 2)
  }
}
const chosen = sections.filter(({ name }) => wanted.size === 0 || wanted.has(name))

const began = performance.now()
interface Result {
  readonly name: string
  readonly seconds: number
  readonly report: Report
}
const results: Array<Result> = []
const failed = (error: unknown): Report => ({
  lines: [{ what: "ran to its end", measured: "no", promised: "yes", holds: false }],
  details: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  raw: null
})
const narrowed = {
  ...(values.point === undefined ? {} : { point: values.point }),
  ...(minutes === undefined ? {} : { minutes })
}
const prove = async (section: Section): Promise<Result> => {
  console.log(`\n${section.name}: ${section.shows}`)
  const start = performance.now()
  const request = { seed, long: values.long, ci: values.ci, say: (text: string) => console.log(text), ...narrowed }
  const report = await tidily(() => section.run(request)).catch(failed)
  return { name: section.name, seconds: (performance.now() - start) / 1000, report }
}
const waits = (section: Section) => section.waits === true || (section.waits === "in CI" && values.ci)
for (let at = 0; at < chosen.length;) {
  const alone = chosen.findIndex((section, other) => other >= at && !waits(section))
  // A night has time for one after the other: hundreds of starts side by side would be what is measured.
  const end = values.long || alone === at ? at + 1 : alone === -1 ? chosen.length : alone
  results.push(...(await Promise.all(chosen.slice(at, end).map(prove))))
  at = end
}
// A wait that did not come to its end beside all the others gets another chance by itself; what was counted stays counted.
for (const [at, { name, report }] of results.entries()) {
  if (!values.ci || report.raw !== null) continue
  results[at] = await prove(chosen.find((section) => section.name === name)!)
}

const rows = results.flatMap(({ name, report, seconds }) =>
  report.lines.map((line: Line, at) => [
    at === 0 ? name : at === 1 ? `  ${seconds.toFixed(0)} s` : "",
    line.what,
    line.measured,
    line.promised,
    line.holds ? "✓" : "✗"
  ])
)
const broken = results.flatMap(({ name, report }) =>
  report.lines.filter(({ holds }) => !holds).map((line) => ({ name, line }))
)
console.log(`\n${table(["SECTION", "WHAT", "MEASURED", "PROMISED", ""], rows)}`)
for (const { name, report } of results) {
  for (const detail of report.details?.slice(0, 20) ?? []) console.log(`\n${name}: ${detail}`)
}
const took = ((performance.now() - began) / 60_000).toFixed(1)
const about = circumstances({ seed, long: values.long, ci: values.ci })
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ ...about, minutes: took, results }, null, 1)}\n`)
  console.log(`\nEverything is in ${values.json}`)
}
console.log(`\n${about.cpu} × ${about.cores}, Node ${about.node}, commit ${about.commit}, seed ${seed}`)
const lines = results.reduce((sum, { report }) => sum + report.lines.length, 0)
console.log(`${lines - broken.length} of ${lines} hold, ${broken.length} broken, ${took} min`)
process.exit(broken.length > 0 || lines === 0 ? 1 : 0)
