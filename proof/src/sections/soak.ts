import { atMost, exactly, type Line, type Report, type Request, type Section, told, within } from "../Section.ts"
import type { Gauges } from "../kills/Order.ts"
import { quantile } from "../Statistics.ts"
import type { Databases } from "../world/Database.ts"
import { sqlite } from "../world/Database.ts"
import { seeded, until } from "../world/Deadline.ts"
import { postgres } from "../world/Postgres.ts"
import { tally } from "../world/Tally.ts"
import { app, installation, littleMemory } from "../world/World.ts"

const accounts = 6
const employees = 400
const roundMillis = 2000
const sampleMillis = 10_000

/** How a program was over time, and whether its books balance after all. */
export interface Soak {
  readonly samples: ReadonlyArray<Gauges>
  readonly runs: number
  readonly events: number
  readonly requests: number
  readonly pending: number
  readonly unknown: number
  readonly unbalanced: number
  readonly restarts: number
}

/** What is changed of a person. Not a job title: each adds a row to a history, and the records would grow with the hours. */
export const changed = (time: string) => ({ lastName: `Keeper of ${time}` })

/**
 * A living process under everything that happens on a bad day, for minutes or a day: deltas and whole listings of several
 * accounts, an app that is slow, refuses, breaks off and answers nonsense, a receiver that does the same.
 */
const soak = async (
  { minutes, say, seed }: Request & { readonly minutes: number },
  databases: Databases,
  disturb: () => Promise<unknown>
): Promise<Soak> => {
  const random = seeded(seed)
  const chance = (share: number) => random() < share
  const simulator = await app({ employees, seed: seed % 1000 })
  const receiver = await tally()
  const host = await installation(simulator, littleMemory, { databases, armed: true })
  const program = host.program()
  await host.register(receiver)
  const integrations: Array<string> = []
  for (let number = 0; number < accounts; number++)
    integrations.push(await host.connect({ originOrgId: `org-${number}` }))
  receiver.answer(async () => {
    if (chance(0.002)) return "hang"
    if (chance(0.02)) return chance(0.5) ? 503 : 429
    if (chance(0.05)) await new Promise((resolve) => setTimeout(resolve, random() * 500))
    return 200
  })
  const people = simulator.control.list({ status: "Active" })
  const samples: Array<Gauges> = []
  const runs = new Set<string>()
  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 60_000
  let nextSample = 0
  for (let round = 0; elapsed() < minutes; round++) {
    const integrationId = integrations[round % accounts]!
    for (let change = 0; change < 8; change++) {
      const person = people[Math.floor(random() * people.length)]!
      simulator.control.change(person.id, changed(`${round}-${change}`))
    }
    if (chance(0.1)) simulator.control.fault({ kind: "status", status: chance(0.5) ? 500 : 503 })
    if (chance(0.05)) simulator.control.fault({ kind: "rate-limit", retryAfter: 1 })
    if (chance(0.05)) simulator.control.fault({ kind: chance(0.5) ? "truncate" : "html" })
    if (chance(0.05)) simulator.control.fault({ kind: "slow", delayMillis: 3000 })
    if (chance(0.03)) await disturb()
    const start = chance(0.05) ? host.initial(integrationId) : host.delta(integrationId)
    // A database that was disturbed may refuse a call, and says so.
    await start.then(
      (run) => runs.add(run),
      () => undefined
    )
    if (elapsed() * 60_000 >= nextSample) {
      nextSample += sampleMillis
      samples.push(await host.gauges())
      const { externalMegabytes, heapMegabytes, loopP99Millis, openFiles, residentMegabytes, threadHeapMegabytes } =
        samples.at(-1)!
      if (samples.length % 6 === 1) {
        const now = [
          `${residentMegabytes.toFixed(0)} MB, heap ${heapMegabytes.toFixed(1)} MB`,
          ...(threadHeapMegabytes === undefined ? [] : [`of SQLite's thread ${threadHeapMegabytes.toFixed(1)} MB`]),
          `buffers ${externalMegabytes.toFixed(1)} MB, ${openFiles} files`
        ].join(", ")
        say(`  ${databases.kind}, minute ${elapsed().toFixed(0)}: ${now}, loop ${loopP99Millis.toFixed(1)} ms`)
      }
    }
    await new Promise((resolve) => setTimeout(resolve, roundMillis))
  }

  simulator.control.clearFaults()
  receiver.answer(() => 200)
  const hurry = async () => {
    await host.resumeNow()
    await host.data.rewrite("UPDATE outbox SET due_at = 1 WHERE lease_until = 0 AND due_at > 1")
  }
  await until(
    "everything is read and delivered",
    async () => {
      // The program may be in the way, and be it a deadlock: the next look does it again.
      await hurry().catch(() => undefined)
      const [open] = await host.data.query(
        "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM runs WHERE status IN ('queued', 'running')) AS n"
      )
      return Number(open?.["n"]) === 0
    },
    300_000
  )
  const [books] = await host.data.query(
    "SELECT count(*) AS n FROM runs WHERE outstanding <> 0 OR emitted <> consumed + expired + coalesced"
  )
  const log = await host.data.query("SELECT id, state FROM events")
  const settled = log.filter(({ state }) => state === "acknowledged")
  const taken = settled.filter(({ id }) => (receiver.counts.get(String(id))?.acknowledged ?? 0) > 0)
  const inLog = new Set(log.map(({ id }) => String(id)))
  const ended = program.child.exitCode !== null || program.child.signalCode !== null
  await host.stop()
  return {
    samples,
    runs: runs.size,
    events: log.length,
    requests: receiver.requests(),
    pending: log.filter(({ state }) => state === "pending").length + settled.length - taken.length,
    unknown: [...receiver.counts.keys()].filter((id) => !inLog.has(id)).length,
    unbalanced: Number(books?.["n"]),
    restarts: ended ? 1 : 0
  }
}

