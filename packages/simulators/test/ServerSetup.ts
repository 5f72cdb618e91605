import type { BambooHROptions, BambooHRSimulator } from "../src/index.ts"
import { headers, type Json, start as startCompany } from "./bamboohr/Api.ts"

export type { Json }
/** A smaller company than the others, for one test. */
export const start = (options: BambooHROptions = {}) => startCompany({ employees: 30, ...options })
export const get = (sim: BambooHRSimulator, path: string, init: RequestInit = {}) =>
  fetch(sim.url + path, { ...init, headers: headers(sim) })
export const list = "/v1/employees?page[limit]=10"
export const control = async (sim: BambooHRSimulator, command: string, input?: unknown, init: RequestInit = {}) => {
  const body = input === undefined ? null : typeof input === "string" ? input : JSON.stringify(input)
  const response = await fetch(`${sim.url}/_control/${command}`, { method: "POST", body, ...init })
  return { status: response.status, body: (await response.json()) as Json }
}
