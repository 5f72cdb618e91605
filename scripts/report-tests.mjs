// Prints "N passed, N failed" from vitest's JSON report; fails unless at least one test passed and none failed.
import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

/**
 * @typedef {{
 *   success: boolean
 *   numPassedTests: number
 *   numFailedTests: number
 *   testResults: { status: string, assertionResults: { status: string }[] }[]
 * }} Report
 */

/** @param {Report} report
 * @returns {{ passed: number, failed: number, ok: boolean }} */
export const countTests = (report) => {
  // A file that cannot be loaded has no failed test, but has failed all the same.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((assertion) => assertion.status !== "failed")
  ).length
  const passed = report.numPassedTests
  const failed = report.numFailedTests + brokenFiles
  return { passed, failed, ok: report.success && failed === 0 && passed > 0 }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { failed, ok, passed } = countTests(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")))
    console.log(`${passed} passed, ${failed} failed`)
    process.exitCode = ok ? 0 : 1
  } catch (error) {
    console.error(`The tests left no report: ${error instanceof Error ? error.message : String(error)}`)
    console.log("0 passed, 1 failed")
    process.exitCode = 1
  }
}
