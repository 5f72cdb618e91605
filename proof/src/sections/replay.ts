import {
  atLeast,
  atMost,
  exactly,
  type Line,
  type Report,
  type Request,
  type Section,
  told,
  within
} from "../Section.ts"
import { quantile } from "../Statistics.ts"
import { type Databases, sqlite } from "../world/Database.ts"
import { until } from "../world/Deadline.ts"
import { postgres } from "../world/Postgres.ts"
import { tally } from "../world/Tally.ts"
import { installation, littleMemory } from "../world/World.ts"

const ratePerSecond = 50
/** What happens in the live account, and how often it is asked what is new. */
const changesPerSecond = 1
const deltaMillis = 500
/** So much later than without a replay live events may come: two claims of a destination with this rate. */
const mostLaterMillis = 250

/** A replay as `events.replay.get` answers it, as far as this looks. */
export interface ReplayAnswer {
  readonly replayId: string
  readonly state: string
  readonly replayed: number
  readonly examined: number
  readonly events: { readonly [state: string]: number }
}

/** What a replay of everything did to a destination with a rate. */
export interface Found {
  readonly events: number
  readonly replay: ReplayAnswer
  readonly pacedSeconds: number
  readonly pacedEvents: number
  readonly busiestSecond: number
  readonly freeSeconds: number
  readonly freeEvents: number
  readonly liveBefore: ReadonlyArray<number>
  readonly liveBeside: ReadonlyArray<number>
  readonly answerMillis: ReadonlyArray<number>
  readonly residentMegabytes: readonly [before: number, paced: number, after: number]
  readonly made: number
  readonly repeatedOriginals: number
  readonly unacknowledged: number
  readonly repeated: number
  readonly unbalanced: number
}

