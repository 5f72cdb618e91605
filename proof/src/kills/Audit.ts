import type { Arrival } from "../world/Inbox.ts"
import { repetitions } from "../world/Oracle.ts"
import type { Patient } from "./Patient.ts"

/** What an audit of every id found; everything but duplicates must be zero. */
export interface Findings {
  readonly events: number
  readonly deliveries: number
  readonly kills: number
  /** Acknowledged in the log and never answered with 200, or neither settled nor on its way to be. */
  readonly lost: ReadonlyArray<string>
  /** Received and in no log. */
  readonly phantom: ReadonlyArray<string>
  /** `allConsumed` twice, too early, for a run that has expired events, or not at all. */
  readonly wrongAllConsumed: ReadonlyArray<string>
  /** Another body under the same id, or a signature that does not fit. */
  readonly altered: ReadonlyArray<string>
  /** Runs whose books do not balance. */
  readonly unbalanced: ReadonlyArray<string>
  /** Repeated deliveries after each kill. */
  readonly duplicates: ReadonlyArray<number>
  /** Sent again by the process that had sent it: when the machine stands still for longer than a lease. */
  readonly again: ReadonlyArray<string>
  /** Of each event that was in flight when a process died whose leases ran out by themselves. */
  readonly recoveries: ReadonlyArray<Recovery>
}

/** How long an event that was in flight took until it was sent again, milliseconds. */
export interface Recovery {
  /** Which kill of this patient. */
  readonly kill: number
  readonly sinceKill: number
  /** Since the program was started again. */
  readonly sinceRestart: number
  /** Since the new process was ready; 0 when it sent the event before it said so. */
  readonly sinceReady: number
}

const text = (value: unknown) => String(value)

const recoveriesOf = ({ kills, receiver }: Patient): ReadonlyArray<Recovery> => {
  const first = new Map<string, Arrival>()
  const samples: Array<Recovery> = []
  for (const arrival of receiver.arrivals) {
    const { eventId } = arrival.event
    const before = first.get(eventId)
    first.set(eventId, arrival)
    if (before === undefined || before.generation === arrival.generation) continue
    // The kill that ended the process which had sent it before.
    const kill = kills[before.generation]
    if (kill?.waited === true && (kill.unanswered.has(eventId) || before.answered?.status === 200)) {
      samples.push({
        kill: before.generation,
        sinceKill: arrival.at - kill.at,
        sinceRestart: arrival.at - kill.restarted,
        sinceReady: Math.max(0, arrival.at - kill.ready)
      })
    }
  }
  return samples
}

/** Looks at every event of the log and at every request that came, when nothing is under way any more. */
export const audit = async (
  patient: Patient,
  /** With several processes nobody knows which one sent what: duplicates are counted elsewhere then. */
  options: { readonly anyProcess?: boolean } = {}
): Promise<Findings> => {
  const { host, kills, pruned, receiver } = patient
  const log = await host.data.query("SELECT id, run_id, type, state, record FROM events")
  const runs = await host.data.query("SELECT * FROM runs")
  const byId = new Map<string, Array<Arrival>>()
  for (const arrival of receiver.arrivals) {
    const { eventId } = arrival.event
    const known = byId.get(eventId)
    if (known === undefined) byId.set(eventId, [arrival])
    else known.push(arrival)
  }
  const acknowledgedAt = (id: string) =>
    Math.min(...(byId.get(id) ?? []).flatMap(({ answered }) => (answered?.status === 200 ? [answered.at] : [])))

  const lost: Array<string> = []
  const inLog = new Set(pruned)
  const ofRun = new Map<string, Array<(typeof log)[number]>>()
  for (const row of log) {
    const id = text(row["id"])
    inLog.add(id)
    const run = text(row["run_id"])
    const known = ofRun.get(run)
    if (known === undefined) ofRun.set(run, [row])
    else known.push(row)
    const settled = row["state"] === "acknowledged" ? acknowledgedAt(id) < Infinity : row["state"] !== "pending"
    if (!settled) lost.push(`${id} is ${text(row["state"])} and came ${byId.get(id)?.length ?? 0} times`)
  }
  const phantom = [...byId.keys()].filter((id) => !inLog.has(id))

  const altered: Array<string> = []
  for (const [id, arrivals] of byId) {
    const sound = arrivals.every((one) => one.knit && one.standard && one.headers["webhook-id"] === id)
    if (!sound || arrivals.some((one) => one.text !== arrivals[0]!.text)) altered.push(id)
  }

  const wrongAllConsumed: Array<string> = []
  const unbalanced: Array<string> = []
  for (const run of runs) {
    const id = text(run["id"])
    const count = (column: string) => Number(run[column] ?? 0)
    const events = ofRun.get(id) ?? []
    const left = count("consumed") + count("expired") + count("coalesced") + count("discarded")
    if (count("outstanding") !== 0 || count("emitted") !== left) {
      unbalanced.push(`${id}: emitted ${count("emitted")}, gone ${left}, outstanding ${count("outstanding")}`)
    }
    // What retention has removed cannot be counted any more.
    if (events.length === 0) continue
    const records = events.filter(({ record }) => record !== null).length
    if (records !== count("emitted")) unbalanced.push(`${id}: ${records} record events, emitted ${count("emitted")}`)
    const closing = events.filter(({ type }) => type === "sync.events.allConsumed").map((row) => text(row["id"]))
    const expected = run["status"] === "completed" ? 1 : 0
    if (closing.length !== expected) {
      wrongAllConsumed.push(`${id} is ${text(run["status"])} and has ${closing.length} allConsumed`)
    }
    for (const one of closing) {
      const began = byId.get(one)?.[0]?.at ?? -Infinity
      const open = events.find((row) => text(row["id"]) !== one && acknowledgedAt(text(row["id"])) > began)
      if (open !== undefined) wrongAllConsumed.push(`${one} came before ${text(open["id"])} was acknowledged`)
    }
  }
  const again: Array<string> = []
  return {
    events: log.length + pruned.size,
    deliveries: receiver.arrivals.length,
    kills: kills.length,
    lost,
    phantom,
    wrongAllConsumed,
    altered,
    unbalanced,
    duplicates: options.anyProcess === true ? [] : repetitions(receiver, kills.length, (what) => again.push(what)),
    again,
    recoveries: recoveriesOf(patient)
  }
}
