import { Connector } from "@crochet/core"
import { connector } from "@crochet/connector-workable"
import { assert, describe, it } from "vitest"
import { breaksBetween, faultsOfSurface, levelForBreaks, surfaceOf, waitingLevel } from "../connector-surface.mjs"

const surface = surfaceOf(connector)
type Surface = typeof surface
const copy = (): Surface => structuredClone(surface)
const jobs = (of: Surface) => of.dataTypes["ats_jobs"]!
const token = (of: Surface) => of.auth["oauth2"]!

const changes: ReadonlyArray<[what: string, change: (of: Surface) => unknown, says: RegExp | null]> = [
  ["nothing", () => undefined, null],
  ["a field is new", (of) => (jobs(of).fields["info.new"] = "text"), null],
  ["an enum gets a word", (of) => (jobs(of).fields["info.status"] += " ZOMBIE"), null],
  ["an optional setting is new", (of) => (of.settings["region"] = "optional"), null],
  ["a scope is no longer asked for", (of) => token(of).scopes!.pop(), null],
  ["a data type is new", (of) => (of.dataTypes["more"] = jobs(of)), null],
  ["a field is gone", (of) => delete jobs(of).fields["info.title"], /ats_jobs: info\.title is gone/],
  [
    "a field has another type",
    (of) => (jobs(of).fields["info.title"] = "integer"),
    /info\.title was text, and is integer/
  ],
  ["an enum loses a word", (of) => (jobs(of).fields["info.status"] = "enum: OPEN"), /info\.status was enum/],
  ["deltas are read another way", (of) => Object.assign(jobs(of), { cursor: "listings" }), /read by listings now/],
  ["single records cannot be read", (of) => Object.assign(jobs(of), { get: false }), /cannot be read any more/],
  ["a filter is gone", (of) => jobs(of).filters.pop(), /the filter state is gone/],
  ["a data type is gone", (of) => delete of.dataTypes["ats_jobs"], /the data type ats_jobs is gone/],
  ["a required setting is new", (of) => (of.settings["region"] = "required"), /the setting region is required now/],
  ["a setting is gone", (of) => delete of.settings["subdomain"], /the setting subdomain is gone/],
  ["a scope is new", (of) => token(of).scopes!.push("w_jobs"), /the scope w_jobs of oauth2 is new/],
  ["a scheme is gone", (of) => delete of.auth["api_token"], /the auth scheme api_token is gone/],
  ["a credential is new", (of) => (of.auth["api_token"]!.fields!["pin"] = "required"), /api_token pin is required now/]
]

describe("the surface of a connector", () => {
  for (const [what, change, says] of changes) {
    it(says === null ? `does not break when ${what}` : `breaks when ${what}`, () => {
      const now = copy()
      change(now)
      const breaks = breaksBetween(surface, now)
      if (says === null) assert.deepStrictEqual(breaks, [])
      else assert.match(breaks.join("\n"), says)
    })
  }

  it("breaks in a minor version before 1.0, and in a major one from then on", () => {
    assert.strictEqual(levelForBreaks("0.9.1"), "minor")
    assert.strictEqual(levelForBreaks("1.0.0"), "major")
  })

  it("knows the highest bump that waits", () => {
    const waiting = ['---\n"@crochet/connector-acme": patch\n---\n', '---\n"@crochet/connector-acme": minor\n---\n']
    assert.strictEqual(waitingLevel(waiting, "@crochet/connector-acme"), "minor")
    assert.isUndefined(waitingLevel(waiting, "@crochet/core"))
  })

  const narrower = Connector.make({ ...connector, resources: connector.resources.slice(1) })
  const given = { name: "@crochet/connector-workable", version: "1.2.0", connector: narrower, released: surface }
  const changeset = (level: string) => [`---\n"@crochet/connector-workable": ${level}\n---\n\nFewer.\n`]
  it("is refused when surface.json is of another connector, with the way to mend it", () => {
    const faults = faultsOfSurface({ ...given, committed: surface, changesets: [] })
    assert.match(faults.join(), /regenerate it by npm run surfaces/)
  })

  it("is refused when it breaks without a changeset that says so", () => {
    const committed = surfaceOf(narrower)
    for (const changesets of [[], changeset("minor")]) {
      assert.match(faultsOfSurface({ ...given, committed, changesets }).join(), /"@crochet\/connector-workable": major/)
    }
    assert.deepStrictEqual(faultsOfSurface({ ...given, committed, changesets: changeset("major") }), [])
    assert.deepStrictEqual(
      faultsOfSurface({ ...given, version: "0.4.0", committed, changesets: changeset("minor") }),
      []
    )
    assert.deepStrictEqual(faultsOfSurface({ ...given, released: undefined, committed, changesets: [] }), [])
  })
})
