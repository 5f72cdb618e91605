// Prints which tests failed and "N passed, N failed" from vitest's JSON report; fails unless at least one test passed
// and none failed.
import { readFileSync } from "node:fs"
import { relative } from "node:path"
import { pathToFileURL } from "node:url"

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] | null }} Assertion
 * @typedef {{ status: string, name: string, message?: string, assertionResults: Assertion[] }} TestFile
 * @typedef {{
 *   success: boolean
 *   numPassedTests: number
 *   numFailedTests: number
 *   testResults: TestFile[]
 * }} Report
 */

// A file that cannot be loaded has no failed test, but has failed all the same.
/** @param {TestFile} file */
const isBroken = ({ assertionResults, status }) =>
  status === "failed" && assertionResults.every((assertion) => assertion.status !== "failed")

/** @param {Report} report
 * @returns {{ passed: number, failed: number, ok: boolean }} */
export const countTests = (report) => {
  const passed = report.numPassedTests
  const failed = report.numFailedTests + report.testResults.filter(isBroken).length
  return { passed, failed, ok: report.success && failed === 0 && passed > 0 }
}

/** A line for each test that failed and each file that could not be loaded: where, which, and the first line of why.
 * @param {Report} report
 * @param {string} root the folder that files are told from
 * @returns {string[]} */
export const failedTests = (report, root) =>
  report.testResults.flatMap((file) => {
    /** @param {string} name
     * @param {string | undefined} message */
    const line = (name, message) => {
      const why = message?.split("\n", 1)[0]
      return `✗ ${relative(root, file.name)}${name && ` > ${name}`}${why ? `: ${why}` : ""}`
    }
    if (isBroken(file)) return [line("", file.message)]
    return file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ failureMessages, fullName }) => line(fullName, failureMessages?.[0]))
  })

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))
    const { failed, ok, passed } = countTests(report)
    for (const line of failedTests(report, process.cwd())) console.log(line)
    console.log(`${passed} passed, ${failed} failed`)
    process.exitCode = ok ? 0 : 1
  } catch (error) {
    console.error(`The tests left no report: ${error instanceof Error ? error.message : String(error)}`)
    console.log("0 passed, 1 failed")
    process.exitCode = 1
  }
}
