import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Dispatcher, OutboxStore } from "@crochet/core"
import type { SqlStore } from "@crochet/core/sql"
import { PostgresStore, SqliteStore } from "@crochet/runtime-node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { atLeast, exactly, type Line, type Report, type Request, type Section, told, within } from "../Section.ts"
import { foundation, machine } from "../world/Machine.ts"
import { postgres } from "../world/Postgres.ts"
import { tally } from "../world/Tally.ts"

/** Each has so many waiting events: more than it takes to open a circuit. */
const eventsOfEach = 6
/** How many more things happen in the busiest second than on average; 0 when nothing happens. */
export const peak = (times: ReadonlyArray<number>, from: number, to: number): number => {
  const counts = Array.from({ length: Math.floor((to - from) / 1000) }, () => 0)
  for (const time of times) {
    const second = Math.floor((time - from) / 1000)
    if (second >= 0 && second < counts.length) counts[second]!++
  }
  const all = counts.reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : Math.max(...counts) / (all / counts.length)
}

interface Found {
  readonly waiting: number
  readonly opened: number
  readonly openSeconds: number
  readonly watchedSeconds: number
  readonly probes: number
  readonly peak: number
  readonly cpuDown: number
  readonly cpuBack: number
  readonly backSeconds: number
  readonly allSeconds: number
  readonly busiest: number
  readonly missing: number
  readonly repeated: number
}

/** Destinations that were all away and are all back at once. `cpuSeconds` is what the database has used so far. */
const herd = async <E>(
  { ci, long, say }: Request,
  name: string,
  stores: Layer.Layer<SqlStore.Stores, E>,
  cpuSeconds: () => Promise<number>
): Promise<Found> => {
  const count = ci ? 500 : 10_000
  // After the last circuit has opened: each is probed several times meanwhile, at last every half to whole minute.
  const downMillis = (ci ? 50 : long ? 600 : 240) * 1000
  const receiver = await tally()
  let back = false
  const arrivals: Array<{ readonly at: number; readonly path: string; readonly taken: boolean }> = []
  const acknowledged = new Set<string>()
  receiver.answer((path) => {
    arrivals.push({ at: performance.now(), path, taken: back })
    return back ? 200 : 503
  })
  receiver.onArrival((id) => {
    if (back) acknowledged.add(id)
  })
  const waiting = count * eventsOfEach
  const program = Effect.gen(function* () {
    const outbox = yield* OutboxStore.OutboxStore
    const { event, save } = yield* machine(receiver.url)
    const ids = Array.from({ length: count }, (_, number) => `d${number}`)
    for (const id of ids) yield* save(id, "active")
    for (let from = 0; from < waiting; from += 1000) {
      const many = Math.min(1000, waiting - from)
      yield* outbox.enqueue(
        Array.from({ length: many }, (_, at) => event(`ev_${from + at}`, ids[(from + at) % count]!))
      )
    }
    say(`  ${name}: ${waiting} events for ${count} destinations`)
    yield* Layer.build(Dispatcher.Dispatcher.layer())
    const began = performance.now()
    const open = outbox.health(ids).pipe(Effect.map((all) => all.filter(({ openedAt }) => openedAt !== null).length))
    let opened = 0
    while (opened < count && performance.now() - began < 600_000) {
      yield* Effect.sleep(1000)
      opened = yield* open
    }
    const openSeconds = (performance.now() - began) / 1000
    say(`  ${name}: ${opened} circuits are open after ${openSeconds.toFixed(0)} s`)
    const watchedMillis = Math.min(60_000, downMillis / 2)
    yield* Effect.sleep(downMillis - watchedMillis)
    const from = performance.now()
    const before = yield* Effect.promise(cpuSeconds)
    yield* Effect.sleep(watchedMillis)
    const returned = performance.now()
    const between = yield* Effect.promise(cpuSeconds)
    back = true
    say(`  ${name}: all are back`)
    while (acknowledged.size < waiting && performance.now() - returned < 600_000) yield* Effect.sleep(100)
    const ended = performance.now()
    const after = yield* Effect.promise(cpuSeconds)
    const firsts = new Map<string, number>()
    for (const { at, path, taken } of arrivals) if (taken && !firsts.has(path)) firsts.set(path, at)
    const probes = arrivals.filter(({ at }) => at >= from && at < returned).map(({ at }) => at)
    return {
      waiting,
      opened,
      openSeconds,
      watchedSeconds: watchedMillis / 1000,
      probes: probes.length,
      peak: peak(probes, from, returned),
      cpuDown: ((between - before) * 1000) / (returned - from),
      cpuBack: ((after - between) * 1000) / (ended - returned),
      backSeconds: firsts.size < count ? Infinity : (Math.max(...firsts.values()) - returned) / 1000,
      allSeconds: (ended - returned) / 1000,
      busiest: peak(
        arrivals.flatMap(({ at, taken }) => (taken ? [at] : [])),
        returned,
        ended
      ),
      missing: waiting - acknowledged.size,
      repeated: [...receiver.counts.values()].filter((one) => one.acknowledged > 1).length
    }
  })
  return Effect.runPromise(Effect.provide(Effect.scoped(program), foundation(stores)))
}

