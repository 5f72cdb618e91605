import { until } from "../world/Deadline.ts"
import type { Patient } from "./Patient.ts"

/** What came of a fault of the database that the program lived through. */
export interface Survival {
  readonly name: string
  /** From the end of the fault until deliveries went on, milliseconds. */
  readonly recovery: number
  /** Whether the process is the one that it was before. */
  readonly survived: boolean
  /** Whether its log has a word about it. */
  readonly told: boolean
}

/** A fault of the database while a run reads and delivers: `begin` and `end` it; nothing is restarted. */
export const survive = async (
  sick: Patient,
  name: string,
  fault: { readonly begin: () => Promise<unknown>; readonly millis: number; readonly end: () => Promise<unknown> },
  words: RegExp
): Promise<Survival> => {
  const { begin, completes, host, integrationId, receiver, simulator, usual } = sick
  const program = host.program()
  const before = receiver.arrivals.length
  receiver.answer(() => new Promise((resolve) => setTimeout(resolve, 300, 200)))
  // The second page comes while the fault lasts.
  simulator.control.fault({ kind: "slow", match: { path: "/v2/datasets/employee/data" }, after: 1, delayMillis: 2500 })
  const run = await begin(() => host.initial(integrationId))
  await until("deliveries are under way", () => receiver.arrivals.length > before + 16)
  const said = host.log().length
  await fault.begin()
  await new Promise((resolve) => setTimeout(resolve, fault.millis))
  // A machine that has other work may not have come to it yet.
  await until("the log has a word about it", () => words.test(host.log().slice(said))).catch(() => {})
  await fault.end()
  const ended = performance.now()
  const settledAt = async () => {
    const [row] = await host.data.query("SELECT count(*) AS n FROM events WHERE state = 'acknowledged'")
    return Number(row?.["n"])
  }
  const acknowledged = await until("the database can be asked again", () => settledAt().catch(() => undefined))
  const id = await run()
  const goesOn = async () => (await settledAt()) > acknowledged || (await host.run(id)).status === "completed"
  await until("events are settled again", goesOn).catch((error: Error) => {
    throw new Error(`${name}: ${error.message}\n${host.log().slice(said).slice(-4000)}`)
  })
  const recovery = performance.now() - ended
  receiver.answer(usual)
  await completes(id)
  return {
    name,
    recovery,
    survived: program.child.exitCode === null && program.child.signalCode === null && host.program() === program,
    told: words.test(host.log().slice(said))
  }
}
