import { hash } from "node:crypto"
import { pageText } from "./GeneratedCompany.ts"

/** The limit of any design on this machine: JSON.parse and SHA-256 of each record's text, in one thread. Prints records/s. */
const texts = (JSON.parse(pageText(0, 1000)) as ReadonlyArray<unknown>).map((row) => JSON.stringify(row))
let records = 0
const once = () => {
  for (const text of texts) {
    JSON.parse(text)
    hash("sha256", text, "hex")
  }
  records += texts.length
}
for (let i = 0; i < 20; i++) once()
records = 0
const started = performance.now()
while (performance.now() - started < 2000) once()
console.log((records / (performance.now() - started)) * 1000)
