import { assert, describe, it } from "vitest"
import { countTests } from "../report-tests.mjs"

const file = (status: string, ...tests: ReadonlyArray<string>) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test }))
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
