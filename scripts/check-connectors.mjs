// Holds every connector to the anatomy of docs/authoring.md: what a reader of one connector knows of all others.
import { existsSync, globSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseSync } from "oxc-parser"
import { fencesOf } from "./check-snippets.mjs"
import { faultsOfSurface, readSurface } from "./connector-surface.mjs"

/** Connectors that are excused from a check, as `folder: check`. It is empty, and should stay so.
 * @type {ReadonlySet<string>} */
export const exceptions = new Set()

const longestFile = 300
const longestReadme = 60
const longestConformanceTest = 30
const allowedDependencies = /^(@crochet\/(core|models)|effect)$/

/** @typedef {{ name?: string, private?: boolean, type?: string, license?: string, description?: string, sideEffects?: unknown, exports?: Record<string, unknown>, files?: string[], publishConfig?: { access?: string }, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} Manifest */
/** @typedef {{ check: string, message: string }} Fault */
/** @typedef {object} Folder A connector's folder as text.
 * @property {string} folder relative to the root, with `/`
 * @property {Record<string, string>} files text by path inside of the folder
 * @property {readonly string[]} changesets texts of `.changeset/*.md`
 * @property {boolean} hasKit whether `@crochet/core/testing` has the conformance suite */

/** The text that all names of source files begin with: `Acme` of `Acme.ts` and `AcmeErrors.ts`.
 * @param {readonly string[]} sources
 * @returns {string | undefined} */
const appNameOf = (sources) => {
  const names = sources.map((file) => basename(file, ".ts")).filter((name) => name !== "index")
  return names.find((name) => /^[A-Z]/.test(name) && names.every((other) => other.startsWith(name)))
}

/** @param {string} text */
const linesOf = (text) => text.trimEnd().split("\n").length

/** What is wrong with a connector's files.
 * @param {Folder} folder
 * @returns {Fault[]} */
