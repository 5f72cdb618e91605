import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const dotted = '"((?:[a-z_]+\\.)+[a-z_]+)"'

/** Where sources put a code: after `code:`, as first argument of what makes a refusal, in the tables of codes. */
const places: ReadonlyArray<readonly [pattern: RegExp, code: (found: string) => string]> = [
  [new RegExp(`\\b(?:unprocessable|RunFailure\\.of|conflict|fault|refusal)\\(\\s*${dotted}`, "g"), (code) => code],
  [new RegExp(`\\bissue\\(\\s*session,\\s*${dotted}`, "g"), (code) => code],
  [new RegExp(`^\\s+[A-Z]\\w+: ${dotted},?$`, "gm"), (code) => code],
  [/\bnotFound\(\s*"([a-z_]+)"/g, (what) => `${what}.not_found`]
]

const codesOf = (text: string): ReadonlyArray<string> => {
  const found = places.flatMap(([pattern, code]) => [...text.matchAll(pattern)].map((match) => code(match[1]!)))
  for (const [line] of text.matchAll(/\bcode:.*$/gm)) {
    for (const match of line.matchAll(new RegExp(dotted, "g"))) found.push(match[1]!)
  }
  for (const match of text.matchAll(/`integration\.invalid_\$\{form\}`/g)) {
    if (match.index > 0) found.push("integration.invalid_settings", "integration.invalid_credentials")
  }
  return found
}

const sources = globSync("packages/{core,runtime-node,connectors/*}/src/**/*.ts", { cwd: root })
const used = new Set(
  sources
    .filter((file) => !file.includes("testing"))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8")
      const ofTable =
        file.endsWith("ErrorCodes.ts") || file.endsWith("SkipReason.ts")
          ? [...text.matchAll(/^\s+"?([a-z_.]+)"?: "/gm)].map((match) => match[1]!)
          : []
      return [...codesOf(text), ...ofTable]
    })
)
const page = readFileSync(join(root, "docs/errors.md"), "utf8")
const described = new Set([...page.matchAll(/^\| `([a-z_.]+)` \|/gm)].map((match) => match[1]!))

describe("docs/errors.md", () => {
  it("reads codes where sources write them", () => {
    assert.includeMembers(
      [...used],
      [
        "integration.not_found",
        "integration.invalid_settings",
        "auth.invalid_credentials",
        "store.unavailable",
        "listing.incomplete",
        "deletions.skipped",
        "request.invalid_json",
        "internal"
      ]
    )
  })

  it("describes every code that the sources can say", () => {
    assert.deepStrictEqual([...used].filter((code) => !described.has(code)).sort(), [])
  })

  it("describes none that they cannot say", () => {
    assert.deepStrictEqual([...described].filter((code) => !used.has(code)).sort(), [])
  })
})
