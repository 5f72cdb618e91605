// Packs every package that is published and uses it as a stranger would: without our sources, our export condition or
// anything that its package.json does not name.
import { spawnSync } from "node:child_process"
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { rewriteImports } from "./build-package.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const consumer = mkdtempSync(join(tmpdir(), "crochet-packed-"))
/** @type {string[]} */
const problems = []

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"))
/** @param {string} command
 * @param {string[]} args
 * @param {string} cwd */
const run = (command, args, cwd) =>
  spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" })
/** @param {string} name
 * @param {string} target
 * @param {string} modules */
const link = (name, target, modules) => {
  if (!existsSync(target)) return
  mkdirSync(dirname(join(modules, name)), { recursive: true })
  symlinkSync(target, join(modules, name), "junction")
}

/** @param {string} folder
 * @returns {Promise<string[]>} the specifiers that the package offers */
const unpack = async (folder) => {
  const manifest = readJson(join(folder, "package.json"))
  const { name } = manifest
  const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", consumer], folder)
  if (packed.status !== 0) {
    problems.push(`${name}: npm pack failed: ${packed.stderr}`)
    return []
  }
  /** @type {{ filename: string }[]} */
  const tarballs = Object.values(JSON.parse(packed.stdout))
  const installed = join(consumer, "node_modules", name)
  mkdirSync(installed, { recursive: true })
  run("tar", ["-xzf", join(consumer, tarballs[0]?.filename ?? ""), "-C", installed, "--strip-components=1"], consumer)

  for (const file of ["README.md", "LICENSE"]) {
    if (!existsSync(join(installed, file))) problems.push(`${name}: ${file} is not in the tarball`)
  }
  /** @type {[string, string][]} */
  const bins = Object.entries(typeof manifest.bin === "string" ? { [name]: manifest.bin } : (manifest.bin ?? {}))
  for (const [bin, path] of bins) {
    const file = join(installed, path)
    // publint says so when the file is missing.
    if (!existsSync(file)) continue
    if (!readFileSync(file, "utf8").startsWith("#!/usr/bin/env node\n")) problems.push(`${name}: ${bin} has no shebang`)
    if (process.platform !== "win32" && (statSync(file).mode & 0o111) === 0) {
      problems.push(`${name}: ${bin} cannot be executed`)
    }
  }
  for (const file of globSync("dist/**/*.d.ts", { cwd: installed })) {
    const text = readFileSync(join(installed, file), "utf8")
    if (rewriteImports(text) !== text) problems.push(`${name}: ${file} imports a .ts file, which is not in the tarball`)
  }
  const { messages } = await publint({ pkgDir: installed, pack: false, level: "warning" })
  for (const message of messages) {
    // The sources stay at home: the condition for them is ours alone.
    if (message.path?.includes("@crochet/source")) continue
    problems.push(`${name}: ${formatMessage(message, manifest)}`)
  }

  // Each package sees what it names, so that an import of anything else fails here as it would for a stranger.
  const modules = join(installed, "node_modules")
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (!dependency.startsWith("@crochet/")) link(dependency, join(root, "node_modules", dependency), modules)
  }
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === "object")
    .map(([path]) => name + path.slice(1))
}

try {
  /** @type {string[]} */
  const workspaces = readJson(join(root, "package.json")).workspaces
  const folders = workspaces
    .flatMap((workspace) => globSync(`${workspace}/package.json`, { cwd: root }))
    .map((file) => join(root, dirname(file)))
    .filter((folder) => readJson(join(folder, "package.json")).private !== true)
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ type: "module", private: true }))
  const specifiers = (await Promise.all(folders.map(unpack))).flat()

  // A file, because libraries that look for their program's path find none under `node -e`.
  writeFileSync(join(consumer, "import.mjs"), "await import(process.argv[2])\n")
  for (const specifier of specifiers) {
    const { status, stderr } = run(process.execPath, ["import.mjs", specifier], consumer)
    const reason = stderr.split("\n").find((line) => /Error/.test(line)) ?? stderr
    if (status !== 0) problems.push(`import "${specifier}": ${reason}`)
  }

  link("@types/node", join(root, "node_modules/@types/node"), join(consumer, "node_modules"))
  writeFileSync(
    join(consumer, "consumer.ts"),
    specifiers.map((specifier, index) => `export * as m${index} from "${specifier}"\n`).join("")
  )
  writeFileSync(
    join(consumer, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { module: "NodeNext", target: "ES2023", strict: true, noEmit: true, types: ["node"] },
      files: ["consumer.ts"]
    })
  )
  const tsc = run(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", consumer, "--pretty", "false"],
    consumer
  )
  // Declarations of other people's packages are not ours to judge.
  const errors = tsc.stdout
    .split("\n")
    .filter(
      (line) =>
        /^(consumer\.ts|node_modules\/@crochet\/[^(]*\.d\.ts)\(/.test(line) &&
        !/\/node_modules\/(?!@crochet\/)/.test(line)
    )
  problems.push(...errors)

  for (const problem of problems) console.error(problem)
  console.log(
    `${folders.length} package(s) packed, ${specifiers.length} entries imported, ${problems.length} problem(s)`
  )
  process.exitCode = problems.length > 0 || specifiers.length === 0 ? 1 : 0
} finally {
  rmSync(consumer, { recursive: true, force: true })
}
