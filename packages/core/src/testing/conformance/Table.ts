/** Where one of the 62 checks is made. */
export interface Entry {
  readonly number: number
  readonly what: string
  /** Titles of the kit's checks; empty when it is made elsewhere. */
  readonly kit: ReadonlyArray<string>
  /** A test file and a part of its text that names the test. */
  readonly elsewhere?: { readonly file: string; readonly text: string }
  /** Why nobody makes it, or what of it is not made. */
  readonly not?: string
}

const engine = "packages/core/test/engine/RunEngine.test.ts"

/** The checks that are made outside of the kit, or not at all, by number. */
export const elsewhere: { readonly [number: number]: Pick<Entry, "elsewhere" | "not"> } = {
  11: {
    elsewhere: { file: "scripts/check-connectors.mjs", text: 'write "sideEffects": []' },
    not: "that an import does nothing is declared by each package; the kit is given the imported value"
  },
  12: {
    elsewhere: { file: "scripts/test/connector-surface.test.ts", text: "breaks without a changeset that says so" },
    not: "which ids recordId gives is code; surface.json says what can be read off the declaration"
  },
  20: { elsewhere: { file: "packages/core/test/model/Field.test.ts", text: "strips what it does not declare" } },
  26: { elsewhere: { file: "packages/core/test/model/Field.test.ts", text: "absent, undefined and null come out as" } },
  27: { elsewhere: { file: "packages/models/test/mapping/Dates.test.ts", text: "Dates" } },
  28: { elsewhere: { file: "packages/models/test/mapping/Money.test.ts", text: "keeps cents exactly" } },
  29: {
    elsewhere: {
      file: "packages/core/test/provider/Paginator.test.ts",
      text: "asks for a page only when it is wanted"
    },
    not: "memory itself is measured in benchmarks/, not in tests"
  },
  52: { elsewhere: { file: engine, text: "holds deletions that look like a mistake until a second listing agrees" } },
  53: { elsewhere: { file: engine, text: "brings back who reappears, as new" } },
  54: {
    not: "the contract has no partitions: a listing that is made of several fails as a whole when one does, and deletes nobody; checks 44 to 46 see that at each request"
  },
  56: { elsewhere: { file: "packages/core/test/provider/Answers.test.ts", text: "idempotent" } },
  58: { elsewhere: { file: "packages/core/test/simulation/Simulation.test.ts", text: "no invariant is violated" } },
  59: {
    elsewhere: {
      file: "packages/core/test/delivery/Dispatcher.test.ts",
      text: "keeps the order of one record across retries, while other records flow"
    }
  },
  61: { elsewhere: { file: "packages/core/test/cassette/Recording.test.ts", text: "has no value of anybody" } },
  62: {
    elsewhere: { file: "packages/core/test/cassette/Recording.test.ts", text: "sees what the app has changed" },
    not: "it needs a live account: LiveDrift.suite runs where one is given"
  }
}

const words: ReadonlyArray<string> = [
  "manifest sound",
  "unique stream and field names",
  "key defined, scalar, stable",
  "every mapped path exists in the common model",
  "coverage of the common model",
  "requests obey the allowed hosts",
  "secrets typed as such",
  "OAuth scopes listed",
  "rate limit declared or left to the app's signals",
  "documentation named",
  "no side effects on import",
  "semver against the published version",
  "good credentials pass",
  "bad credentials fail as such",
  "expiry in a run: one refresh, request repeated",
  "concurrent requests share one refresh",
  "revoked: asks for a new connection, no storm, no deletions",
  "at least one record",
  "records decode to their model",
  "undeclared fields do no harm",
  "keys unique across the listing",
  "keys are non-empty texts",
  "two reads are byte-identical",
  "key order, white space and spelling change nothing",
  "volatile fields change nothing",
  "null, absent and empty are defined",
  "dates are normalised",
  "decimals never become floats",
  "memory is flat over a thousand pages",
  "back-pressure",
  "cancellation",
  "a second run without a change sends nothing",
  "one edit is one record.modified",
  "the cursor moves",
  "equal timestamps across a page's edge",
  "clock skew and late commits",
  "unsorted pages do not move the cursor within a run",
  "a clock that goes back",
  "resumption from every checkpoint",
  "a cursor of another version",
  "an expired sync token",
  "a tombstone is one record.deleted",
  "an empty listing deletes nobody",
  "a listing cut at every page deletes nobody",
  "every page with every fault deletes nobody",
  "swallowed errors delete nobody",
  "a total larger than seen deletes nobody",
  "drift while paging deletes nobody else",
  "repeated pages end",
  "an unreadable record is not deleted",
  "another scope deletes nobody",
  "held deletions are released and discarded",
  "who reappears comes back",
  "partitions that fail delete nobody",
  "429 with and without Retry-After",
  "only idempotent requests are repeated, within bounds",
  "endless paging is found",
  "kill -9 loses nothing",
  "redelivery keeps the order of a record",
  "no secret and no value in logs and errors",
  "fixtures are scrubbed",
  "live drift"
]

/** The table of all 62 checks for the kit's checks as they are. */
export const make = (
  checks: ReadonlyArray<{ readonly numbers: ReadonlyArray<number>; readonly title: string }>
): ReadonlyArray<Entry> =>
  words.map((what, at) => {
    const number = at + 1
    const kit = checks.filter(({ numbers }) => numbers.includes(number)).map(({ title }) => title)
    return { number, what, kit, ...elsewhere[number] }
  })
