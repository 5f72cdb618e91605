import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { fencesOf } from "../check-snippets.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** The code blocks of a page. */
export const fencesIn = (page: string) => fencesOf(readFileSync(join(root, page), "utf8"))

/** What the code block of a page exports that exports something of the name, as a reader copies it. */
export const importFence = async (page: string, exported: string): Promise<{ readonly [name: string]: unknown }> => {
  const fence = fencesIn(page).find(({ code }) => code.includes(`export const ${exported} =`))
  if (fence === undefined) throw new Error(`${page} has no code block that exports ${exported}`)
  // Inside of the repository, so that its imports are found.
  const folder = mkdtempSync(join(root, "scripts/test/.fence-"))
  try {
    writeFileSync(join(folder, "code.ts"), fence.code)
    return await import(pathToFileURL(join(folder, "code.ts")).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
