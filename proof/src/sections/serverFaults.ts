import { type Survival, survive } from "../kills/Fault.ts"
import { patient } from "../kills/Patient.ts"
import type { Report, Request, Section } from "../Section.ts"
import { postgres } from "../world/Postgres.ts"
import { reportOf } from "./databaseFaults.ts"

const run = async (request: Request): Promise<Report> => {
  const { say, seed } = request
  const { databases, server } = await postgres()
  const sick = await patient({ databases, seed })
  const survivals: Array<Survival> = []
  const suffer = async (name: string, fault: Parameters<typeof survive>[2]) => {
    survivals.push(await survive(sick, name, fault, /connection|starting or stopping|takes too long/))
    say(`  ✓ ${name}`)
  }
  const others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crochet'"
  await suffer("connections terminated ten times", {
    begin: async () => {
      for (let time = 0; time < 10; time++) {
        await server.query(others)
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
    millis: 0,
    end: async () => {}
  })
  await suffer("the server restarted", { begin: server.stop, millis: 1000, end: () => server.start() })
  await suffer("the server killed", { begin: server.kill, millis: 1000, end: () => server.start() })
  await suffer("the server away for 12 s", { begin: server.kill, millis: 12_000, end: () => server.start() })
  const report = await reportOf(request, sick, survivals)
  await sick.host.stop()
  return report
}

/** F-30, F-31, F-32, M5. */
export const section: Section = {
  name: "faults-postgres",
  shows: "a Postgres server that ends connections, restarts, is killed, is away: on it goes without a restart",
  waits: true,
  run
}
