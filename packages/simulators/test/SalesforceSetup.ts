import { afterEach, assert } from "vitest"
import { type SalesforceOptions, type SalesforceSimulator, startSalesforce } from "../src/index.ts"

const open: Array<SalesforceSimulator> = []
afterEach(async () => {
  for (const sim of open.splice(0)) await sim.close()
})
/** A simulator for one test. */
export const start = async (options: SalesforceOptions = {}) => {
  const sim = await startSalesforce(options)
  open.push(sim)
  return sim
}

/** A record, or anything else in JSON. */
export interface Row {
  readonly [field: string]: unknown
}
export interface Answer {
  readonly totalSize: number
  readonly done: boolean
  readonly nextRecordsUrl?: string
  readonly records: ReadonlyArray<Row>
}

export const ask = (sim: SalesforceSimulator, path: string, init: RequestInit = {}) =>
  fetch(`${sim.url}${path}`, { ...init, headers: { authorization: `Bearer ${sim.accessToken}`, ...init.headers } })
export const query = async (sim: SalesforceSimulator, soql: string, all = false): Promise<Answer> => {
  const answer = await ask(sim, `/services/data/v66.0/${all ? "queryAll" : "query"}?q=${encodeURIComponent(soql)}`)
  assert.strictEqual(answer.status, 200, soql)
  return (await answer.json()) as Answer
}
export const refusal = async (answer: Response) => {
  const [first] = (await answer.json()) as ReadonlyArray<{ readonly errorCode: string; readonly message: string }>
  return [answer.status, first?.errorCode] as const
}
