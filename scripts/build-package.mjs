// Builds the package in the current folder into dist: tsup writes the JavaScript, tsc the declarations
// (tsup's own declarations need the compiler API that TypeScript 7 no longer has).
import { spawnSync } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseSync, Visitor } from "oxc-parser"
import { build } from "tsup"

/**
 * @typedef {{
 *   name: string
 *   exports?: Record<string, string | Record<string, string>>
 *   bin?: string | Record<string, string>
 *   threads?: Record<string, string>
 * }} Manifest
 *
 * `threads` names the programs that run in threads of their own, each with its source. Nobody imports them; they lie
 * beside what starts them.
 */

/** The files of `dist`, without extension, each with the source that it is built from.
 * @param {Manifest} manifest
 * @returns {Record<string, string>} */
export const entriesOf = (manifest) => {
  /** @type {Record<string, string>} */
  const entries = {}
  for (const [path, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === "string") continue
    const source = target["@crochet/source"]
    const built = /^\.\/dist\/(.+)\.js$/.exec(target.default ?? "")?.[1]
    if (source === undefined || built === undefined) {
      throw new Error(
        `${manifest.name}: exports["${path}"] needs "@crochet/source": "./src/….ts" and "default": "./dist/….js"`
      )
    }
    entries[built] = source.replace(/^\.\//, "")
  }
  for (const file of binsOf(manifest)) {
    const built = /^\.\/dist\/(.+)\.js$/.exec(file)?.[1]
    if (built === undefined) throw new Error(`${manifest.name}: bin "${file}" must be "./dist/….js"`)
    entries[built] = `src/${built}.ts`
  }
  for (const [file, source] of Object.entries(manifest.threads ?? {})) {
    const built = /^\.\/dist\/([^/]+)\.js$/.exec(file)?.[1]
    if (built === undefined) throw new Error(`${manifest.name}: threads["${file}"] must be "./dist/….js"`)
    entries[built] = source.replace(/^\.\//, "")
  }
  return entries
}

/** @param {Manifest} manifest */
const binsOf = (manifest) => (typeof manifest.bin === "string" ? [manifest.bin] : Object.values(manifest.bin ?? {}))

/** @param {string} root
 * @param {string} folder
 * @param {string[]} sources */
const writeDeclarations = (root, folder, sources) => {
  const scratch = join(folder, ".turbo")
  mkdirSync(scratch, { recursive: true })
  const config = join(scratch, "tsconfig.build.json")
  writeFileSync(
    config,
    JSON.stringify({
      extends: relative(scratch, join(root, "tsconfig.base.json")),
      compilerOptions: {
        // Other packages are seen as a consumer sees them: through their built declarations.
        customConditions: [],
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: "../src",
        outDir: "../dist"
      },
      files: sources.map((source) => `../${source}`)
    })
  )
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const { status } = spawnSync(process.execPath, [tsc, "--project", config, "--pretty", "false"], { stdio: "inherit" })
  if (status !== 0) throw new Error("tsc could not write the declarations; see above")
  const dist = join(folder, "dist")
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue
    writeFileSync(join(dist, file), rewriteImports(readFileSync(join(dist, file), "utf8")))
  }
}

/** A declaration with its relative imports naming what a consumer has: `.js` beside `.d.ts`, never `.ts`.
 * tsc rewrites them in JavaScript only.
 * @param {string} declaration */
export const rewriteImports = (declaration) => {
  const { program } = parseSync("module.d.ts", declaration)
  /** @type {number[]} */
  const ends = []
  /** @param {{ source?: { value: unknown, end: number } | null }} node */
  const collect = ({ source }) => {
    if (typeof source?.value === "string" && /^\.\.?\/.*(?<!\.d)\.tsx?$/.test(source.value)) ends.push(source.end - 1)
  }
  new Visitor({
    ImportDeclaration: collect,
    ExportNamedDeclaration: collect,
    ExportAllDeclaration: collect,
    TSImportType: collect
  }).visit(program)
  return ends
    .sort((left, right) => right - left)
    .reduce((text, end) => `${text.slice(0, end).replace(/\.tsx?$/, ".js")}${text.slice(end)}`, declaration)
}

/** @param {string} folder */
const buildPackage = async (folder) => {
  const root = fileURLToPath(new URL("..", import.meta.url))
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const entries = Object.entries(entriesOf(manifest)).filter(([, source]) => {
    if (existsSync(join(folder, source))) return true
    console.warn(`${manifest.name}: ${source} is declared in package.json but does not exist, so it is left out`)
    return false
  })
  if (entries.length === 0) throw new Error(`${manifest.name}: package.json declares nothing that can be built`)

  const dist = join(folder, "dist")
  rmSync(dist, { recursive: true, force: true })
  await build({
    config: false,
    entry: Object.fromEntries(entries),
    // Nothing of another package is copied into ours, declared or not; packages:check finds what is not declared.
    skipNodeModulesBundle: true,
    removeNodeProtocol: false,
    format: "esm",
    target: "es2023",
    platform: "node",
    splitting: true,
    sourcemap: true,
    silent: true,
    outDir: dist
  })
  writeDeclarations(
    root,
    folder,
    entries.map(([, source]) => source)
  )

  for (const bin of binsOf(manifest)) {
    const file = join(folder, bin)
    if (!existsSync(file)) continue
    const text = readFileSync(file, "utf8")
    if (!text.startsWith("#!")) {
      writeFileSync(file, `#!/usr/bin/env node\n${text}`)
      const map = JSON.parse(readFileSync(`${file}.map`, "utf8"))
      writeFileSync(`${file}.map`, JSON.stringify({ ...map, mappings: `;${map.mappings}` }))
    }
    chmodSync(file, 0o755)
  }
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await buildPackage(resolve(process.cwd())).catch((/** @type {Error} */ error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
