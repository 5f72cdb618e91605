import { exactly, atLeast, type Report, type Request, type Section, told, within } from "../Section.ts"
import { audit } from "../kills/Audit.ts"
import { patient } from "../kills/Patient.ts"
import { sqlite } from "../world/Database.ts"
import { until } from "../world/Deadline.ts"
import { tally } from "../world/Tally.ts"
import { app, installation } from "../world/World.ts"

const destinations = 32

/** F-18: SIGTERM while 500 requests are under way: each is finished, nothing else is begun, nothing comes twice. */
const graceful = async ({ say, seed }: Request) => {
  const simulator = await app({ employees: 100, seed: seed % 1000 })
  const receiver = await tally()
  const host = await installation(simulator)
  let hold = true
  receiver.answer(async () => {
    while (hold) await new Promise((resolve) => setTimeout(resolve, 10))
    return 200
  })
  for (let number = 0; number < destinations; number++) {
    await host.register({ url: `${receiver.url}/${number}`, trust: receiver.trust })
    await host.connect({ originOrgId: `org-${number}` })
  }
  await until("500 requests are under way", () => receiver.active() >= 500)
  const underWay = receiver.active()
  say(`  ${underWay} requests under way`)
  const stopping = host.stop()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  hold = false
  const code = await stopping
  const delivered = [...receiver.counts.values()].filter(({ acknowledged }) => acknowledged > 0).length
  const begun = receiver.requests()
  // The next process finds the rest free: it does not wait for leases.
  const restarted = performance.now()
  await host.restart({ waitForLeases: true })
  await until("deliveries go on", () => receiver.requests() > begun)
  const gap = (performance.now() - restarted) / 1000
  await until("everything is delivered", async () => {
    const [open] = await host.data.query("SELECT count(*) AS n FROM outbox")
    return Number(open?.["n"]) === 0
  })
  await host.stop()
  const [log] = await host.data.query("SELECT count(*) AS n FROM events WHERE state = 'acknowledged'")
  return {
    underWay,
    code,
    delivered,
    begun,
    gap,
    repeated: receiver.repeated(),
    acknowledged: Number(log?.["n"]),
    received: receiver.counts.size
  }
}

/** F-15: a process that stands still past its leases, while another takes its work, changes nothing when it wakes up. */
const paused = async ({ seed }: Request) => {
  const sick = await patient({ databases: sqlite, seed })
  const { begin, completes, host, integrationId, receiver, usual } = sick
  const program = host.program()
  await host.order({ point: "answer.read", pass: 40, signal: "SIGSTOP" })
  const run = await begin(() => host.initial(integrationId))
  await until("the process stands still", () => /SIGSTOP at answer\.read/.test(program.output()))
  const syncRunId = await run().catch(() => "")
  receiver.answer(usual)
  receiver.nextGeneration()
  // A second process on the same database.
  await host.restart({ waitForLeases: true })
  const second = await host.runs(integrationId)
  const stopped = syncRunId === "" ? second[0]!.syncRunId : syncRunId
  await host.reaches(stopped, "completed")
  const snapshot = () => host.data.query("SELECT id, state, attempts, settled_at FROM events ORDER BY id")
  const before = JSON.stringify(await snapshot(), (_, value) => (typeof value === "bigint" ? String(value) : value))
  const arrivals = receiver.arrivals.length
  program.child.kill("SIGCONT")
  // It has outcomes in its hands and events in its queue, and time enough to try.
  await new Promise((resolve) => setTimeout(resolve, 3000))
  program.child.kill("SIGTERM")
  const code = await program.exit
  const after = JSON.stringify(await snapshot(), (_, value) => (typeof value === "bigint" ? String(value) : value))
  const sent = receiver.arrivals.length - arrivals
  await completes(await host.initial(integrationId))
  sick.kills.push(sick.death("SIGSTOP"))
  const findings = await audit(sick)
  await host.stop()
  return { changed: before === after ? 0 : 1, sent, code, findings }
}

const run = async (request: Request): Promise<Report> => {
  const stop = await graceful(request)
  const still = await paused(request)
  const { findings } = still
  return {
    lines: [
      atLeast("SIGTERM: requests under way", stop.underWay, 500),
      exactly("SIGTERM: exit code", stop.code ?? -1, 0),
      exactly("SIGTERM: requests begun and not finished", stop.begun - stop.delivered, 0),
      exactly("SIGTERM: duplicates", stop.repeated, 0),
      exactly("SIGTERM: events acknowledged, of those received", stop.acknowledged, stop.received),
      within(request, "SIGTERM: the next process delivers after", stop.gap, 8, " s", 1),
      exactly("SIGSTOP past the lease: rows changed on waking up", still.changed, 0),
      exactly("SIGSTOP past the lease: requests sent on waking up", still.sent, 0),
      exactly(
        "SIGSTOP past the lease: lost, phantom, altered, wrong allConsumed, unbalanced",
        findings.lost.length +
          findings.phantom.length +
          findings.altered.length +
          findings.wrongAllConsumed.length +
          findings.unbalanced.length,
        0
      ),
      told("SIGSTOP past the lease: duplicates", String(findings.duplicates.reduce((sum, one) => sum + one, 0)))
    ],
    details: [...findings.lost, ...findings.phantom, ...findings.wrongAllConsumed, ...findings.unbalanced],
    raw: { stop, still }
  }
}

/** Processes that are asked to stop, and processes that stand still. */
export const section: Section = {
  name: "stops",
  shows: "SIGTERM with 500 requests under way; SIGSTOP past the lease, then SIGCONT",
  run
}
