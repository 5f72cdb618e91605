import { DatabaseSync } from "node:sqlite"
import { audit } from "../kills/Audit.ts"
import { type Survival, survive } from "../kills/Fault.ts"
import { patient, type Patient } from "../kills/Patient.ts"
import { exactly, type Report, type Request, type Section, told, within } from "../Section.ts"
import { sqlite } from "../world/Database.ts"

/** From the end of a fault until events are settled again. */
export const mostRecoverySeconds = 15

/** The lines that every database's faults have in common. */
export const reportOf = async (
  request: Request,
  sick: Patient,
  survivals: ReadonlyArray<Survival>
): Promise<Report> => {
  // The same process sends again what it could not write before its leases passed: that is counted below.
  const findings = await audit(sick, { anyProcess: true })
  const { altered, lost, phantom, unbalanced, wrongAllConsumed } = findings
  return {
    lines: [
      ...survivals.flatMap(({ name, recovery, survived, told: logged }) => [
        within(request, `${name}: goes on after`, recovery / 1000, mostRecoverySeconds, " s", 1),
        exactly(`${name}: restarts of the program`, survived ? 0 : 1, 0),
        exactly(`${name}: silence in the log`, logged ? 0 : 1, 0)
      ]),
      exactly("lost", lost.length, 0),
      exactly("phantom", phantom.length, 0),
      exactly("wrong allConsumed", wrongAllConsumed.length, 0),
      exactly("altered, or books out of balance", altered.length + unbalanced.length, 0),
      told(
        "duplicates",
        String(sick.receiver.arrivals.length - new Set(sick.receiver.arrivals.map(({ event }) => event.eventId)).size)
      )
    ],
    details: [...lost, ...phantom, ...wrongAllConsumed, ...altered, ...unbalanced],
    raw: { survivals, findings }
  }
}

const run = async (request: Request): Promise<Report> => {
  const { say, seed } = request
  const sick = await patient({ databases: sqlite, seed })
  const { host } = sick
  const survivals: Array<Survival> = []
  const suffer = async (name: string, words: RegExp, fault: Parameters<typeof survive>[2]) => {
    survivals.push(await survive(sick, name, fault, words))
    say(`  ✓ ${name}`)
  }
  const other = new DatabaseSync(host.database, { timeout: 10_000 })
  await suffer("locked by another for 12 s", /holds the database's lock/, {
    begin: async () => other.exec("BEGIN IMMEDIATE"),
    millis: 12_000,
    end: async () => other.exec("ROLLBACK")
  })
  other.close()
  // No free page is left over for what comes.
  await host.pragma("shrink_memory; VACUUM")
  await suffer("disk full for 5 s", /the disk or the database is full/, {
    begin: () => host.pragma("max_page_count = 1"),
    millis: 5000,
    end: () => host.pragma("max_page_count = 4294967294")
  })
  await suffer("read-only for 5 s", /the database is read-only/, {
    begin: () => host.pragma("query_only = ON"),
    millis: 5000,
    end: () => host.pragma("query_only = OFF")
  })
  const report = await reportOf(request, sick, survivals)
  await host.stop()
  return report
}

/** F-36 on SQLite. */
export const onSqlite: Section = {
  name: "faults-sqlite",
  shows: "a locked, a full and a read-only SQLite database: nothing false, and on it goes without a restart",
  waits: true,
  run
}
