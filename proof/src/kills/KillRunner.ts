import { CrashPoint } from "@crochet/core"
import type { Databases } from "../world/Database.ts"
import type { Request } from "../Section.ts"
import { tidily } from "../world/CleanUp.ts"
import { seeded, until } from "../world/Deadline.ts"
import type { Arrival } from "../world/Inbox.ts"
import { assertContent, assertDelivered } from "../world/Oracle.ts"
import { type Findings, audit } from "./Audit.ts"
import { type Patient, patient } from "./Patient.ts"
import { type Plan, plans, type Random } from "./Plans.ts"

/** A kill to come: a name for the report, and what to do with a patient. */
interface Task {
  readonly name: string
  readonly kind: Plan["patient"]
  readonly point: CrashPoint.CrashPoint | null
  /** Whether leases run out by themselves: the others are shortened, or the kills would take an hour. */
  readonly waits: boolean
  readonly run: (patient: Patient, random: Random) => Promise<void>
}

/** What is known of one patient when it is through. */
export interface Outcome {
  readonly tasks: ReadonlyArray<string>
  readonly causes: ReadonlyArray<string>
  readonly findings: Findings | null
  /** What was not as it should be, in words. */
  readonly failures: ReadonlyArray<string>
}

/** Patients that are under treatment together: while some wait for leases, others have the processor. */
const beds = { sqlite: 4, postgres: 4 }

/** Two pages, the second a small one: what is delivered after each kill is most of the time that CI waits. */
const employees = 540

/** Kills of one patient: its receiver remembers every request until the audit, and hundreds of kills would fill any memory. */
const mostOfOne = 20

/** At these something is in flight, so that its recovery can be measured. */
const inFlight: ReadonlySet<CrashPoint.CrashPoint> = new Set([
  "request.sending",
  "answer.read",
  "settle.attempted",
  "settle.closing",
  "settle.committed",
  "lease.renewed"
])

const everyPoint = (): ReadonlyArray<Task> =>
  CrashPoint.points.map(({ name }) => ({
    name,
    kind: plans[name].patient,
    point: name,
    waits: inFlight.has(name),
    run: plans[name].run
  }))

/** Moments that only the receiver knows. */
const moments: ReadonlyArray<readonly [string, (arrival: Arrival) => boolean]> = [
  ["a record is at the receiver", ({ event }) => event.recordId !== undefined],
  ["processed is at the receiver", ({ event }) => event.eventType === "sync.events.processed"],
  ["allConsumed is at the receiver", ({ event }) => event.eventType === "sync.events.allConsumed"]
]

/** A kill from outside: at any time, or while a request is with the receiver and not answered. */
const fromOutside = (number: number): Task => ({
  name: `from outside, ${number}`,
  kind: "usual",
  point: null,
  waits: true,
  run: async ({ begin, completes, host, integrationId, killedAt, receiver, usual }, random) => {
    let run = () => Promise.resolve("")
    const moment = number % 2 === 1 ? moments[0] : moments[Math.floor(random() * (moments.length + 2))]
    const start = async () => void (run = await begin(() => host.initial(integrationId)))
    if (moment === undefined) {
      await killedAt("any moment", async () => {
        await start()
        await new Promise((resolve) => setTimeout(resolve, random() * 1500))
      })
    } else {
      const [name, fits] = moment
      let left = 1 + Math.floor(random() * (name.startsWith("a record") ? 200 : 1))
      await killedAt(name, async () => {
        let seen = false
        receiver.answer((arrival) => {
          if (fits(arrival) && left > 0 && --left === 0) seen = true
          return seen ? "hang" : usual()
        })
        await start()
        await until(name, () => seen)
      })
    }
    await completes(await run())
  }
})

const again = (number: number, random: Random): Task => {
  const inRuns = everyPoint().filter(({ kind }) => kind === "usual")
  const chosen = inRuns[Math.floor(random() * inRuns.length)]!
  return { ...chosen, name: `${chosen.name}, ${number}` }
}

