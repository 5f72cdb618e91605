// The reference of the data types in docs/models, a page a category, made from the types' own schemas.
// `npm run docs:models` writes the pages; with --check they are only compared, which `npm run docs:check` does.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { ModelJsonSchema } from "@crochet/core"
import * as Models from "@crochet/models"

/** @typedef {import("@crochet/core").DataType.DataType} DataType */
/** @typedef {import("@crochet/core").DataType.Model} Model */
/** @typedef {import("@crochet/core").ModelJsonSchema.JsonSchema} JsonSchema */
/** @typedef {{ path: string, type: string, notes: string, sensitivity: string }} Row */

/** @type {Record<string, string>} */
const titles = { HRIS: "HR systems", ATS: "Recruiting", CRM: "CRM", ACCOUNTING: "Accounting" }
const made = "<!-- Made by `npm run docs:models` from packages/models: change the schemas, not this page. -->"

/** Data types among the exports of a module, by id. What a namespace exports counts too.
 * @param {object} module
 * @returns {ReadonlyArray<DataType>} */
export const dataTypesOf = (module) => {
  /** @type {Map<string, DataType>} */
  const found = new Map()
  const exported = Object.values(module).flatMap((value) =>
    typeof value === "object" && value !== null && !isDataType(value) ? [value, ...Object.values(value)] : [value]
  )
  for (const value of exported) {
    if (!isDataType(value)) continue
    const other = found.get(value.id)
    if (other !== undefined && other !== value) throw new Error(`Two data types have the id ${value.id}`)
    found.set(value.id, value)
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** @param {unknown} value @returns {value is DataType} */
const isDataType = (value) =>
  typeof value === "object" && value !== null && "models" in value && "identifiers" in value && "category" in value

/** Every page by its file name.
 * @param {ReadonlyArray<DataType>} dataTypes
 * @returns {ReadonlyMap<string, string>} */
export const pagesOf = (dataTypes) => {
  const categories = Object.keys(titles).filter((category) => dataTypes.some((one) => one.category === category))
  const pages = new Map([["README.md", indexOf(categories, dataTypes)]])
  for (const category of categories) {
    const own = dataTypes.filter((one) => one.category === category)
    pages.set(`${category.toLowerCase()}.md`, pageOf(category, own))
  }
  return pages
}

/** @param {ReadonlyArray<string>} categories @param {ReadonlyArray<DataType>} dataTypes */
const indexOf = (categories, dataTypes) => `${made}

# Data types

| category | data types |
|---|---|
${categories
  .map((category) => {
    const own = dataTypes.filter((one) => one.category === category)
    const links = own.map(({ id }) => `[\`${id}\`](${category.toLowerCase()}.md#${anchorOf(id)})`)
    return `| [${titles[category]}](${category.toLowerCase()}.md) | ${links.join(", ")} |`
  })
  .join("\n")}

What an event carries: under each event key every field of the model, in the order of its table. Null means that the app says nothing; every enum also has \`NOT_SPECIFIED\`, for that and for words that have no counterpart. A model may be null as a whole. Ids are the app's own, amounts are in major units, times are UTC with milliseconds. Which of it an app has: \`capabilities.list\`.

A path such as \`[].manager.id\` reads: in every item of the list, of its \`manager\`, the \`id\`. Sensitivity, from harmless to harmful: \`none\`, \`personal\`, \`financial\`, \`special\` (GDPR article 9), \`government_id\`; field scopes, logs and masking read it.

The same as JSON Schema (draft 2020-12), for validators and code generators: \`ModelJsonSchema.ofDataType(Employee)\` and \`ofModel\` of \`@crochet/core\`.
`

/** @param {string} category @param {ReadonlyArray<DataType>} dataTypes */
const pageOf = (category, dataTypes) => `${made}

# ${titles[category]}: data types

${dataTypes.map(({ id, title }) => `- [\`${id}\`](#${anchorOf(id)}) ${title}`).join("\n")}

How to read the tables: [Data types](README.md).

${dataTypes.map(sectionOf).join("\n")}`

/** @param {DataType} dataType */
const sectionOf = (dataType) => {
  const models = Object.entries(dataType.models)
  return `## \`${dataType.id}\`

${dataType.title}. The \`eventData\` of \`record.deleted\` has ${Object.keys(dataType.identifiers("", {}))
    .map((key) => `\`${key}\``)
    .join(", ")} and the reason.

