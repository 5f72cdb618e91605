// Holds the architecture: which package may import which, no Node in core, and one folder that may open connections.
import { globSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseSync, Visitor } from "oxc-parser"
import { waysOut } from "./check-egress.mjs"

/** @typedef {Record<string, unknown>} Table */
/** @typedef {{ name: string, exports?: Table, dependencies?: Table, peerDependencies?: Table }} Manifest */
/** @typedef {Record<string, Manifest>} Packages The manifest of each workspace, by its folder. */

/** What the sources of a folder may import of ours; what is not named here may import nothing. */
const arrows = /** @type {const} */ ([
  [/^packages\/models$/, /^@crochet\/core$/],
  [/^packages\/connectors\/[^/]+$/, /^@crochet\/(core|models)$/],
  [/^packages\/runtime-node$/, /^@crochet\/(core|models)$/],
  [/^(examples\/[^/]+|benchmarks|proof)$/, /./]
])
const runsAnywhere = /^packages\/(core|models|client)$/
/** What core may use beside effect, because it runs anywhere too: noble, for `PortableCrypto`. */
const portable = /^(effect|@noble\/(ciphers|curves|hashes))$/
const vagueName = /^(utils?|helpers?|common|types|misc)\.[^/]+$/i

/** Every breach of the architecture in one file, as `line: what is wrong and what to do`.
 * @param {string} path relative to the root, with `/`
 * @param {string} text
 * @param {Packages} packages
 * @returns {string[]} */
export const breaches = (path, text, packages) => {
  const found = waysOut(path, text)
  const home = Object.keys(packages).find((folder) => path.startsWith(`${folder}/`)) ?? ""
  const manifest = path.startsWith(`${home}/src/`) ? packages[home] : undefined
  const name = path.slice(path.lastIndexOf("/") + 1)
  if (vagueName.test(name)) found.push(`1: name the file by the concept in it; "${name}" says nothing`)

  /** @param {string} specifier
   * @returns {string | undefined} */
  const objection = (specifier) => {
    if (specifier.startsWith(".")) {
      const target = join(dirname(path), specifier).replaceAll("\\", "/")
      const other = Object.keys(packages).find((folder) => target.startsWith(`${folder}/`))
      return other === undefined || other === home
        ? undefined
        : "it reaches into another package; import that by its name"
    }
    const bare = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")
    const ours = Object.values(packages).find((candidate) => candidate.name === bare)
    if (ours !== undefined && !(`.${specifier.slice(bare.length)}` in (ours.exports ?? {}))) {
      return `it is not in the exports of ${bare}`
    }
    if (manifest === undefined) return undefined
    if (bare.startsWith("@crochet/") && !arrows.some(([from, to]) => from.test(home) && to.test(bare))) {
      return `${home} must not import ${bare}`
    }
    if (isBuiltin(specifier) || specifier.startsWith("node:")) {
      return runsAnywhere.test(home) ? `${home} runs anywhere, not only on Node` : undefined
    }
    if (manifest.dependencies?.[bare] === undefined && manifest.peerDependencies?.[bare] === undefined) {
      return `it is not a dependency in ${home}/package.json`
    }
    const alone = runsAnywhere.test(home) && !path.includes("/src/testing/")
    const allowed = home === "packages/core" ? portable.test(bare) : bare === "effect"
    return alone && !allowed && ours === undefined ? `${home} depends on effect alone, and core on noble` : undefined
  }
  /** @param {{ value: unknown, start: number }} specifier */
  const check = ({ value, start }) => {
    const message = typeof value === "string" ? objection(value) : undefined
    if (message !== undefined) found.push(`${text.slice(0, start).split("\n").length}: "${value}": ${message}`)
  }
  new Visitor({
    ImportDeclaration: ({ source }) => check(source),
    ExportAllDeclaration: ({ source }) => check(source),
    ExportNamedDeclaration: ({ source }) => source && check(source),
    ImportExpression: ({ source }) => source.type === "Literal" && check(source),
    TSImportType: ({ source }) => check(source)
  }).visit(parseSync(path, text).program)
  return found
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = fileURLToPath(new URL("..", import.meta.url))
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), "utf8")
  /** @param {string[]} patterns */
  const files = (patterns) => globSync(patterns, { cwd: root, exclude: ["**/node_modules", "**/dist", "**/fixtures"] })
  /** @type {{ workspaces: string[] }} */
  const { workspaces } = JSON.parse(read("package.json"))
  const folders = files(workspaces.map((workspace) => `${workspace}/package.json`)).map(dirname)
  const packages = Object.fromEntries(
    folders.map((folder) => [folder.replaceAll("\\", "/"), JSON.parse(read(join(folder, "package.json")))])
  )
  const sources = files(["{packages,examples,benchmarks,proof}/**/*.{ts,tsx,mts,js,mjs}"])
  const lines = sources.flatMap((file) =>
    breaches(file.replaceAll("\\", "/"), read(file), packages).map((breach) => `${file}:${breach}`)
  )
  if (lines.length > 0) console.error(`${lines.join("\n")}\n\nThe architecture is broken in ${lines.length} place(s).`)
  process.exitCode = lines.length > 0 ? 1 : 0
}