/** Each patient gets its share, and no more than is good for it; who needs a patient of another kind gets one alone. */
const wards = (tasks: ReadonlyArray<Task>, beds: number): ReadonlyArray<ReadonlyArray<Task>> => {
  const usual = tasks.filter(({ kind }) => kind === "usual")
  const patients = Math.max(Math.min(beds, usual.length), Math.ceil(usual.length / mostOfOne), 1)
  const shares = Array.from({ length: patients }, (): Array<Task> => [])
  for (const [at, task] of usual.entries()) shares[at % shares.length]!.push(task)
  const fresh = tasks.filter(({ kind }) => kind === "fresh").map((task) => [task])
  const oauth = tasks.filter(({ kind }) => kind === "oauth")
  return [...fresh, oauth, ...shares].filter((ward) => ward.length > 0)
}

const treat = async (
  databases: Databases,
  tasks: ReadonlyArray<Task>,
  seed: number,
  say: (text: string) => void
): Promise<Outcome> => {
  const random = seeded(seed)
  const failures: Array<string> = []
  const names = tasks.map(({ name }) => name)
  const fail = (what: string, error: unknown) => {
    const why =
      error instanceof Error ? `${error.message} ${error.cause === undefined ? "" : String(error.cause)}` : error
    failures.push(`${what}: ${String(why)}`)
    say(`  ✗ ${failures.at(-1)}`)
  }
  const [first] = tasks
  let sick: Patient
  try {
    sick = await patient({
      databases,
      seed,
      employees,
      oauth: first?.kind === "oauth",
      ...(first?.kind === "fresh" && first.point !== null ? { firstOrder: first.point } : {})
    })
  } catch (error) {
    fail(names.join(", "), error)
    return { tasks: names, causes: [], findings: null, failures }
  }
  for (const task of tasks) {
    try {
      sick.waits(task.waits)
      await task.run(sick, random)
      say(`  ✓ ${databases.kind}: ${task.name}`)
    } catch (error) {
      fail(task.name, error)
      break
    }
  }
  let findings: Findings | null = null
  try {
    const { host, receiver, simulator } = sick
    const underWay =
      "SELECT (SELECT count(*) FROM outbox) + " +
      "(SELECT count(*) FROM runs WHERE status IN ('queued', 'running', 'processed')) AS n"
    await until("nothing is under way", async () => Number((await host.data.query(underWay))[0]?.["n"]) === 0)
    assertDelivered(receiver)
    assertContent(receiver, simulator)
    findings = await audit(sick)
    const code = await host.stop()
    if (code !== 0) failures.push(`the last process ended with ${code}`)
  } catch (error) {
    fail("audit", error)
  }
  return { tasks: names, causes: sick.kills.map(({ cause }) => cause), findings, failures }
}

/** Kills the program at every crash point, then as often as asked for, and audits what the receivers saw. */
export const run = async (options: {
  readonly databases: Databases
  readonly kills: number
  readonly request: Request
}): Promise<ReadonlyArray<Outcome>> => {
  const { databases, kills } = options
  const { point, say, seed } = options.request
  const random = seeded(seed)
  const tasks = everyPoint().filter(({ name }) => point === undefined || name === point)
  if (tasks.length === 0) throw new Error(`--point: there is no crash point ${point}`)
  if (point !== undefined) tasks.push(...tasks, ...tasks)
  for (let number = 1; point === undefined && tasks.length < kills; number++) {
    tasks.push(number % 3 === 0 ? again(number, random) : fromOutside(number))
  }
  const queue = [...wards(tasks, beds[databases.kind]).entries()]
  const outcomes: Array<Outcome> = []
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, ward] = next
      // What a patient began ends with it: hundreds of them follow each other.
      outcomes.push(await tidily(() => treat(databases, ward, seed + at, say)))
    }
  }
  await Promise.all(Array.from({ length: beds[databases.kind] }, worker))
  return outcomes
}
