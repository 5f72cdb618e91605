import { assert, describe, it } from "vitest"
import { countTests, failedTests } from "../report-tests.mjs"

const file = (status: string, ...tests: ReadonlyArray<string>) => ({
  name: "/project/packages/core/test/Diff.test.ts",
  status,
  assertionResults: tests.map((test) => ({ fullName: `Diff finds what is ${test}`, status: test }))
})

describe("countTests", () => {
  it("counts tests", () => {
    const report = {
      success: true,
      numPassedTests: 2,
      numFailedTests: 0,
      testResults: [file("passed", "passed", "passed")]
    }
    assert.deepStrictEqual(countTests(report), { passed: 2, failed: 0, ok: true })
  })

  it("counts a file that could not be loaded as failed, but one with failed tests only once", () => {
    const testResults = [file("passed", "passed"), file("failed"), file("failed", "failed")]
    const report = { success: false, numPassedTests: 1, numFailedTests: 1, testResults }
    assert.deepStrictEqual(countTests(report), { passed: 1, failed: 2, ok: false })
  })

  it("does not accept a run without tests, nor one that vitest itself calls failed", () => {
    const empty = { success: true, numPassedTests: 0, numFailedTests: 0, testResults: [] }
    assert.isFalse(countTests(empty).ok)
    assert.isFalse(countTests({ ...empty, success: false, numPassedTests: 3 }).ok)
  })
})

describe("failedTests", () => {
  const told = (...testResults: Parameters<typeof failedTests>[0]["testResults"]) =>
    failedTests({ success: false, numPassedTests: 0, numFailedTests: 1, testResults }, "/project")

  it("names each failed test with its file and the first line of why", () => {
    const [failed] = file("failed", "failed").assertionResults
    const because = { ...failed!, failureMessages: ["AssertionError: expected 1 to equal 2\n    at Diff.test.ts:3"] }
    assert.deepStrictEqual(told({ ...file("failed", "passed"), assertionResults: [because] }), [
      "✗ packages/core/test/Diff.test.ts > Diff finds what is failed: AssertionError: expected 1 to equal 2"
    ])
  })

  it("names a file that could not be loaded, and nothing that passed", () => {
    assert.deepStrictEqual(told({ ...file("failed"), message: "Cannot find module" }, file("passed", "passed")), [
      "✗ packages/core/test/Diff.test.ts: Cannot find module"
    ])
  })
})
