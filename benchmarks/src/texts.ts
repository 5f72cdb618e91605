import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { pagesOf, pageText } from "./GeneratedCompany.ts"

/** Writes what the app answers, a file for each page, on a first day and on a second on which some have another title. */
const [folder, count] = [process.argv[2]!, Number(process.argv[3])]
for (let page = 0; page < pagesOf(count); page++) {
  const text = pageText(page, count)
  writeFileSync(join(folder, `first-${page}.json`), text)
  const later = text.replaceAll(/"jobTitle":"Senior (\w+) 7"/g, '"jobTitle":"Principal $1 7"')
  writeFileSync(join(folder, `second-${page}.json`), later)
}
