import { readdirSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Connector } from "@crochet/core"
import * as Effect from "effect/Effect"

/** Connectors that were found, and packages that could not be used, with the reason. */
export interface Found {
  readonly connectors: ReadonlyArray<Connector.Connector>
  readonly unusable: ReadonlyArray<{ readonly name: string; readonly reason: string }>
}

const isConnector = (value: unknown): value is Connector.Connector =>
  typeof value === "object" &&
  value !== null &&
  "app" in value &&
  typeof value.app === "object" &&
  "auth" in value &&
  Array.isArray(value.auth) &&
  "resources" in value &&
  Array.isArray(value.resources)

const namesFrom = (directory: string): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (let folder = directory; ; folder = dirname(folder)) {
    try {
      for (const name of readdirSync(join(folder, "node_modules", "@crochet"))) {
        if (name.startsWith("connector-")) names.add(`@crochet/${name}`)
      }
    } catch {
      // No packages here: the folder above may have some.
    }
    if (dirname(folder) === folder) return [...names].sort()
  }
}

/** The `@crochet/connector-*` packages that can be imported from the directory, as Node would find them there. */
export const find = Effect.fnUntraced(function* (directory: string): Effect.fn.Return<Found> {
  const require = createRequire(join(directory, "crochet.config.js"))
  const connectors: Array<Connector.Connector> = []
  const unusable: Array<{ name: string; reason: string }> = []
  for (const name of namesFrom(directory)) {
    yield* Effect.matchEffect(
      Effect.tryPromise({
        try: (): Promise<{ readonly [name: string]: unknown }> => import(pathToFileURL(require.resolve(name)).href),
        catch: (error) => (error instanceof Error ? error.message.split("\n", 1)[0]! : String(error))
      }),
      {
        onFailure: (reason) => Effect.sync(() => unusable.push({ name, reason })),
        onSuccess: (module) =>
          Effect.sync(() => {
            const exported = [...new Set(Object.values(module).filter(isConnector))]
            if (exported.length === 0) unusable.push({ name, reason: "It exports no connector." })
            connectors.push(...exported)
          })
      }
    )
  }
  return { connectors, unusable }
})
