import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Dispatcher, OutboxStore, Wakeup } from "@crochet/core"
import { SqliteStore } from "@crochet/runtime-node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { atLeast, atMost, type Report, type Request, type Section, told, within } from "../Section.ts"
import { quantile } from "../Statistics.ts"
import { foundation, machine } from "../world/Machine.ts"
import { tally } from "../world/Tally.ts"

const healthy = 9
/** Of each of the healthy ones, a second. */
const perSecond = 40

/** One machine with a destination that never answers and others that do, on one SQLite file. */
const world = Effect.fnUntraced(function* (url: string, waiting: number) {
  const outbox = yield* OutboxStore.OutboxStore
  const { event, save } = yield* machine(url)
  yield* save("hanging", "paused")
  for (let number = 0; number < healthy; number++) yield* save(`healthy-${number}`, "active")
  for (let from = 0; from < waiting; from += 1000) {
    yield* outbox.enqueue(Array.from({ length: 1000 }, (_, at) => event(`ev_waiting_${from + at}`, "hanging")))
  }
  return { event, hang: (hangs: boolean) => save("hanging", hangs ? "active" : "paused") }
})

/** How much longer the others' p99 may become. */
const most = 1.2

/** An event that is not there so long after the last was made is not only late, but missing. */
const latest = 10_000

/** What of one round's events arrived, and how long it took. */
interface Round {
  readonly millis: ReadonlyArray<number>
  readonly total: number
}

/** Of all rounds together: in one of them, a few pauses of the garbage collector are its p99. */
const ofAll = (rounds: ReadonlyArray<Round>, share: number): number =>
  quantile(
    rounds.flatMap(({ millis }) => millis),
    share
  )
const p99 = (rounds: ReadonlyArray<Round>) => ofAll(rounds, 0.99)

const run = async (request: Request): Promise<Report> => {
  const { ci, long, say } = request
  const waiting = 100_000
  const rounds = long ? 40 : ci ? 2 : 10
  /** A machine that others share can be slow for seconds: in CI a bad result is looked at for longer. */
  const mostRounds = ci ? 6 : rounds
  const seconds = 4
  const receiver = await tally()
  const sent = new Map<string, number>()
  const samples: Array<number> = []
  receiver.answer((path) => (path.endsWith("hanging") ? "hang" : 200))
  receiver.onArrival((id) => {
    const at = sent.get(id)
    if (at !== undefined) samples.push(performance.now() - at)
  })
  const folder = mkdtempSync(join(tmpdir(), "crochet-proof-"))
  const layer = foundation(SqliteStore.layer({ path: join(folder, "crochet.db") }))
  const program = Effect.gen(function* () {
    const outbox = yield* OutboxStore.OutboxStore
    const wakeup = yield* Wakeup.Wakeup
    const { event, hang } = yield* world(receiver.url, waiting)
    say(`  ${waiting} events wait`)
    yield* Layer.build(Dispatcher.Dispatcher.layer())
    let next = 0
    /** Live traffic at a constant rate, whatever becomes of it. */
    const round = Effect.gen(function* () {
      samples.length = 0
      const began = performance.now()
      const total = seconds * perSecond * healthy
      for (let number = 0; number < total; number++) {
        const due = began + (number * 1000) / (perSecond * healthy)
        const wait = due - performance.now()
        if (wait > 1) yield* Effect.sleep(wait)
        const destinationId = `healthy-${number % healthy}`
        const id = `ev_live_${next++}`
        const one = event(id, destinationId)
        sent.set(id, performance.now())
        yield* outbox.enqueue([one])
        yield* wakeup.notify(destinationId)
      }
      const ended = performance.now()
      while (samples.length < total && performance.now() - ended < latest) yield* Effect.sleep(100)
      return { millis: [...samples], total }
    })
    const settle = Effect.sleep(1000)
    yield* round
    const baseline: Array<Round> = []
    const besides: Array<Round> = []
    let held = 0
    const isBad = () => p99(besides) > most * p99(baseline)
    for (let number = 0; number < rounds || (number < mostRounds && isBad()); number++) {
      yield* Effect.andThen(hang(false), settle)
      baseline.push(yield* round)
      yield* hang(true)
      yield* Effect.andThen(wakeup.notify("hanging"), settle)
      besides.push(yield* round)
      held = Math.max(held, receiver.active())
      say(
        `  p99 alone ${quantile(baseline.at(-1)!.millis, 0.99).toFixed(1)} ms, beside the hanging one ${quantile(besides.at(-1)!.millis, 0.99).toFixed(1)} ms`
      )
    }
    return { baseline, besides, held }
  })
  try {
    const { baseline, besides, held } = await Effect.runPromise(Effect.provide(Effect.scoped(program), layer))
    const missing = [...baseline, ...besides].reduce((sum, one) => sum + one.total - one.millis.length, 0)
    const [alone, beside] = [p99(baseline), p99(besides)]
    return {
      lines: [
        told("others alone", `p50 ${ofAll(baseline, 0.5).toFixed(1)} ms, p99 ${alone.toFixed(1)} ms`),
        told("beside it", `p50 ${ofAll(besides, 0.5).toFixed(1)} ms, p99 ${beside.toFixed(1)} ms`),
        atLeast("requests that hang", held, 1),
        atMost("others' events not delivered in time", missing, 0),
        within(request, "p99 beside it, of p99 alone", beside / alone, most, " ×", 2)
      ],
      raw: { waiting, baseline, besides }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** F-70, M9. */
export const section: Section = {
  name: "hanging",
  shows: "one destination hangs with 100,000 waiting events: the others' p99 stays",
  run
}