| model id | event key | holds |
|---|---|---|
${models.map(([key, model]) => `| \`${model.id}\` | \`${key}\` | ${holds(model)} |`).join("\n")}

${models.map(([key, model]) => modelOf(key, model)).join("\n")}`
}

/** @param {Model} model */
const holds = (model) =>
  cell(
    [
      model.description ?? model.title,
      ...(model.byDefault ? [] : ["**Only sent to who subscribes to it by id.**"])
    ].join(" ")
  )

/** @param {string} key @param {Model} model */
const modelOf = (key, model) => {
  const schema = ModelJsonSchema.ofModel(model)
  const rows = rowsOf(schema, "")
  const table = rows.map(
    ({ notes, path, sensitivity, type }) =>
      `| \`${path === "" ? "*" : path}\` | ${cell(type)} | ${cell(notes)} | ${sensitivity} |`
  )
  return `### \`${key}\` (\`${model.id}\`)

${schema.type === "array" ? "A list.\n\n" : ""}| field | type | values | sensitivity |
|---|---|---|---|
${table.join("\n")}
`
}

/** Every value that a model can hold, and what it may be.
 * @param {JsonSchema} node
 * @param {string} path
 * @returns {ReadonlyArray<Row>} */
export const rowsOf = (node, path) => {
  const inner = withoutNull(node)
  const description = node.description ?? inner.description
  if (inner.properties !== undefined) {
    return Object.entries(inner.properties).flatMap(([name, field]) =>
      rowsOf(field, path === "" ? name : `${path}.${name}`)
    )
  }
  if (inner.items !== undefined) {
    const item = withoutNull(inner.items)
    if (item.properties !== undefined || item.items !== undefined) return rowsOf(inner.items, `${path}[]`)
    const listed = typeOf(item)
    return [
      {
        path,
        type: `list of ${listed.type}`,
        notes: [listed.notes, description ?? ""].filter((text) => text !== "").join(". "),
        sensitivity: inner.items.sensitivity ?? inner.sensitivity ?? "none"
      }
    ]
  }
  const { notes, type } = typeOf(inner)
  return [
    {
      path,
      type,
      notes: [notes, description ?? ""].filter((text) => text !== "").join(". "),
      sensitivity: node.sensitivity ?? "none"
    }
  ]
}

/** What a value is when it is not null.
 * @param {JsonSchema} node
 * @returns {JsonSchema} */
const withoutNull = (node) => {
  const [only, ...more] = (node.anyOf ?? []).filter((one) => one.type !== "null")
  return only === undefined || more.length > 0 ? node : only
}

/** @param {JsonSchema} node @returns {{ type: string, notes: string }} */
const typeOf = (node) => {
  const members = node.enum?.filter((value) => value !== "NOT_SPECIFIED")
  if (members?.join() === "TRUE,FALSE") return { type: "flag", notes: "`TRUE`, `FALSE`" }
  if (members !== undefined) return { type: "enum", notes: members.map((value) => `\`${value}\``).join(", ") }
  if (node.format !== undefined) return { type: node.format, notes: "" }
  /** @type {Record<string, string>} */
  const words = { string: "text", object: "map" }
  return { type: node.type === undefined ? "any JSON" : (words[node.type] ?? node.type), notes: "" }
}

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** The anchor that a heading with this text in code font gets.
 * @param {string} text */
const anchorOf = (text) => text.toLowerCase()

/** Where the committed pages differ from what they should be.
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} pages
 * @returns {ReadonlyArray<string>} */
export const staleIn = (folder, pages) => {
  const present = new Set(filesOf(folder))
  return [...new Set([...present, ...pages.keys()])]
    .filter((name) => !present.has(name) || readFileSync(join(folder, name), "utf8") !== pages.get(name))
    .sort()
}

/** @param {string} folder */
const filesOf = (folder) => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = fileURLToPath(new URL("../docs/models", import.meta.url))
  const pages = pagesOf(dataTypesOf(Models))
  const stale = staleIn(folder, pages)
  if (process.argv.includes("--check")) {
    for (const name of stale) console.error(`docs/models/${name} is not what the models say: run npm run docs:models`)
    console.log(`${pages.size - stale.length} page(s) of docs/models are as the models say`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    mkdirSync(folder, { recursive: true })
    for (const name of filesOf(folder)) if (!pages.has(name)) rmSync(join(folder, name))
    for (const [name, text] of pages) writeFileSync(join(folder, name), text)
    console.log(stale.length === 0 ? "docs/models was up to date" : `written: ${stale.join(", ")}`)
  }
}
