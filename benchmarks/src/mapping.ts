/**
 * How fast each connector's rows become records on one core, and what its package costs to import. Every package under
 * packages/connectors is measured; rows come from the demo's simulator of the app. Imports are measured from the sources
 * and, after `npm run build`, from what was built: users import that, and the target is for that.
 *
 *   node --conditions=@crochet/source benchmarks/src/mapping.ts [app]...
 */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { basename, join } from "node:path"
import { packages } from "./Connectors.ts"

/** Of one data type and subscription; rates are rows per second of one core. */
export interface Figures {
  readonly dataType: string
  /** Keys of the models. */
  readonly models: ReadonlyArray<string>
  readonly rows: number
  /** Of a raw row as JSON, on average. */
  readonly bytes: number
  /** JSON.parse of the raw rows, to compare: what any reader of the app's answers must do first. */
  readonly parsed: number
  readonly mapped: number
}

/** Of one import. */
export interface Imported {
  readonly millis: number
  readonly heapKilobytes: number
  /** Folders of connectors that files were read from. */
  readonly connectors: ReadonlyArray<string>
}

const target = 60_000
const targetMillis = 40
const imports = 5
const sourceCondition = "--conditions=@crochet/source"

const run = (file: string, name: string, flags: ReadonlyArray<string> = process.execArgv): string =>
  execFileSync(process.execPath, [...flags, join(import.meta.dirname, file), name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"]
  })

/** Without the condition, a package's name leads to what was built of it. */
const flagsOfUsers = process.execArgv.filter((flag) => flag !== sourceCondition)
const isBuilt = (app: string) =>
  ["core", "models", `connectors/${app}`].every((folder) =>
    existsSync(join(import.meta.dirname, "../../packages", folder, "dist/index.js"))
  )

const bestImport = (name: string, flags: ReadonlyArray<string>): Imported =>
  Array.from({ length: imports }, () => JSON.parse(run("import-one.ts", name, flags)) as Imported).reduce((a, b) =>
    b.millis < a.millis ? b : a
  )

const asked = process.argv.slice(2)
const chosen = packages.filter((name) => asked.length === 0 || asked.some((app) => name.endsWith(`connector-${app}`)))
if (chosen.length === 0) throw new Error(`No connector ${asked.join(", ")}; there are ${packages.join(", ")}`)

const mapped: Array<Record<string, string | number>> = []
const imported: Array<Record<string, string | number>> = []
for (const name of chosen) {
  const app = name.replace("@crochet/connector-", "")
  const figures: ReadonlyArray<Figures> | null = JSON.parse(run("mapping-one.ts", name))
  if (figures === null) mapped.push({ app, models: "not measured: no such app in demo/Apps.ts" })
  for (const one of figures ?? []) {
    mapped.push({
      app,
      "data type": one.dataType,
      models: one.models.length === 1 ? one.models[0]! : `all ${one.models.length}`,
      rows: one.rows,
      "bytes/row": one.bytes,
      "records/s": Math.round(one.mapped),
      "of JSON.parse": (one.mapped / one.parsed).toFixed(2),
      target: one.mapped >= target ? "met" : `${Math.round((one.mapped / target) * 100)} %`
    })
  }
  const best = bestImport(name, process.execArgv)
  const built = isBuilt(app) ? bestImport(name, flagsOfUsers) : undefined
  const others = best.connectors.filter((folder) => folder !== basename(app))
  imported.push({
    app,
    "sources ms": best.millis.toFixed(1),
    "built ms": built?.millis.toFixed(1) ?? "not built",
    "heap KB": (built ?? best).heapKilobytes,
    target: (built ?? best).millis < targetMillis ? "met" : "missed",
    "other connectors read": others.length === 0 ? "none" : others.join(", ")
  })
}
const nothing: Imported = JSON.parse(run("import-one.ts", "@crochet/runtime-node"))

console.log(`Mapping on one core, target ${target.toLocaleString("en")} records/s, Node ${process.versions.node}`)
console.table(mapped)
console.log(`Import on top of core and models, best of ${imports}, target ${targetMillis} ms`)
console.table(imported)
console.log(
  nothing.connectors.length === 0
    ? "The server itself (@crochet/runtime-node) reads no connector: one that is not used costs nothing."
    : `The server itself reads ${nothing.connectors.join(", ")} without being asked.`
)
if (nothing.connectors.length > 0) process.exitCode = 1
