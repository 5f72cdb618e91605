import { pagesOf, pageText } from "./GeneratedCompany.ts"

/** Prints how many milliseconds it takes to make the texts of all pages, once the code is warm. */
const count = Number(process.argv[2])
const once = () => {
  for (let page = 0; page < pagesOf(count); page++) pageText(page, count)
}
once()
const started = performance.now()
once()
console.log(performance.now() - started)
