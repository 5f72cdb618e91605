import { afterEach, assert } from "vitest"
import { type BambooHROptions, type BambooHRSimulator, startBambooHR } from "../../src/index.ts"

const running: Array<BambooHRSimulator> = []
export const start = async (options: BambooHROptions = {}) => {
  const sim = await startBambooHR({ employees: 60, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = Record<string, any>
export const basic = (key: string) => `Basic ${Buffer.from(`${key}:x`).toString("base64")}`
export const headers = (sim: BambooHRSimulator) => ({ authorization: basic(sim.apiKey), accept: "application/json" })
export const get = (sim: BambooHRSimulator, path: string, more: Record<string, string> = {}) =>
  fetch(sim.url + path, { headers: { ...headers(sim), ...more } })
export const read = async (sim: BambooHRSimulator, path: string): Promise<Json[string]> => {
  const response = await get(sim, path)
  assert.strictEqual(response.status, 200, `${path}: ${response.headers.get("x-bamboohr-error-message")}`)
  return response.json()
}
export const post = (sim: BambooHRSimulator, path: string, body: unknown) =>
  fetch(sim.url + path, {
    method: "POST",
    headers: { ...headers(sim), "content-type": "application/json" },
    body: JSON.stringify(body)
  })
export const dataset = (sim: BambooHRSimulator, body: Json) => post(sim, "/api/v2/datasets/employee/data", body)
export const rows = async (sim: BambooHRSimulator, body: Json): Promise<Json> => {
  const response = await dataset(sim, body)
  assert.strictEqual(response.status, 200, await response.clone().text())
  return (await response.json()) as Json
}
/** A clock that tests move by hand. */
export const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return {
    now: () => now,
    advance: (seconds: number) => {
      now += seconds * 1000
    }
  }
}
