import { hash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { pagesOf } from "./GeneratedCompany.ts"

/**
 * The limit of any design on this machine: JSON.parse and SHA-256 of the same texts, page by page, read from the same
 * files, in one thread. Prints records/s of the second of two passes.
 */
const [folder, count] = [process.argv[2]!, Number(process.argv[3])]
const pass = () => {
  const started = performance.now()
  let records = 0
  for (let page = 0; page < pagesOf(count); page++) {
    const text = readFileSync(join(folder, `first-${page}.json`), "utf8")
    records += (JSON.parse(text) as ReadonlyArray<unknown>).length
    hash("sha256", text, "hex")
  }
  return (records / (performance.now() - started)) * 1000
}
pass()
console.log(pass())
