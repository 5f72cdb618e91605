import { exactly, type Report, type Request, type Section, told } from "../Section.ts"
import { type Databases, sqlite } from "../world/Database.ts"
import { until } from "../world/Deadline.ts"
import { tally } from "../world/Tally.ts"
import { app, installation } from "../world/World.ts"

const employees = 10_000

const faultFree =
  (databases: Databases) =>
  async ({ ci, long, say, seed }: Request): Promise<Report> => {
    const wanted = long ? 1_000_000 : ci ? 30_000 : 100_000
    const simulator = await app({ employees, seed: seed % 1000 })
    const receiver = await tally()
    const host = await installation(simulator, {}, { databases })
    await host.register(receiver)
    const integrationId = await host.connect()
    const began = performance.now()
    let emitted = 0
    let run = (await host.firstRun(integrationId)).syncRunId
    const runs: Array<string> = []
    for (;;) {
      runs.push(run)
      emitted += (await host.reaches(run, "completed", 120_000)).emitted
      say(`  ${emitted} events`)
      if (emitted >= wanted) break
      run = await host.initial(integrationId)
    }
    const seconds = (performance.now() - began) / 1000
    const [log] = await host.data.query(
      "SELECT count(*) AS n, sum(CASE WHEN state = 'acknowledged' THEN 1 ELSE 0 END) AS done, sum(attempts) AS tries FROM events"
    )
    const events = Number(log?.["n"])
    await until("nothing is under way", () => receiver.active() === 0)
    await host.stop()
    const acknowledged = [...receiver.counts.values()].filter((one) => one.acknowledged > 0).length
    return {
      lines: [
        told("record events", `${emitted} in ${runs.length} runs`),
        exactly("events acknowledged", Number(log?.["done"]), events),
        exactly("events at the receiver", acknowledged, events),
        exactly("attempts", Number(log?.["tries"]), events),
        exactly("duplicates", receiver.repeated(), 0),
        told("read and delivered", `${Math.round(emitted / seconds)} records a second`)
      ],
      raw: { emitted, events, requests: receiver.requests(), runs: runs.length, seconds }
    }
  }

/** M3: without faults nothing comes twice. */
export const onSqlite: Section = {
  name: "fault-free",
  shows: "100,000 events without faults: each comes exactly once",
  run: faultFree(sqlite)
}
