import { afterEach } from "vitest"
import { type BambooHROptions, type BambooHRSimulator, startBambooHR } from "../src/index.ts"

const running: Array<BambooHRSimulator> = []
export const start = async (options: BambooHROptions = {}) => {
  const sim = await startBambooHR({ employees: 30, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = Record<string, any>
export const get = (sim: BambooHRSimulator, path: string, init: RequestInit = {}) =>
  fetch(sim.url + path, {
    ...init,
    headers: { authorization: `Basic ${btoa(`${sim.apiKey}:x`)}`, accept: "application/json" }
  })
export const list = "/v1/employees?page[limit]=10"
export const control = async (sim: BambooHRSimulator, command: string, input?: unknown, init: RequestInit = {}) => {
  const body = input === undefined ? null : typeof input === "string" ? input : JSON.stringify(input)
  const response = await fetch(`${sim.url}/_control/${command}`, { method: "POST", body, ...init })
  return { status: response.status, body: (await response.json()) as Json }
}
