import { afterAll, describe, it } from "@effect/vitest"
import * as AccountChecks from "./AccountChecks.ts"
import * as AuthChecks from "./AuthChecks.ts"
import { type Check, Skipped, type Subject } from "./Check.ts"
import * as Coverage from "./Coverage.ts"
import * as DeclarationChecks from "./DeclarationChecks.ts"
import * as DeletionChecks from "./DeletionChecks.ts"
import * as FaultChecks from "./FaultChecks.ts"
import * as GoneChecks from "./GoneChecks.ts"
import * as IncrementalChecks from "./IncrementalChecks.ts"
import * as PrivacyChecks from "./PrivacyChecks.ts"
import * as ReadChecks from "./ReadChecks.ts"
import { Stage } from "./Stage.ts"
import * as Table from "./Table.ts"
import * as Time from "./Time.ts"

export type { Subject } from "./Check.ts"
export { measure as coverage, lines as coverageLines, absences, type ModelCoverage } from "./Coverage.ts"
export { Skipped, Violation } from "./Check.ts"
export { Stage } from "./Stage.ts"
export type { Entry } from "./Table.ts"
export type { Spent } from "./Time.ts"

/** The checks by what they are about. */
export const groups: ReadonlyArray<{ readonly about: string; readonly checks: ReadonlyArray<Check> }> = [
  { about: "declaration", checks: DeclarationChecks.checks },
  { about: "credentials", checks: AuthChecks.checks },
  { about: "reading", checks: [...ReadChecks.checks, ...Coverage.checks] },
  { about: "deltas", checks: [...IncrementalChecks.checks, ...AccountChecks.checks] },
  { about: "deletions", checks: [...GoneChecks.checks, ...DeletionChecks.checks] },
  { about: "faults", checks: FaultChecks.checks },
  { about: "privacy", checks: PrivacyChecks.checks }
]

/** Where each of the 62 checks of a connector is made. */
export const table: ReadonlyArray<Table.Entry> = Table.make(groups.flatMap(({ checks }) => checks))

/** A check, ready to be run; rejects with a `Violation`, or with `Skipped` when it does not apply. */
export interface Case {
  readonly about: string
  readonly numbers: ReadonlyArray<number>
  readonly title: string
  readonly run: () => Promise<void>
}

/** What goes through all checks. */
const thorough = (subject: Subject): Subject => {
  const { connector, ways } = subject
  if (ways === undefined) return subject
  const resources = ways.map((id) => {
    const found = connector.resources.find(({ dataType }) => dataType.id === id)
    if (found === undefined) throw new TypeError(`ways: ${connector.app.id} has no data type ${id}`)
    return found
  })
  return { ...subject, connector: { ...connector, resources } }
}

/** All checks for a connector: those of a data type once for each. For tools; a test file calls `suite`. */
export const cases = (subject: Subject): ReadonlyArray<Case> => {
  const through = thorough(subject)
  return groups.flatMap(({ about, checks }) =>
    checks.flatMap((check): ReadonlyArray<Case> => {
      const { numbers, title } = check
      const ofAll = about === "declaration" || Coverage.checks.includes(check)
      const judged = ofAll ? subject : through
      if (check.of === "connector") return [{ about, numbers, title, run: () => check.run(judged) }]
      return judged.connector.resources.map((resource) => ({
        about,
        numbers,
        title: `${resource.dataType.id}: ${title}`,
        run: () => check.run(judged, resource)
      }))
    })
  )
}

/**
 * What every connector must do, as tests: call it in `<App>.conformance.test.ts` with the connector and its sandbox.
 *
 * It runs the real engine on stores in memory against the sandbox's app, in virtual time. A check that does not apply is
 * reported as skipped with the reason. What the mapper fills of each supported model, and where the time went, is
 * attached to the last test.
 */
export const suite = (given: Subject): void => {
  const stage = new Stage(true)
  const subject: Subject = { ...given, stage }
  const spent: Array<Time.Spent> = []
  describe(`${subject.connector.app.name} conforms`, () => {
    afterAll(() => stage.close())
    for (const { about } of groups) {
      describe(about, () => {
        for (const one of cases(subject)) {
          if (one.about !== about) continue
          it(one.title, { timeout: 60_000 }, async (context) => {
            const end = Time.begin(one.title, stage)
            try {
              await one.run()
            } catch (error) {
              if (error instanceof Skipped) return context.skip(error.message)
              throw error
            } finally {
              spent.push(end())
            }
          })
        }
      })
    }
    it("mapping coverage", { timeout: 60_000 }, async (context) => {
      for (const line of Coverage.lines(await Coverage.measure(subject))) await context.annotate(line, "coverage")
      for (const line of await Coverage.absences(subject)) await context.annotate(line, "absent")
      for (const line of Time.lines(spent)) await context.annotate(line, "time")
    })
  })
}
