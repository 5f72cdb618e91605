import { audit } from "../kills/Audit.ts"
import { patient } from "../kills/Patient.ts"
import { atLeast, exactly, type Report, type Request, type Section, told } from "../Section.ts"
import { postgres } from "../world/Postgres.ts"
import { until } from "../world/Deadline.ts"

const processes = 4

const run = async ({ ci, long, say, seed }: Request): Promise<Report> => {
  const { databases } = await postgres()
  const sick = await patient({ databases, seed })
  const { completes, host, integrationId, receiver } = sick
  // The first one answers the calls; the others come and go.
  const fleet = await Promise.all(Array.from({ length: processes - 1 }, () => host.another()))
  const turns = long ? 120 : ci ? 4 : 8
  let runs = 0
  let over = false
  const work = (async () => {
    while (!over) {
      const run = await host.initial(integrationId)
      await completes(run)
      runs++
    }
  })()
  // Whoever is killed has requests under way.
  receiver.answer(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return 200
  })
  let killed = 0
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 5000))
    const at = turn % fleet.length
    // Every other one is asked, the rest are not.
    fleet[at]!.child.kill(turn % 2 === 0 ? "SIGKILL" : "SIGTERM")
    await fleet[at]!.exit
    killed++
    fleet[at] = await host.another()
    say(`  ${killed} restarts, ${runs} runs`)
  }
  over = true
  await work
  await until("nothing is under way", async () => {
    const [open] = await host.data.query("SELECT count(*) AS n FROM outbox")
    return Number(open?.["n"]) === 0
  })
  const repeated = receiver.arrivals.length - new Set(receiver.arrivals.map(({ event }) => event.eventId)).size
  const findings = await audit(sick, { anyProcess: true })
  for (const one of fleet) {
    one.child.kill("SIGTERM")
    await one.exit
  }
  await host.stop()
  const { altered, lost, phantom, unbalanced, wrongAllConsumed } = findings
  return {
    lines: [
      told("processes", String(processes)),
      atLeast("restarts, half of them kill -9", killed, turns),
      atLeast("runs completed", runs, 1),
      exactly("lost", lost.length, 0),
      exactly("phantom", phantom.length, 0),
      exactly("wrong allConsumed", wrongAllConsumed.length, 0),
      exactly("altered, or books out of balance", altered.length + unbalanced.length, 0),
      told("duplicates", `${repeated} of ${receiver.arrivals.length}`)
    ],
    details: [...lost, ...phantom, ...wrongAllConsumed, ...altered, ...unbalanced],
    raw: findings
  }
}

/** F-19. */
export const section: Section = {
  name: "rolling",
  shows: "four processes on one Postgres, one after the other killed or stopped every 5 s",
  waits: true,
  run
}
