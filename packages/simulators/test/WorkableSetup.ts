import { afterEach, assert } from "vitest"
import { startWorkable, type WorkableOptions, type WorkableSimulator } from "../src/index.ts"

const running: Array<WorkableSimulator> = []
export const start = async (options: WorkableOptions = {}) => {
  const sim = await startWorkable({ candidates: 60, jobs: 4, employees: 12, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = Record<string, any>
export const get = (sim: WorkableSimulator, path: string, token = sim.token) =>
  fetch(path.startsWith("http") ? path : `${sim.url}/spi/v3${path}`, { headers: { authorization: `Bearer ${token}` } })
export const read = async (sim: WorkableSimulator, path: string): Promise<Json> => {
  const response = await get(sim, path)
  assert.strictEqual(response.status, 200, `${path}: ${await response.clone().text()}`)
  return (await response.json()) as Json
}
export const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}
