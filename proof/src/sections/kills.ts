import { CrashPoint } from "@crochet/core"
import * as KillRunner from "../kills/KillRunner.ts"
import { atLeast, atMost, exactly, type Report, type Request, type Section, told, within } from "../Section.ts"
import { quantile } from "../Statistics.ts"
import { type Databases, sqlite } from "../world/Database.ts"
import { mostRepeated } from "../world/Oracle.ts"
import { postgres } from "../world/Postgres.ts"

/** From the start of the next process to the next delivery of what was in flight. */
const recoveryMillis = { p99: 15_000, max: 20_000 }
/** Kills whose recovery is measured, on each database. */
const measured = { ci: 6, usual: 10 }
/** Kills on each database: at every crash point, and then at random moments. */
const most = { ci: 34, usual: 40, long: 500 }

/** A process that is given no time loses its leases, and others send again: told in CI, whose machine has other work. */
const again = (ci: boolean, count: number) =>
  ci ? told("sent again by a living process", String(count)) : exactly("sent again by a living process", count, 0)

const reportOf = (
  outcomes: ReadonlyArray<KillRunner.Outcome>,
  wanted: { readonly kills: number; readonly points: number; readonly measured: number; readonly ci: boolean }
): Report => {
  const found = outcomes.flatMap(({ findings }) => (findings === null ? [] : [findings]))
  const sum = (of: (one: (typeof found)[number]) => number) => found.reduce((all, one) => all + of(one), 0)
  const causes = new Set(outcomes.flatMap((one) => one.causes))
  const duplicates = found.flatMap((one) => one.duplicates)
  const recoveries = found.flatMap((one) => one.recoveries)
  const seconds = (share: number, since: "sinceKill" | "sinceRestart" | "sinceReady" = "sinceRestart") =>
    quantile(
      recoveries.map((one) => one[since]),
      share
    ) / 1000
  const both = (since: "sinceKill" | "sinceReady") =>
    `p50 ${seconds(0.5, since).toFixed(1)} s, p99 ${seconds(0.99, since).toFixed(1)} s, max ${seconds(1, since).toFixed(1)} s`
  const kinds = ["lost", "phantom", "wrongAllConsumed", "altered", "unbalanced"] as const
  return {
    lines: [
      atLeast(
        "kills",
        sum((one) => one.kills),
        wanted.kills
      ),
      exactly(
        "crash points with a kill",
        CrashPoint.points.filter(({ name }) => causes.has(name)).length,
        wanted.points
      ),
      told("events audited", `${sum((one) => one.events)} (${sum((one) => one.deliveries)} deliveries)`),
      exactly(
        "lost",
        sum((one) => one.lost.length),
        0
      ),
      exactly(
        "phantom",
        sum((one) => one.phantom.length),
        0
      ),
      exactly(
        "wrong allConsumed",
        sum((one) => one.wrongAllConsumed.length),
        0
      ),
      exactly(
        "altered bodies or signatures",
        sum((one) => one.altered.length),
        0
      ),
      exactly(
        "books out of balance",
        sum((one) => one.unbalanced.length),
        0
      ),
      exactly(
        "other failures",
        outcomes.reduce((all, one) => all + one.failures.length, 0),
        0
      ),
      told("duplicates in all", String(duplicates.reduce((all, one) => all + one, 0))),
      again(
        wanted.ci,
        sum((one) => one.again.length)
      ),
      atMost("duplicates after one kill", Math.max(0, ...duplicates), mostRepeated),
      atLeast(
        "kills whose leases ran out by themselves",
        sum((one) => new Set(one.recoveries.map(({ kill }) => kill)).size),
        wanted.measured
      ),
      ...(recoveries.length === 0 && wanted.measured === 0
        ? []
        : [
            told("recovery since the restart, p50", `${seconds(0.5).toFixed(1)} s of ${recoveries.length} events`),
            told("recovery since the kill", both("sinceKill")),
            told("recovery since ready", both("sinceReady")),
            within(wanted, "recovery since the restart, p99", seconds(0.99), recoveryMillis.p99 / 1000, " s", 1),
            within(wanted, "recovery since the restart, max", seconds(1), recoveryMillis.max / 1000, " s", 1)
          ])
    ],
    details: [
      ...outcomes.flatMap((one) => one.failures),
      ...kinds.flatMap((kind) => found.flatMap((one) => one[kind].slice(0, 5).map((text) => `${kind}: ${text}`)))
    ],
    raw: outcomes
  }
}

const kills = (databases: Databases) => async (request: Request) => {
  const mode = request.long ? "long" : request.ci ? "ci" : "usual"
  const kills = most[mode]
  const points = CrashPoint.points.length
  const all = { kills, points, measured: request.ci ? measured.ci : measured.usual, ci: request.ci }
  const outcomes = await KillRunner.run({ databases, kills, request })
  return reportOf(outcomes, request.point === undefined ? all : { kills: 1, points: 1, measured: 0, ci: request.ci })
}

/** Real `kill -9` on SQLite. */
export const onSqlite: Section = {
  name: "kills-sqlite",
  shows: "kill -9 at every crash point and at random moments, on SQLite",
  waits: true,
  run: kills(sqlite)
}
/** Real `kill -9` on Postgres. */
export const onPostgres: Section = {
  name: "kills-postgres",
  shows: "kill -9 at every crash point and at random moments, on Postgres",
  waits: true,
  run: async (request) => kills((await postgres()).databases)(request)
}
