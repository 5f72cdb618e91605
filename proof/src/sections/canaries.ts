import { canariesOf, filesOf, search } from "../../../demo/Canaries.ts"
import { atLeast, exactly, type Report, type Request, type Section, told } from "../Section.ts"
import { type Database, type Databases, sqlite } from "../world/Database.ts"
import { until } from "../world/Deadline.ts"
import { assertDelivered } from "../world/Oracle.ts"
import { planted, spellings } from "../world/Planted.ts"
import { postgres } from "../world/Postgres.ts"
import { app, inbox, installation } from "../world/World.ts"

/** Everything that the database holds: the bytes of its files, or every row of every table. */
const dump = async (database: Database): Promise<ReadonlyArray<readonly [string, Buffer]>> => {
  if (database.file !== null) return [...filesOf(database.file, "")]
  const tables = await database.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
  )
  return Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.query(`SELECT row_to_json(t)::text AS row FROM "${String(name)}" t`)
      return [String(name), Buffer.from(rows.map(({ row }) => String(row)).join("\n"))] as const
    })
  )
}

const scan = async (databases: Databases, seed: number) => {
  const simulator = await app({ employees: 60, seed: seed % 1000, apiKey: "canary-key-of-the-app-0123456789" })
  const receiver = await inbox()
  const host = await installation(simulator, { CROCHET_LOG_LEVEL: "debug" }, { databases })
  simulator.control.hire([planted(1), planted(2)])
  const personal = await canariesOf(simulator)
  for (const text of [planted(1), planted(2)].flatMap((person) => Object.values(person))) {
    ;(personal as Set<string>).add(text)
  }
  const headers = { "X-Canary": "canary-header-of-the-webhook-42" }
  const { secret } = await host.register(receiver, { headers })
  const secrets = [simulator.apiKey, headers["X-Canary"], secret, secret.slice("whsec_".length), host.apiKey]
  const needles = new Set([...personal, ...secrets].flatMap(spellings))
  const bodies = async () => Number((await host.data.query("SELECT count(*) AS n FROM bodies"))[0]?.["n"])
  const found: Array<string> = []
  let bytes = 0
  const look = async (when: string) => {
    const result = search(needles, new Map([...(await dump(host.data)), ["log", Buffer.from(host.log())] as const]))
    bytes += result.bytes
    for (const [needle, places] of result.hits)
      found.push(`${databases.kind}, ${when}: ${needle} in ${places.join(", ")}`)
  }

  receiver.answer(({ event }) => (event.recordId === undefined ? 200 : 500))
  const integrationId = await host.connect({ originOrgName: "Acme" })
  const run = (await host.firstRun(integrationId)).syncRunId
  await host.reaches(run, "processed")
  await until("records were refused", () => receiver.arrivals.some((one) => one.answered?.status === 500))
  const waiting = await bodies()
  await look("while events wait")
  receiver.answer(() => 200)
  // They wait for their next attempts: minutes that need not pass.
  const soon = "UPDATE outbox SET due_at = 1 WHERE due_at > 1"
  await until("everything is acknowledged", async () => {
    await host.data.rewrite(soon)
    return (await host.run(run)).status === "completed"
  })
  const left = await bodies()
  await look("after the acknowledgement")
  await host.stop()
  await look("after the stop")
  assertDelivered(receiver)
  // The same search finds what was sent where it was sent.
  const sent = new Map([["events", Buffer.from(receiver.arrivals.map(({ text }) => text).join("\n"))]])
  return { found, bytes, waiting, left, needles: needles.size, control: search(personal, sent).hits.size }
}

const run = async ({ seed }: Request): Promise<Report> => {
  const { databases } = await postgres()
  const scans = await Promise.all([sqlite, databases].map((one) => scan(one, seed)))
  const sum = (of: (one: (typeof scans)[number]) => number) => scans.reduce((all, one) => all + of(one), 0)
  return {
    lines: [
      told(
        "searched for",
        `${sum((one) => one.needles)} spellings in ${(sum((one) => one.bytes) / 2 ** 20).toFixed(1)} MiB`
      ),
      atLeast("bodies that waited", Math.min(...scans.map((one) => one.waiting)), 60 / 2),
      exactly(
        "canary hits",
        sum((one) => one.found.length),
        0
      ),
      exactly(
        "bodies after the acknowledgement",
        sum((one) => one.left),
        0
      ),
      atLeast("canaries found in the events, as a control", Math.min(...scans.map((one) => one.control)), 100)
    ],
    details: scans.flatMap((one) => one.found),
    raw: scans
  }
}

/** F-84, M13. */
export const section: Section = {
  name: "canaries",
  shows: "planted personal values and secrets: in no file, no table, no log line of either database's installation",
  waits: true,
  run
}