const linesOf = (request: Request, name: string, found: Found): ReadonlyArray<Line> => [
  told(`${name}: events waiting`, String(found.waiting)),
  exactly(`${name}: open circuits`, found.opened, found.waiting / eventsOfEach),
  told(`${name}: all of them are open after`, `${found.openSeconds.toFixed(1)} s`),
  atLeast(`${name}: probes in the last ${found.watchedSeconds} s before they are back`, found.probes, 1),
  within(request, `${name}: busiest second of probes, of the mean`, found.peak, 3, " ×", 1),
  told(`${name}: the last one is found again after`, `${found.backSeconds.toFixed(1)} s`),
  told(`${name}: everything delivered after`, `${found.allSeconds.toFixed(1)} s`),
  told(`${name}: busiest second of deliveries, of the mean`, `${found.busiest.toFixed(1)} ×`),
  within(request, `${name}: processor of the database, while they are away`, 100 * found.cpuDown, 80, " %", 0),
  within(request, `${name}: processor of the database, when they are back`, 100 * found.cpuBack, 80, " %", 0),
  exactly(`${name}: not delivered`, found.missing, 0),
  exactly(`${name}: acknowledged twice`, found.repeated, 0)
]

/** What processes have used, by the system's account; in hundredths of a second there. */
const cpuOf = (pids: ReadonlyArray<number>): number =>
  pids.reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ")
      return sum + (Number(fields[11]) + Number(fields[12])) / 100
    } catch {
      // It has ended, or the system is none that tells.
      return sum
    }
  }, 0)

const run = async (request: Request): Promise<Report> => {
  const folder = mkdtempSync(join(tmpdir(), "crochet-proof-"))
  const { server } = await postgres()
  try {
    const url = await server.createDatabase()
    const postgresCpu = async () => {
      const backends = await server.query("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
      return cpuOf(backends.map(({ pid }) => Number(pid)))
    }
    // Database, dispatcher and receiver are one process here: a limit for all of them.
    const ownCpu = async () => {
      const { system, user } = process.cpuUsage()
      return (system + user) / 1e6
    }
    const inPostgres = () =>
      herd(request, "Postgres", PostgresStore.layer({ url: Redacted.make(url), server: "127.0.0.1" }), postgresCpu)
    const inSqlite = () => herd(request, "SQLite", SqliteStore.layer({ path: join(folder, "crochet.db") }), ownCpu)
    const [onPostgres, onSqlite] = request.ci
      ? await Promise.all([inPostgres(), inSqlite()])
      : [await inPostgres(), await inSqlite()]
    return {
      lines: [...linesOf(request, "Postgres", onPostgres), ...linesOf(request, "SQLite", onSqlite)],
      raw: { onPostgres, onSqlite }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** F-71. */
export const section: Section = {
  name: "herd",
  shows: "10,000 destinations that were away are back at once: probes apart, slow start, the database's load",
  waits: "in CI",
  run
}
