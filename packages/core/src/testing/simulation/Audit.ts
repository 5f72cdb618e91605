import type { MemoryState } from "../../store/memory/MemoryState.ts"
import type { Run } from "../../sync/Run.ts"
import * as Barrier from "../../store/Barrier.ts"
import { isThrough, type Known } from "./Known.ts"
import type { Ledger } from "./Ledger.ts"

/** Compares what is stored with what is known, at any time: purge, atomic diff, books. */
export const audit = (ledger: Ledger, state: MemoryState, markers: ReadonlyArray<string>): void => {
  purge(ledger, state, markers)
  diff(ledger, state)
  for (const { run } of state.runs.values()) books(ledger, run)
}

/** In addition, once everything had time to come to rest: nothing is lost, nothing waits, every run is closed rightly. */
export const auditEnd = (ledger: Ledger, state: MemoryState): void => {
  for (const [id, known] of ledger.events) {
    const stored = state.events.get(id)?.record.state
    if (known.settled === null) {
      if (state.outbox.has(id)) ledger.violate("I10 liveness", `${known.event.type} is still not settled`, id)
      else ledger.violate("I1 no loss", `${known.event.type} was never settled and is in no outbox`, id)
    } else if (stored !== known.settled) {
      ledger.violate("I1 no loss", `the log has it as ${stored ?? "absent"}, but it was ${known.settled}`, id)
    }
  }
  for (const id of state.events.keys()) {
    if (!ledger.events.has(id))
      ledger.violate("I2 no phantom", "the log has an event that no transaction committed", id)
  }
  for (const { run } of state.runs.values()) ending(ledger, state, run)
}

const purge = (ledger: Ledger, state: MemoryState, markers: ReadonlyArray<string>): void => {
  const bodies = new Map<string, string>()
  for (const [id, known] of ledger.events) {
    if (known.settled === null) continue
    bodies.set(nonce(known.event.body), id)
    if (state.outbox.has(id)) ledger.violate("I5 purge", `it is in the outbox although it was ${known.settled}`, id)
  }
  const look = (value: unknown, where: string): void => {
    if (value instanceof Uint8Array) {
      const id = value.length > 32 ? bodies.get(nonce(value)) : undefined
      if (id !== undefined) ledger.violate("I5 purge", `the body of a settled event is in ${where}`, id)
    } else if (typeof value === "string") {
      if (markers.some((marker) => value.includes(marker))) {
        ledger.violate("I5 purge", `a record's value is in clear in ${where}`)
      }
    } else if (value instanceof Map) {
      for (const inner of value.values()) look(inner, where)
    } else if (Array.isArray(value)) {
      for (const inner of value) look(inner, where)
    } else if (typeof value === "object" && value !== null && !(value instanceof Set)) {
      for (const key in value) look((value as Record<string, unknown>)[key], where)
    }
  }
  for (const [table, rows] of Object.entries(state)) look(rows, table)
}

/** What makes a sealed value that value and no other. */
const nonce = (sealed: Uint8Array): string => sealed.subarray(1, 13).join()

const diff = (ledger: Ledger, state: MemoryState): void => {
  for (const [jobId, rows] of state.snapshots) {
    for (const row of rows.values()) {
      const events = ledger.records.get(`${jobId}/${row.ordinal}`)
      const latest = events === undefined ? 0 : Math.max(...events.keys())
      if (latest === row.sequence && (events?.size ?? 0) === row.sequence) continue
      const message = `row ${row.ordinal} has sequence ${row.sequence}, but has ${events?.size ?? 0} events up to ${latest}`
      ledger.violate("I8 atomic diff", message, jobId, ...[...(events?.values() ?? [])].map(({ event: { id } }) => id))
    }
  }
}

const isClosing = ({ event: { type } }: Known): boolean => Barrier.isClosing(type)

const books = (ledger: Ledger, run: Run): void => {
  const known = ledger.runs.get(run.id)?.events ?? []
  const others = known.filter((one) => !isClosing(one))
  const records = others.filter(({ event }) => event.record !== null)
  const count = (events: ReadonlyArray<Known>, ...fates: ReadonlyArray<Known["settled"]>) =>
    events.filter(({ repaired, settled }) => !repaired && fates.includes(settled)).length
  const facts = {
    emitted: records.length,
    consumed: count(records, "acknowledged") + records.filter(({ repaired }) => repaired).length,
    coalesced: count(others, "coalesced"),
    outstanding: count(others, null),
    expired: count(others, "expired", "discarded")
  }
  for (const [field, fact] of Object.entries(facts) as ReadonlyArray<[keyof typeof facts, number]>) {
    if (run[field] !== fact)
      ledger.violate("I9 books balance", `${field} is ${run[field]}, but should be ${fact}`, run.id)
  }
}

const ending = (ledger: Ledger, state: MemoryState, run: Run): void => {
  const known = ledger.runs.get(run.id)
  const closing = known?.events.filter(isClosing) ?? []
  const about = [run.id, ...closing.map(({ event: { id } }) => id)]
  if (known === undefined || known.ended === null) {
    return ledger.violate("I10 liveness", `the run is still ${run.status}`, ...about)
  }
  if (known.ended !== "processed") {
    if (closing.length > 0) ledger.violate("I4 barrier", `a run that ${known.ended} has a closing event`, ...about)
  } else {
    const others = known.events.filter((one) => !isClosing(one))
    const whole = others.every(isThrough)
    const all = closing.filter(({ event: { type } }) => type === "sync.events.allConsumed")
    const isGone = ledger.removed.has(run.destinationId)
    const told = [...all, ...known.repeats].some(
      ({ event, settled }) => event.type === "sync.events.allConsumed" && settled === "acknowledged"
    )
    const expected = whole && told ? "completed" : "incomplete"
    // Where nobody is left to be told, a whole run is completed all the same.
    if (run.status !== expected && !(isGone && whole && Barrier.isOver(run.status)))
      ledger.violate("I4 barrier", `the run is ${run.status}, not ${expected}`, ...about)
    if (all.length > 1 || closing.length > all.length + 1 || (whole && all.length !== 1 && !isGone)) {
      ledger.violate("I4 barrier", `${closing.length} closing events of one run, ${all.length} allConsumed`, ...about)
    }
  }
  const pending = known.events.some(({ settled }) => settled === null)
  if (!pending && state.dataKeys.has(`run|${run.id}`)) {
    ledger.violate("I5 purge", "the run is over and its data key is still there", run.id)
  }
}
