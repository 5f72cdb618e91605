import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Connector } from "@crochet/core"

const folder = join(import.meta.dirname, "../../packages/connectors")

/** Names of all connector packages of this repository, in order: who adds one is measured without a word here. */
export const packages: ReadonlyArray<string> = readdirSync(folder)
  .map((name) => join(folder, name, "package.json"))
  .flatMap((path) => {
    try {
      return [(JSON.parse(readFileSync(path, "utf8")) as { readonly name: string }).name]
    } catch {
      // A folder that only a build left behind.
      return []
    }
  })
  .sort()

/** The connector that a package exports. */
export const load = async (name: string): Promise<Connector.Connector> => {
  const exported: ReadonlyArray<unknown> = Object.values(await import(name))
  const found = exported.find(
    (value): value is Connector.Connector => typeof value === "object" && value !== null && "resources" in value
  )
  if (found === undefined) throw new Error(`${name} exports no connector`)
  return found
}