export const faultsOfFiles = ({ changesets, files, folder, hasKit }) => {
  /** @type {Fault[]} */
  const faults = []
  /** @param {string} check @param {string} message */
  const fault = (check, message) => void faults.push({ check, message })

  /** @type {Manifest} */
  const manifest = JSON.parse(files["package.json"] ?? "{}")
  const isExample = folder.startsWith("examples/")
  const app = basename(folder).replace(/^connector-/, "")
  const wanted = isExample ? `@crochet/example-connector-${app}` : `@crochet/connector-${app}`
  if (manifest.name !== wanted) fault("name", `package.json: the name must be ${wanted}`)
  if (manifest.license !== "Apache-2.0") fault("licence", 'package.json: the license must be "Apache-2.0"')
  if (manifest.type !== "module") fault("manifest", 'package.json: the type must be "module"')
  if ((manifest.description ?? "") === "") fault("manifest", "package.json: write a description")
  if (!Array.isArray(manifest.sideEffects) || manifest.sideEffects.length > 0) {
    fault("side effects", 'package.json: write "sideEffects": [], and mean it')
  }
  const entries = Object.keys(manifest.exports ?? {}).filter((path) => path !== "./package.json")
  if (entries.join() !== ".") fault("exports", 'package.json: "." must be the only entry of exports')
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (!allowedDependencies.test(dependency)) {
      fault("dependencies", `package.json: a connector depends on core, models and effect alone, not on ${dependency}`)
    }
  }
  if (isExample) {
    if (manifest.private !== true) fault("manifest", 'package.json: an example is "private": true')
  } else {
    if (manifest.private === true) fault("manifest", "package.json: a connector is published; take private out")
    if (manifest.files?.join() !== "dist") fault("manifest", 'package.json: the only one of files must be "dist"')
    if (manifest.publishConfig?.access !== "public")
      fault("manifest", "package.json: publishConfig.access must be public")
    if (manifest.peerDependencies?.effect === undefined)
      fault("dependencies", "package.json: effect is a peer dependency")
    if (files["CHANGELOG.md"] === undefined && !changesets.some((text) => text.includes(`"${wanted}":`))) {
      fault("changeset", `no .changeset/*.md names ${wanted}: npm run changeset`)
    }
  }

  const sources = Object.keys(files).filter((file) => file.startsWith("src/"))
  const tests = Object.keys(files).filter((file) => file.startsWith("test/"))
  const appName = appNameOf(sources)
  if (files["src/index.ts"] === undefined) fault("files", "src/index.ts is missing")
  if (appName === undefined) {
    fault("files", "src: one file is <App>.ts, and the names of all others begin with <App> too")
  } else if (appName.toLowerCase() !== app.replaceAll("-", "")) {
    fault("files", `src/${appName}.ts: the name must be the app's, as in the folder's (${app})`)
  }
  for (const file of sources) {
    const text = files[file] ?? ""
    if (linesOf(text) > longestFile) fault("length", `${file}: ${linesOf(text)} lines; the most are ${longestFile}`)
    for (const message of effectsOnImport(file, text)) fault("side effects", message)
  }
  for (const file of [...sources, ...tests]) {
    for (const [, other] of (files[file] ?? "").matchAll(/["'](@crochet\/(?:example-)?connector-[^"'/]+)["'/]/g)) {
      if (other !== wanted) fault("imports", `${file}: connectors know nothing of each other, not even of ${other}`)
    }
  }

  const readme = files["README.md"]
  if (readme === undefined) fault("readme", "README.md is missing")
  else for (const message of faultsOfReadme(readme, wanted)) fault("readme", message)

  if (!tests.some((file) => file.endsWith(".test.ts") && /\btoRecord\b|Mapping\.ts"/.test(files[file] ?? ""))) {
    fault("mapper tests", "test: no test calls the mapper (toRecord, or a function of a …Mapping.ts)")
  }
  // Without the kit there is nothing that such a test could call.
  if (hasKit) {
    const file = `test/${appName ?? "<App>"}.conformance.test.ts`
    const text = files[file]
    if (text === undefined || !/ConnectorConformance\.suite\(/.test(text)) {
      fault("conformance", `${file}: call ConnectorConformance.suite there`)
    } else if (linesOf(text) > longestConformanceTest) {
      fault("conformance", `${file}: ${linesOf(text)} lines; what the kit needs of the app belongs beside it`)
    }
  }
  return faults.filter(({ check }) => !exceptions.has(`${folder}: ${check}`))
}

/** @param {string} readme @param {string} name
 * @returns {string[]} */
const faultsOfReadme = (readme, name) => {
  const faults = []
  if (linesOf(readme) > longestReadme) faults.push(`README.md: ${linesOf(readme)} lines; the most are ${longestReadme}`)
  if (!readme.startsWith("# ")) faults.push("README.md: begin with a heading")
  if (!fencesOf(readme).some(({ checked, code }) => checked && code.includes(`"${name}"`))) {
    faults.push(`README.md: show how it is used, in a checked code block that imports ${name}`)
  }
  if ((readme.match(/^\|[ :|-]*-[ :|-]*\|$/gm) ?? []).length < 2) {
    faults.push("README.md: a table of the settings and one of what it can do")
  }
  return faults
}

/** Statements that do something, or keep something, when a file is imported.
 * @param {string} path @param {string} text
 * @returns {string[]} */
const effectsOnImport = (path, text) =>
  parseSync(path, text).program.body.flatMap((statement) => {
    const line = text.slice(0, statement.start).split("\n").length
    const inner = statement.type === "ExportNamedDeclaration" ? (statement.declaration ?? statement) : statement
    if (inner.type === "VariableDeclaration") {
      const kept = inner.kind !== "const" || inner.declarations.some(({ init }) => isEmptyCollection(init))
      return kept ? [`${path}:${line}: state of the whole program; two accounts would share it`] : []
    }
    const declares = /^(Import|Export|TS|FunctionDeclaration|ClassDeclaration|EmptyStatement)/.test(inner.type)
    return declares ? [] : [`${path}:${line}: something is done when the file is imported`]
  })

/** `new Map()` at the top of a file is there to be filled. A `WeakMap` is not: what it knows belongs to one client or run.
 * @param {import("oxc-parser").Expression | null} init */
const isEmptyCollection = (init) =>
  init?.type === "NewExpression" &&
  init.callee.type === "Identifier" &&
  /^(Map|Set)$/.test(init.callee.name) &&
  init.arguments.length === 0

/** What is wrong with what a package exports.
 * @param {Record<string, unknown>} exported the module's namespace
 * @param {string} folder
 * @returns {Fault[]} */
export const faultsOfModule = (exported, folder) => {
  /** @type {Fault[]} */
  const faults = []
  /** @param {string} check @param {string} message */
  const fault = (check, message) => void faults.push({ check, message })
  const values = [...new Set(Object.values(exported))]
  /** @type {import("@crochet/core").Connector.Connector | undefined} */
  const connector = /** @type {any} */ (
    values.find((value) => typeof value === "object" && value !== null && "resources" in value)
  )
  if (connector === undefined) return [{ check: "exports", message: "src/index.ts does not export a connector" }]
  if (values.length > 1) {
    const others = Object.keys(exported).filter((key) => exported[key] !== connector)
    fault("exports", `src/index.ts exports more than the connector: ${others.join(", ")}`)
  }
  const app = basename(folder).replace(/^connector-/, "")
  if (connector.app.id !== app) fault("name", `app.id is ${connector.app.id}, the folder's name says ${app}`)
  for (const key of /** @type {const} */ (["docs", "website"])) {
    const url = connector.app[key]
    if (!URL.canParse(url) || !url.startsWith("https://")) fault("docs", `app.${key} must be an https URL`)
  }
  if (connector.resources.length === 0) fault("support", "no resource is declared")
  for (const { dataType, support } of connector.resources) {
    if (!connector.app.categories.includes(dataType.category)) {
      fault("support", `app.categories lacks ${dataType.category}, the category of ${dataType.id}`)
    }
    for (const model of Object.keys(dataType.models)) {
      const said = support[model]
      if (said === undefined) fault("support", `${dataType.id}: support says nothing about ${model}`)
      else if (said.support === "UNKNOWN" || Object.values(said.fields ?? {}).includes("UNKNOWN")) {
        fault("support", `${dataType.id}: ${model} is UNKNOWN; look, and say UNSUPPORTED or NOT_IMPLEMENTED`)
      }
    }
  }
  const fields = connector.auth.flatMap((scheme) => (scheme.kind === "key" ? scheme.fields : []))
  for (const { help, key } of [...fields, ...connector.settings]) {
    if (help.trim() === "") fault("help", `the input ${key} has no help: say where in the app it is found`)
  }
  return faults.filter(({ check }) => !exceptions.has(`${folder}: ${check}`))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = fileURLToPath(new URL("..", import.meta.url))
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), "utf8")
  /** @param {string} pattern @param {string} [cwd] */
  const find = (pattern, cwd = root) =>
    globSync(pattern, { cwd, exclude: ["**/node_modules", "**/dist"] }).map((file) => file.replaceAll("\\", "/"))
  const changesets = find(".changeset/*.md").map(read)
  const hasKit = existsSync(join(root, "packages/core/src/testing/conformance/ConnectorConformance.ts"))
  const folders = ["packages/connectors/*/package.json", "examples/connector-*/package.json"].flatMap((pattern) =>
    find(pattern)
  )
  let count = 0
  for (const folder of folders.map((file) => dirname(file))) {
    const paths = ["package.json", "*.md", "src/**/*.ts", "test/**/*.ts"].flatMap((pattern) =>
      find(pattern, join(root, folder))
    )
    const files = Object.fromEntries(paths.map((path) => [path, read(`${folder}/${path}`)]))
    const faults = faultsOfFiles({ folder, files, changesets, hasKit })
    if (files["src/index.ts"] !== undefined) {
      const exported = await import(pathToFileURL(join(root, folder, "src/index.ts")).href)
      faults.push(...faultsOfModule(exported, folder))
      const connector = Object.values(exported).find((value) => typeof value === "object" && "resources" in value)
      const { name, version } = JSON.parse(files["package.json"] ?? "{}")
      const surfaces = {
        committed: readSurface(join(root, folder, "surface.json")),
        released: readSurface(join(root, folder, "surface.released.json"))
      }
      for (const message of faultsOfSurface({ ...surfaces, changesets, connector, name, version })) {
        faults.push({ check: "surface", message })
      }
    }
    for (const { message } of faults) console.error(`${folder}/${message}`)
    count += faults.length
  }
  if (count > 0)
    console.error(`\n${count} place(s) where a connector is not like the others: docs/authoring.md says how they are.`)
  process.exitCode = count > 0 || folders.length === 0 ? 1 : 0
}