/** The middle of a part of the samples; what was before has warmed up. */
const middle = (samples: ReadonlyArray<Gauges>, from: number, to: number, of: (one: Gauges) => number) =>
  quantile(samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)).map(of), 0.5)

/** A quarter of it is left to warm up: keys of runs are held for some minutes, and the collector finds its sizes. */
const judgedMinutes = 45

/** What the samples say. Memory is judged when the first quarter was long enough for it to warm up, and told otherwise. */
export const linesOf = (
  request: Pick<Request, "ci">,
  name: string,
  minutes: number,
  found: Soak
): ReadonlyArray<Line> => {
  const { samples } = found
  const growth = (of: (one: Gauges) => number) => {
    const before = middle(samples, 0.25, 0.5, of)
    return { before, growth: middle(samples, 0.75, 1, of) - before }
  }
  const resident = growth((one) => one.residentMegabytes)
  const heap = growth((one) => one.heapMegabytes)
  const files = growth((one) => one.openFiles ?? 0)
  const perHour = (value: number) => `${(value / (minutes / 120)).toFixed(1)} MB an hour`
  const grown = (what: string, { before, growth: by }: typeof heap) =>
    minutes >= judgedMinutes
      ? atMost(
          `${name}: ${what}, growth from ${before.toFixed(1)} MB (${perHour(by)})`,
          by,
          Math.ceil(0.1 * before),
          " MB",
          1
        )
      : told(`${name}: ${what}`, `${before.toFixed(1)} MB, growth ${by.toFixed(1)} MB`)
  return [
    told(`${name}: time`, `${minutes.toFixed(1)} min`),
    told(`${name}: work`, `${found.runs} runs, ${found.events} events, ${found.requests} requests`),
    grown("resident memory", resident),
    grown("heap after a collection", heap),
    within(request, `${name}: open files, growth from ${files.before}`, files.growth, 4, "", 0),
    within(
      request,
      `${name}: event loop, p99 of a usual period`,
      middle(samples, 0.25, 1, (one) => one.loopP99Millis),
      50,
      " ms",
      1
    ),
    exactly(`${name}: ends of the process`, found.restarts, 0),
    exactly(`${name}: lost or left over`, found.pending, 0),
    exactly(`${name}: phantom`, found.unknown, 0),
    exactly(`${name}: books out of balance`, found.unbalanced, 0)
  ]
}

const run = async (request: Request): Promise<Report> => {
  const minutes = request.minutes ?? (request.long ? 24 * 60 : request.ci ? 1.5 : 10)
  const { databases, server } = await postgres()
  const dropConnections = () =>
    server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crochet'")
  const [onSqlite, onPostgres] = await Promise.all([
    soak({ ...request, minutes }, sqlite, async () => {}),
    soak({ ...request, minutes }, databases, dropConnections)
  ])
  return {
    lines: [...linesOf(request, "SQLite", minutes, onSqlite), ...linesOf(request, "Postgres", minutes, onPostgres)],
    raw: { minutes, onSqlite, onPostgres }
  }
}

/** F-74. */
export const section: Section = {
  name: "soak",
  shows: "one living process a database under random faults, a day with --long: memory, open files, event loop",
  waits: true,
  run
}
