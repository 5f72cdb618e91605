// What hosts rely on of a connector, as data: `surface.json` beside its package.json, and `surface.released.json` as the
// last published version had it. `npm run surfaces` writes the first; `npm run version` keeps a copy as the second.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { ModelJsonSchema } from "@crochet/core"
import { rowsOf } from "./models-reference.mjs"

/** @typedef {import("@crochet/core").Connector.Connector} Connector */
/** @typedef {{ kind: string, scopes?: string[], fields?: Record<string, string> }} Scheme */
/** @typedef {{ cursor: string, get: boolean, filters: string[], fields: Record<string, string> }} Kind
 * `fields`: type by `model.path`, of what is SUPPORTED. */
/** @typedef {{ app: string, settings: Record<string, string>, auth: Record<string, Scheme>, dataTypes: Record<string, Kind> }} Surface
 * Settings and credentials: `required`, or `optional`. */
/** @typedef {"major" | "minor" | "patch"} Level */

/** @param {ReadonlyArray<{ key: string, required?: boolean, default?: string }>} inputs */
const inputsOf = (inputs) =>
  Object.fromEntries(
    inputs.map((input) => [
      input.key,
      input.required === false || input.default !== undefined ? "optional" : "required"
    ])
  )

/** Where a type ends that enums have: their words, sorted, so that a new one shows.
 * @param {{ type: string, notes: string }} row */
const typeOf = ({ notes, type }) =>
  type === "enum" || type === "list of enum"
    ? `${type}: ${[...notes.matchAll(/`([^`]+)`/g)]
        .map(([, word]) => word)
        .sort()
        .join(" ")}`
    : type

/** The surface of a connector as it is.
 * @param {Connector} connector
 * @returns {Surface} */
export const surfaceOf = (connector) => ({
  app: connector.app.id,
  settings: inputsOf(connector.settings),
  auth: Object.fromEntries(
    connector.auth.map((scheme) => [
      scheme.id,
      scheme.kind === "oauth2"
        ? { kind: scheme.grant, scopes: [...scheme.scopes].sort() }
        : scheme.kind === "key"
          ? { kind: "key", fields: inputsOf(scheme.fields) }
          : { kind: scheme.kind }
    ])
  ),
  dataTypes: Object.fromEntries(
    connector.resources.map(({ changes, dataType, filters, get, support }) => [
      dataType.id,
      {
        cursor: changes === undefined ? "listings" : "changes",
        get: get !== undefined,
        filters: (filters ?? []).map(({ id }) => id).sort(),
        fields: Object.fromEntries(
          Object.entries(dataType.models).flatMap(([key, model]) => {
            const said = support[key]
            if (said?.support !== "SUPPORTED") return []
            return rowsOf(ModelJsonSchema.ofModel(model), "")
              .filter(({ path }) => (said.fields?.[path.split(/[.[]/)[0] ?? ""] ?? "SUPPORTED") === "SUPPORTED")
              .map((row) => [row.path === "" ? key : `${key}.${row.path}`, typeOf(row)])
          })
        )
      }
    ])
  )
})

/** What a host that relied on the old surface would notice, each in a sentence.
 * @param {Surface} old @param {Surface} now
 * @returns {string[]} */
export const breaksBetween = (old, now) => {
  /** @type {string[]} */
  const breaks = []
  /** @param {Record<string, string>} before @param {Record<string, string>} after @param {string} what */
  const inputs = (before, after, what) => {
    for (const [key, need] of Object.entries(after)) {
      if (need === "required" && before[key] !== "required") breaks.push(`${what} ${key} is required now`)
    }
    for (const key of Object.keys(before)) if (after[key] === undefined) breaks.push(`${what} ${key} is gone`)
  }
  if (old.app !== now.app) breaks.push(`the app's id was ${old.app}`)
  inputs(old.settings, now.settings, "the setting")
  for (const [id, scheme] of Object.entries(old.auth)) {
    const same = now.auth[id]
    if (same === undefined || same.kind !== scheme.kind) {
      breaks.push(`the auth scheme ${id} is ${same === undefined ? "gone" : `${same.kind} now`}`)
      continue
    }
    inputs(scheme.fields ?? {}, same.fields ?? {}, `the credential of ${id}`)
    for (const scope of same.scopes ?? []) {
      if (!scheme.scopes?.includes(scope))
        breaks.push(`the scope ${scope} of ${id} is new: accounts must consent again`)
    }
  }
  for (const [id, kind] of Object.entries(old.dataTypes)) {
    const same = now.dataTypes[id]
    if (same === undefined) {
      breaks.push(`the data type ${id} is gone`)
      continue
    }
    if (kind.cursor !== same.cursor) breaks.push(`${id}: deltas are read by ${same.cursor} now`)
    if (kind.get && !same.get) breaks.push(`${id}: single records cannot be read any more`)
    for (const filter of kind.filters)
      if (!same.filters.includes(filter)) breaks.push(`${id}: the filter ${filter} is gone`)
    for (const [path, type] of Object.entries(kind.fields)) {
      const given = same.fields[path]
      if (given === undefined) breaks.push(`${id}: ${path} is gone`)
      else if (!widens(type, given)) breaks.push(`${id}: ${path} was ${type}, and is ${given}`)
    }
  }
  return breaks
}

