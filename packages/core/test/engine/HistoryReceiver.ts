import type { Simulation } from "@crochet/core/testing"
import type { MemoryState } from "../../src/store/memory/MemoryState.ts"
import type { Delivered } from "./Harness.ts"

type SimulatedApp = Simulation.SimulatedApp

export const violated = (what: string): never => {
  throw new Error(what)
}

/** A receiver that believes what it is told, and checks that it may. */
export class Receiver {
  readonly records = new Map<string, string>()
  readonly #sequences = new Map<string, number>()
  readonly #ids = new Set<string>()
  readonly #state: MemoryState
  readonly #app: SimulatedApp
  refusals = 0
  /** A mapper changed, or a definition: a change that looks like none is allowed, a new record that is known too. */
  lenient = false
  accepted = 0

  constructor(state: MemoryState, app: SimulatedApp) {
    this.#state = state
    this.#app = app
  }

  answer(event: Delivered): number {
    if (this.refusals > 0) {
      this.refusals--
      return 500
    }
    if (this.#ids.has(event.eventId))
      violated(`${event.eventType} ${event.eventId} came again after it was acknowledged`)
    this.#ids.add(event.eventId)
    if (event.recordId !== undefined) {
      this.accepted++
      this.#apply(event, event.recordId)
    }
    if (event.eventType === "sync.events.allConsumed") this.#close(event)
    return 200
  }

  #apply({ eventData, eventType, sequence, syncRunId }: Delivered, id: string): void {
    const expected = (this.#sequences.get(id) ?? 0) + 1
    if (Number(sequence) !== expected) violated(`${id}: sequence ${sequence} instead of ${expected}`)
    this.#sequences.set(id, expected)
    const known = this.records.get(id)
    const { mode, type } = this.#state.runs.get(syncRunId)!.run
    if (eventType === "record.deleted") {
      if (known === undefined) violated(`${id} was deleted, but is unknown`)
      const excuse = eventData["reason"] === "inactive" ? this.#app.everInactive : this.#app.everAbsent
      if (!excuse.has(id)) violated(`${id} was deleted as ${String(eventData["reason"])}, which it never was`)
      this.records.delete(id)
      return
    }
    const content = contentOf(eventData)
    if (eventType === "record.modified") {
      if (known === undefined) violated(`${id} was modified, but is unknown`)
      if (known === content && mode !== "record" && !this.lenient) violated(`${id} was modified, but is the same`)
    } else if (known !== undefined && type !== "initial_sync" && !this.lenient)
      violated(`${id} is new in a delta, but known`)
    this.records.set(id, content)
  }

  #close({ eventData, syncRunId }: Delivered): void {
    const events = [...this.#state.events.values()]
      .map(({ record }) => record)
      .filter(({ runId }) => runId === syncRunId)
    const open = events.filter(({ state, type }) => type !== "sync.events.allConsumed" && state !== "acknowledged")
    if (open.length > 0)
      violated(`allConsumed came while ${open.map(({ type }) => type).join(", ")} was not acknowledged`)
    const records = events.filter(({ type }) => type.startsWith("record.")).length
    const { consumed, emitted, processed } = eventData as { emitted: number; consumed: number; processed: number }
    if (emitted !== records || consumed !== records) violated(`allConsumed counts ${emitted}/${consumed} of ${records}`)
    if (processed !== this.#state.runs.get(syncRunId)!.run.counts.processed)
      violated("allConsumed counts other records than the run")
  }
}

export const contentOf = (eventData: { readonly [key: string]: unknown }): string => {
  const { photo: _, ...profile } = eventData["profile"] as { readonly [key: string]: unknown }
  return JSON.stringify({ ...eventData, profile })
}
