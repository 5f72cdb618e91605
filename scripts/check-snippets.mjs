// Type-checks the TypeScript in the documentation, so that what a reader copies compiles.
import { spawnSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const pages = ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "{packages,examples}/**/README.md"]

/** @typedef {{ line: number, extension: string, checked: boolean, code: string }} Fence */

/** The TypeScript fences of a page; `line` is that of the opening fence, from 1.
 * @param {string} page
 * @returns {Fence[]} */
export const fencesOf = (page) => {
  /** @type {Fence[]} */
  const fences = []
  /** @type {{ marker: string, indent: number, info: string, line: number, code: string[] } | undefined} */
  let open
  for (const [index, text] of page.split(/\r?\n/).entries()) {
    const [, indent = "", marker, info = ""] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? []
    if (open === undefined) {
      if (marker !== undefined) open = { marker, indent: indent.length, info, line: index + 1, code: [] }
    } else if (marker?.startsWith(open.marker) === true && info === "") {
      const [language = "", ...words] = open.info.split(/\s+/)
      const extension = { ts: "ts", typescript: "ts", tsx: "tsx" }[language]
      if (extension !== undefined) {
        fences.push({ line: open.line, extension, checked: !words.includes("no-check"), code: open.code.join("\n") })
      }
      open = undefined
    } else {
      open.code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)))
    }
  }
  return fences
}

/** The errors of every checked fence as `page:line:column: message`, with what was checked and skipped.
 * @param {string} root where `pages` and `node_modules` are
 * @returns {{ errors: string[], checked: number, skipped: string[] }} */
export const checkSnippets = (root) => {
  const scratch = join(root, ".snippets")
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  /** @type {string[]} */
  const skipped = []
  let checked = 0
  for (const found of globSync(pages, { cwd: root, exclude: ["**/node_modules", "**/dist"] })) {
    const page = found.replaceAll("\\", "/")
    for (const fence of fencesOf(readFileSync(join(root, page), "utf8"))) {
      if (!fence.checked) {
        skipped.push(`${page}:${fence.line}`)
        continue
      }
      checked += 1
      const file = join(scratch, `${page}.${fence.line}.${fence.extension}`)
      mkdirSync(dirname(file), { recursive: true })
      // Empty lines before the code make the compiler's line numbers those of the page.
      writeFileSync(file, `${"\n".repeat(fence.line)}${fence.code}\n`)
    }
  }
  if (checked === 0) return { errors: [], checked, skipped }
  writeFileSync(
    join(scratch, "tsconfig.json"),
    JSON.stringify({
      extends: "../tsconfig.base.json",
      compilerOptions: { moduleDetection: "force", jsx: "preserve", noUnusedLocals: false, noUnusedParameters: false },
      include: ["**/*.ts", "**/*.tsx"]
    })
  )
  const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc")
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", scratch, "--pretty", "false"], {
    cwd: root,
    encoding: "utf8"
  })
  if (status === 0) return { errors: [], checked, skipped }
  const errors = `${stdout}${stderr}`
    .trim()
    .split("\n")
    .map((line) => line.replace(/^\.snippets\/(.+\.md)\.\d+\.tsx?\((\d+),(\d+)\)/, "$1:$2:$3"))
  return { errors, checked, skipped }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { checked, errors, skipped } = checkSnippets(fileURLToPath(new URL("..", import.meta.url)))
  for (const error of errors) console.error(error)
  console.log(`${checked} snippet(s) checked, ${skipped.length} skipped by "no-check"`)
  for (const fence of skipped) console.log(`  skipped: ${fence}`)
  process.exitCode = errors.length > 0 ? 1 : 0
}