/** An enum may get words, as hosts were told to expect; every other change of a type breaks.
 * @param {string} before @param {string} after */
const widens = (before, after) => {
  const [kind, words] = before.split(": ")
  const [sameKind, more] = after.split(": ")
  if (kind !== sameKind) return false
  const known = new Set(more?.split(" "))
  return words === undefined ? more === undefined : words.split(" ").every((word) => known.has(word))
}

/** The least bump that a break needs: before 1.0.0 a minor may break (semver.org, 4).
 * @param {string} version
 * @returns {Level} */
export const levelForBreaks = (version) => (version.startsWith("0.") ? "minor" : "major")

/** The highest bump that waiting changesets give a package.
 * @param {readonly string[]} changesets @param {string} name
 * @returns {Level | undefined} */
export const waitingLevel = (changesets, name) => {
  const given = changesets.flatMap((text) =>
    [...text.matchAll(/^["']?(@?[\w/-]+)["']?: (major|minor|patch)$/gm)].flatMap(([, found, level]) =>
      found === name ? [level] : []
    )
  )
  return /** @type {const} */ (["major", "minor", "patch"]).find((level) => given.includes(level))
}

/** What is wrong with a connector's surface files; of those that are not there, `undefined`.
 * @param {object} given
 * @param {Connector} given.connector
 * @param {string} given.name
 * @param {string} given.version
 * @param {Surface | undefined} given.committed
 * @param {Surface | undefined} given.released
 * @param {readonly string[]} given.changesets
 * @returns {string[]} */
export const faultsOfSurface = ({ changesets, committed, connector, name, released, version }) => {
  const now = surfaceOf(connector)
  if (JSON.stringify(committed) !== JSON.stringify(now)) {
    return ["surface.json is not what the connector is: regenerate it by npm run surfaces"]
  }
  const breaks = released === undefined ? [] : breaksBetween(released, now)
  if (breaks.length === 0) return []
  const needed = levelForBreaks(version)
  const level = waitingLevel(changesets, name)
  if (level === "major" || level === needed) return []
  return breaks.map((text) => `${text}: write a changeset that says "${name}": ${needed}`)
}

/** @param {string} file @returns {Surface | undefined} */
export const readSurface = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined)

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = fileURLToPath(new URL("..", import.meta.url))
  const released = process.argv.includes("--released")
  for (const manifest of globSync("{packages/connectors/*,examples/connector-*}/package.json", { cwd: root })) {
    const folder = join(root, dirname(manifest))
    const exported = await import(pathToFileURL(join(folder, "src/index.ts")).href)
    const connector = Object.values(exported).find((value) => typeof value === "object" && "resources" in value)
    const text = `${JSON.stringify(surfaceOf(connector), null, 2)}\n`
    writeFileSync(join(folder, "surface.json"), text)
    if (released && JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).private !== true) {
      writeFileSync(join(folder, "surface.released.json"), text)
    }
  }
}