const replay = async ({ ci, long, minutes, say, seed }: Request, databases: Databases): Promise<Found> => {
  const wanted = long ? 1_000_000 : ci ? 2000 : 100_000
  const pacedMillis = (minutes ?? (long ? 30 : ci ? 0.25 : 1)) * 60_000
  const baselineMillis = ci ? 10_000 : 60_000
  const receiver = await tally()
  const host = await installation(null, littleMemory, { databases, connectors: ["connector-playground"], armed: true })
  const { destinationId } = await host.register(receiver)
  const company = (originOrgId: string, employees: number, changesPerHour: number) =>
    host.connect({
      appId: "playground",
      originOrgId,
      settings: { employees: String(employees), changesPerHour: String(changesPerHour), seed: String(seed) }
    })
  const began = performance.now()
  // Not all of a company's people are active.
  for (const org of ["big", "bigger"]) {
    const { syncRunId } = await host.firstRun(await company(org, Math.round(0.55 * wanted), 0))
    await host.reaches(syncRunId, "completed", 3_600_000)
  }
  const asked = { destinationId, states: ["acknowledged"], eventType: "record.new" }
  const { matching } = await host.api().post("events.replay", { ...asked, dryRun: true })
  const events = Number(matching.total)
  say(`  ${databases.kind}: ${events} events in the log after ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const filled = Date.now()
  const live = await company("live", 200, 3600 * changesPerSecond)
  await host.reaches((await host.firstRun(live)).syncRunId, "completed")
  const resident = async () => (await host.gauges()).residentMegabytes
  const before = await resident()

  let arrivals: Array<{ readonly id: string; readonly at: number }> = []
  receiver.onArrival((id) => void arrivals.push({ id, at: Date.now() }))
  /** Live traffic for a while; how long its events took from being written to their arrival. */
  const trafficFor = async (millis: number) => {
    const from = Date.now()
    for (let number = 0; Date.now() - from < millis; number++) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, from + number * deltaMillis - Date.now())))
      await host.delta(live)
    }
    const ended = Date.now()
    const seen = new Map(arrivals.map(({ at, id }) => [id, at]))
    const written = await host.data.query(
      `SELECT id, created_at FROM events WHERE integration_id = '${live}' AND created_at >= ${from}`
    )
    return {
      from,
      ended,
      millis: written.flatMap(({ created_at, id }) => {
        const at = seen.get(String(id))
        return at === undefined ? [] : [at - Number(created_at)]
      })
    }
  }

  await host.api().post("webhook.update", { destinationId, ratePerSecond })
  const liveBefore = await trafficFor(baselineMillis)
  say(`  ${databases.kind}: live events before, p99 ${quantile(liveBefore.millis, 0.99).toFixed(0)} ms`)

  const to = new Date(filled).toISOString()
  const { replayId } = (await host.api().post("events.replay", { ...asked, to })).replay as ReplayAnswer
  const answerMillis: Array<number> = []
  const look = async (): Promise<ReplayAnswer> => {
    const asked = performance.now()
    const answer = (await host.api().get("events.replay.get", { replayId })) as ReplayAnswer
    answerMillis.push(performance.now() - asked)
    return answer
  }
  await until("the replay sends", async () => (await look()).events["acknowledged"]! > 0)
  arrivals = []
  const beside = await trafficFor(pacedMillis)
  const paced = arrivals.filter(({ at }) => at >= beside.from && at < beside.ended)
  const pacedSeconds = (beside.ended - beside.from) / 1000
  const perSecond = new Map<number, number>()
  for (const { at } of paced) {
    const second = Math.floor((at - beside.from) / 1000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  }
  const residentPaced = await resident()
  const after = await look()
  say(`  ${databases.kind}: ${paced.length} in ${pacedSeconds.toFixed(0)} s, ${after.replayed} of ${events} made`)

  receiver.onArrival(() => {})
  await host.api().post("webhook.update", { destinationId, ratePerSecond: null })
  const freed = performance.now()
  let lastSaid = freed
  const done = await until(
    "the replay is completed",
    async () => {
      const now = await look()
      if (performance.now() - lastSaid > 60_000) {
        lastSaid = performance.now()
        say(`  ${databases.kind}: ${now.events["acknowledged"]} of ${events} delivered again`)
      }
      if (now.state === "completed") return now
      await new Promise((resolve) => setTimeout(resolve, 900))
      return undefined
    },
    3 * 3_600_000
  )
  const freeSeconds = (performance.now() - freed) / 1000
  const residentAfter = await resident()
  const [log] = await host.data.query(
    `SELECT count(*) AS n, count(DISTINCT replay_of) AS originals,
      sum(CASE WHEN state = 'acknowledged' THEN 0 ELSE 1 END) AS others FROM events WHERE replay_id = '${replayId}'`
  )
  const [books] = await host.data.query(
    "SELECT count(*) AS n FROM runs WHERE outstanding <> 0 OR emitted <> consumed + expired + coalesced"
  )
  await host.stop()
  return {
    events,
    replay: done,
    pacedSeconds,
    pacedEvents: paced.length,
    busiestSecond: Math.max(0, ...perSecond.values()),
    freeSeconds,
    freeEvents: done.replayed - after.events["acknowledged"]!,
    liveBefore: liveBefore.millis,
    liveBeside: beside.millis,
    answerMillis,
    residentMegabytes: [before, residentPaced, residentAfter],
    made: Number(log?.["n"]),
    repeatedOriginals: Number(log?.["n"]) - Number(log?.["originals"]),
    unacknowledged: Number(log?.["others"]),
    repeated: receiver.repeated(),
    unbalanced: Number(books?.["n"])
  }
}

/** What was found, as promises. */
export const linesOf = (request: Pick<Request, "ci">, found: Found): ReadonlyArray<Line> => {
  const { answerMillis, liveBefore, liveBeside, replay, residentMegabytes } = found
  const [before, paced, after] = residentMegabytes
  const p99 = { before: quantile(liveBefore, 0.99), beside: quantile(liveBeside, 0.99) }
  const latency = (all: ReadonlyArray<number>) =>
    `${all.length} events, p50 ${quantile(all, 0.5).toFixed(0)} ms, p99 ${quantile(all, 0.99).toFixed(0)} ms`
  /** How long it took to say how far it is, in a part of the time. */
  const at = (from: number, to: number) =>
    quantile(answerMillis.slice(Math.floor(from * answerMillis.length), Math.ceil(to * answerMillis.length)), 0.5)
  const perSecond = found.pacedEvents / found.pacedSeconds
  return [
    told("events to send again", String(found.events)),
    told(
      `at ${ratePerSecond} a second, live ones included`,
      `${found.pacedEvents} in ${found.pacedSeconds.toFixed(0)} s`
    ),
    // A tenth of a second's worth may come at once, at the beginning.
    atMost("their rate", perSecond, Math.round(100 * (ratePerSecond + 5 / found.pacedSeconds)) / 100, " /s", 2),
    atLeast("of the rate that is used, percent", Math.round((100 * perSecond) / ratePerSecond), request.ci ? 20 : 95),
    within(request, "busiest second", found.busiestSecond, 1.2 * ratePerSecond, " events", 0),
    told("live events before", latency(liveBefore)),
    told("live events beside it", latency(liveBeside)),
    within(request, "their p99, later", p99.beside - p99.before, mostLaterMillis, " ms", 0),
    told("without a limit", `${found.freeEvents} in ${found.freeSeconds.toFixed(0)} s`),
    told(
      "resident memory before, then, at the end",
      `${before.toFixed(0)}, ${paced.toFixed(0)}, ${after.toFixed(0)} MB`
    ),
    told("to say how far it is takes", `${quantile(answerMillis, 0.5).toFixed(0)} ms (p50)`),
    within(request, "at the end, of the beginning", at(0.75, 1) / at(0, 0.25), 3, " ×", 1),
    exactly("made, of the events in the log", found.made, found.events),
    exactly("as the replay says", replay.events["acknowledged"] ?? 0, found.events),
    exactly("sent again twice", found.repeatedOriginals, 0),
    exactly("not acknowledged", found.unacknowledged, 0),
    exactly("duplicates at the receiver", found.repeated, 0),
    exactly("books out of balance", found.unbalanced, 0)
  ]
}

const reporting =
  (find: (request: Request) => Promise<Found>) =>
  async (request: Request): Promise<Report> => {
    const found = await find(request)
    return { lines: linesOf(request, found), raw: found }
  }

const shows = "100,000 events (1,000,000 with --long) again, to a destination with 50 a second and live events"

/** F-62. */
export const onSqlite: Section = {
  name: "replay-sqlite",
  shows: `SQLite: ${shows}`,
  waits: "in CI",
  run: reporting((request) => replay(request, sqlite))
}

/** F-62. */
export const onPostgres: Section = {
  name: "replay-postgres",
  shows: `Postgres: ${shows}`,
  waits: "in CI",
  run: reporting(async (request) => replay(request, (await postgres()).databases))
}
