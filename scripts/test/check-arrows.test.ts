import { assert, describe, it } from "vitest"
import { breaches, type Packages } from "../check-arrows.mjs"

const manifest = (name: string, dependencies: ReadonlyArray<string> = [], paths: ReadonlyArray<string> = []) => ({
  name,
  exports: Object.fromEntries([".", ...paths].map((path) => [path, {}])),
  dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "*"])),
  peerDependencies: { effect: "*" }
})

const packages: Packages = {
  "packages/core": manifest("@crochet/core", ["pg", "@noble/hashes", "@noble/curves"], ["./testing"]),
  "packages/models": manifest("@crochet/models", ["@crochet/core", "@noble/hashes"]),
  "packages/connectors/one": manifest("@crochet/connector-one", ["@crochet/core", "@crochet/models"]),
  "packages/connectors/two": manifest("@crochet/connector-two"),
  "packages/runtime-node": manifest("@crochet/runtime-node", ["@crochet/core", "undici", "@effect/platform-node"]),
  "packages/simulators": manifest("@crochet/simulators", ["@crochet/core"]),
  "packages/client": { name: "@crochet/client", exports: { ".": {} } }
}

const bad: ReadonlyArray<[rule: string, path: string, text: string, expected: RegExp]> = [
  [
    "core imports nothing of ours",
    "packages/core/src/A.ts",
    `import "@crochet/models"`,
    /must not import @crochet\/models/
  ],
  [
    "models do not know connectors",
    "packages/models/src/A.ts",
    `export * from "@crochet/connector-one"`,
    /must not import/
  ],
  [
    "connectors do not know each other",
    "packages/connectors/one/src/A.ts",
    `import type { X } from "@crochet/connector-two"`,
    /must not import/
  ],
  [
    "connectors do not know the runtime",
    "packages/connectors/one/src/A.ts",
    `const a = import("@crochet/runtime-node")`,
    /must not import/
  ],
  [
    "the runtime does not know connectors",
    "packages/runtime-node/src/A.ts",
    `export type A = import("@crochet/connector-one").A`,
    /must not import/
  ],
  [
    "simulators import nothing of ours",
    "packages/simulators/src/A.ts",
    `import { a } from "@crochet/core"`,
    /must not import @crochet\/core/
  ],
  ["the client imports nothing of ours", "packages/client/src/A.ts", `import "@crochet/core"`, /must not import/],
  ["nor effect", "packages/client/src/A.ts", `import "effect"`, /not a dependency/],
  ["nor Node", "packages/client/src/A.ts", `import "node:crypto"`, /runs anywhere/],
  ["no Node in core", "packages/core/src/A.ts", `import { readFileSync } from "node:fs"`, /runs anywhere/],
  ["no Node in core, without the prefix", "packages/core/src/A.ts", `import { join } from "path"`, /runs anywhere/],
  ["no other library in core", "packages/core/src/A.ts", `import pg from "pg"`, /depends on effect alone/],
  ["no noble in models", "packages/models/src/A.ts", `import "@noble/hashes/sha2.js"`, /depends on effect alone/],
  ["nothing undeclared", "packages/models/src/A.ts", `import _ from "lodash"`, /not a dependency/],
  [
    "no relative way into another package",
    "packages/models/src/A.ts",
    `import "../../core/src/Diff.ts"`,
    /another package/
  ],
  ["nor from a test", "packages/connectors/one/test/A.test.ts", `import "../../two/src/index.ts"`, /another package/],
  [
    "no path that is not exported",
    "packages/models/test/A.test.ts",
    `import "@crochet/core/src/Diff.ts"`,
    /not in the exports/
  ],
  ["no vague file name", "packages/core/src/diff/utils.ts", "export {}", /says nothing/],
  ["no vague test file name", "packages/core/test/helpers.ts", "export {}", /says nothing/],
  [
    "no fetch",
    "packages/connectors/one/src/A.ts",
    `export const a = () => fetch("http://x")`,
    /connections go out only/
  ],
  [
    "no fetch by the global object",
    "packages/core/src/A.ts",
    `export const a = globalThis.fetch`,
    /connections go out only/
  ],
  [
    "no fetch layer",
    "packages/runtime-node/src/A.ts",
    `import * as F from "effect/http/FetchHttpClient"`,
    /connections go out only/
  ],
  [
    "no Node client",
    "packages/runtime-node/src/A.ts",
    `import { NodeHttpClient } from "@effect/platform-node"`,
    /connections go out only/
  ],
  ["no undici", "packages/runtime-node/src/A.ts", `import { Agent } from "undici"`, /connections go out only/],
  [
    "no http.request",
    "packages/runtime-node/src/A.ts",
    `import * as http from "node:http"\nhttp.request("x")`,
    /^2: http\.request/
  ],
  [
    "no named https.get",
    "packages/runtime-node/src/A.ts",
    `import { get } from "node:https"`,
    /connections go out only/
  ],
  ["no net.connect", "packages/runtime-node/src/A.ts", `import net from "net"\nnet.connect(1)`, /^2: net\.connect/],
  ["no WebSocket", "packages/connectors/one/src/A.ts", `new WebSocket("wss://x")`, /connections go out only/]
]

const good: ReadonlyArray<[what: string, path: string, text: string]> = [
  ["effect in core", "packages/core/src/A.ts", `import * as Effect from "effect/Effect"`],
  ["Ed25519 in core", "packages/core/src/A.ts", `import { ed25519 } from "@noble/curves/ed25519.js"`],
  ["noble in core", "packages/core/src/A.ts", `import { sha256 } from "@noble/hashes/sha2.js"`],
  [
    "a setting of the fetch layer",
    "packages/core/src/A.ts",
    `import { RequestInit } from "effect/http/FetchHttpClient"`
  ],
  [
    "core and models in a connector",
    "packages/connectors/one/src/A.ts",
    `import "@crochet/core"\nimport "@crochet/models"`
  ],
  ["an exported path", "packages/connectors/one/test/A.test.ts", `import "@crochet/core/testing"`],
  ["a neighbour", "packages/core/src/diff/A.ts", `import "../B.ts"`],
  [
    "fetch in words, strings and methods",
    "packages/core/src/A.ts",
    `// fetch("x")\nexport const a = (b) => b.fetch("fetch('x')")`
  ],
  ["a server", "packages/runtime-node/src/A.ts", `import * as http from "node:http"\nhttp.createServer()`],
  ["undici in the egress", "packages/runtime-node/src/egress/A.ts", `import { request } from "undici"\nrequest("x")`],
  ["fetch in a test", "packages/runtime-node/test/A.test.ts", `await fetch("http://127.0.0.1")`]
]

describe("check-arrows", () => {
  it.each(bad)("%s", (_, path, text, expected) => {
    const found = breaches(path, text, packages)
    assert.lengthOf(found, 1)
    assert.match(found[0] ?? "", expected)
  })

  it.each(good)("lets pass %s", (_, path, text) => {
    assert.deepStrictEqual(breaches(path, text, packages), [])
  })
})
