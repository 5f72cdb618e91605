import * as Exit from "effect/Exit"
import type { Destination } from "../../destination/Destination.ts"
import type { Attempt, EventRecord, NewEvent } from "../../event/Event.ts"
import * as Barrier from "../../store/Barrier.ts"
import type { ClaimedEvent, Outcome, Settlement } from "../../store/OutboxStore.ts"
import type { ReplayBatch } from "../../store/ReplayStore.ts"
import type { ClaimedRun, PageCommit, RunEnd, RunLease } from "../../store/SyncStore.ts"
import * as Option from "effect/Option"
import type { SimulatedProcess } from "./SimulatedProcess.ts"
import type { Invariant, Known, KnownRun, Violation } from "./Known.ts"
import type { Trace } from "./Trace.ts"

/**
 * What was committed, sent and accepted, written down at the ports and nowhere else: what the store says later is
 * judged by this.
 */
export class Ledger {
  readonly events = new Map<string, Known>()
  readonly runs = new Map<string, KnownRun>()
  /** By job and ordinal: the record's events by sequence. */
  readonly records = new Map<string, Map<number, Known>>()
  /** Requests by destination. */
  readonly requestsTo = new Map<string, number>()
  /** Destinations that have failed since their last success: since when, and how many requests they had had before. */
  readonly failing = new Map<string, { readonly since: number; readonly requests: number }>()
  /** For how long a destination has been paused until now. */
  pausedFor: (destinationId: string) => number = () => 0
  pauses = 0
  readonly removed = new Set<string>()
  /** What the log has of an event. */
  recordOf: (id: string) => EventRecord | undefined = () => undefined
  readonly violations: Array<Violation> = []
  readonly #trace: Trace
  readonly #now: () => number

  constructor(trace: Trace, now: () => number) {
    this.#trace = trace
    this.#now = now
  }

  violate(invariant: Invariant, message: string, ...about: ReadonlyArray<string>): void {
    this.#trace.add(`VIOLATION of ${invariant}`, message, ...about)
    if (this.violations.length < 50) this.violations.push({ invariant, at: this.#now(), message, about })
  }

  run(id: string): KnownRun {
    let run = this.runs.get(id)
    if (run === undefined) this.runs.set(id, (run = { token: -1, ended: null, events: [], repeats: [] }))
    return run
  }

  commit(events: ReadonlyArray<NewEvent>): void {
    for (const event of events) {
      if (this.events.has(event.id)) continue
      const known: Known = {
        event,
        books: Barrier.isClosing(event.type) ? this.#books(event) : null,
        committedAt: this.#now(),
        requestsBefore: this.requestsTo.get(event.destinationId) ?? 0,
        text: null,
        requests: 0,
        acceptedAt: null,
        acceptances: 0,
        settled: null,
        repaired: false,
        windowFrom: null,
        windowBy: null,
        pausedBefore: 0,
        attempts: 0,
        token: -1
      }
      this.events.set(event.id, known)
      this.#trace.add("committed", event.id, event.type, event.runId ?? "")
      const repeats = (event.origin?.eventId ?? null) !== null
      const runId = event.runId ?? (Barrier.isClosing(event.type) ? (event.origin?.runId ?? null) : null)
      if (runId !== null) this.run(runId)[repeats ? "repeats" : "events"].push(known)
      if (event.record === null || event.sequence === null) continue
      const key = `${event.jobId}/${event.record}`
      const ofRecord = this.records.get(key) ?? new Map<number, Known>()
      ofRecord.set(event.sequence, known)
      this.records.set(key, ofRecord)
    }
    for (const event of events) this.#coalesced(event)
  }

  #books(event: NewEvent): { readonly emitted: number; readonly consumed: number } {
    const { events } = this.run(event.runId ?? event.origin?.runId ?? "")
    const records = events.filter((one) => one.event.record !== null)
    const consumed = records.filter((one) => one.repaired || one.settled === "acknowledged").length
    return { emitted: records.length, consumed }
  }

  /** Notes whose place the event took, which must be an older modification that nobody held. */
  #coalesced(by: NewEvent): void {
    if (by.record === null || by.sequence === null) return
    for (const [sequence, known] of this.records.get(`${by.jobId}/${by.record}`) ?? []) {
      const { event } = known
      if (known.settled !== null) continue
      const record = this.recordOf(event.id)
      if (record?.state !== "coalesced") continue
      known.settled = "coalesced"
      this.#trace.add("coalesced", event.id, by.id)
      const newer = this.events.get(record.replacedBy ?? "")?.event
      const rightly =
        event.type === "record.modified" &&
        known.token === -1 &&
        newer?.destinationId === event.destinationId &&
        newer.record === event.record &&
        (newer.sequence ?? 0) > sequence
      if (!rightly) this.violate("I1 no loss", "another event took its place wrongly", event.id, by.id)
    }
  }

  /** Called in the very step in which an operation of a store took effect. `closing` are events that it made itself. */
  observe(
    process: SimulatedProcess,
    operation: string,
    args: ReadonlyArray<unknown>,
    exit: Exit.Exit<unknown, unknown>,
    closing: ReadonlyArray<NewEvent>
  ): void {
    if (Exit.isFailure(exit)) return
    switch (operation) {
      case "outbox.enqueue":
        return this.commit(args[0] as ReadonlyArray<NewEvent>)
      case "outbox.claim":
        return this.#claimed(process, exit.value as ReadonlyArray<ClaimedEvent>)
      case "outbox.renew": {
        const tokens = new Map((args[0] as ReadonlyArray<ClaimedEvent>).map((event) => [event.id, event.token]))
        for (const id of exit.value as ReadonlyArray<string>) this.#holds("a lease was renewed", id, tokens.get(id))
        return
      }
      case "outbox.release":
        for (const { id, token } of args[0] as ReadonlyArray<ClaimedEvent>) {
          const known = this.events.get(id)
          if (known?.token === token) known.token = -1
        }
        return
      case "outbox.settle":
        return this.#settled(process, args[0] as ReadonlyArray<Outcome>, exit.value as Settlement, closing)
      case "destinations.pause":
      case "destinations.resume":
        this.#trace.add(operation, String(args[0]), exit.value === null ? "nothing changed" : "")
        if (operation === "destinations.resume" && exit.value !== null) this.failing.delete(args[0] as string)
        if (exit.value === null) return
        if (operation === "destinations.pause") this.pauses++
        return this.commit(closing)
      case "destinations.remove":
        this.removed.add(args[1] as string)
        for (const known of this.events.values()) {
          if (known.event.destinationId !== args[1] || known.settled !== null) continue
          known.settled = "discarded"
          this.#trace.add("discarded", known.event.id)
        }
        return
      case "destinations.save":
        return this.#trace.add("destination saved", (args[0] as Destination).id, (args[0] as Destination).state)
      case "sync.claimRun": {
        const claimed = exit.value as Option.Option<ClaimedRun>
        if (Option.isNone(claimed)) return
        this.run(claimed.value.run.id).token = claimed.value.lease.token
        this.#trace.add(`${process.name} claimed the run`, claimed.value.run.id, claimed.value.run.mode)
        return
      }
      case "sync.renewRun":
        return this.#holdsRun("its lease was renewed", args[0] as RunLease)
      case "sync.releaseRun":
        this.#holdsRun("it was released", args[0] as RunLease)
        this.run((args[0] as RunLease).runId).token = -1
        return
      case "sync.commitPage":
        return this.#page(process, args[0] as RunLease, args[1] as PageCommit)
      case "sync.endRun": {
        const lease = args[0] as RunLease
        const end = args[1] as RunEnd
        this.#holdsRun("its reading ended", lease)
        this.#trace.add(`${process.name} ended the run`, lease.runId, end.status)
        const run = this.run(lease.runId)
        run.token = -1
        run.ended = end.status
        this.commit(end.events)
        return this.commit(closing)
      }
      case "sync.closeRun":
        return this.commit(closing)
      case "replays.commit":
        this.#trace.add(`${process.name} committed a batch`, (args[0] as { readonly replayId: string }).replayId)
        return this.commit((args[1] as ReplayBatch).events)
      case "sync.cancelRun":
        if (exit.value !== true) return
        this.#trace.add("cancelled the run", args[1] as string)
        Object.assign(this.run(args[1] as string), { token: -1, ended: "cancelled" })
    }
  }

  /** When the window of an event begins that was never tried itself: with its destination's failures, or with itself. */
  waitsSince({ committedAt, event, requestsBefore }: Known): { readonly at: number; readonly requests: number } {
    const failing = this.failing.get(event.destinationId)
    return failing === undefined || failing.since < committedAt
      ? { at: committedAt, requests: requestsBefore }
      : { at: failing.since, requests: failing.requests }
  }

  #claimed(process: SimulatedProcess, events: ReadonlyArray<ClaimedEvent>): void {
    for (const event of events) {
      this.#trace.add(`${process.name} claimed`, event.id, String(event.token))
      const known = this.events.get(event.id)
      if (known === undefined)
        this.violate("I2 no phantom", "an event was claimed that no transaction committed", event.id)
      else if (event.token <= known.token) this.violate("I6 fencing", "a claim's token did not grow", event.id)
      else known.token = event.token
    }
  }

  #holds(what: string, id: string, token: number | undefined): boolean {
    const known = this.events.get(id)
    if (known === undefined || known.token === token) return true
    this.violate("I6 fencing", `${what} with token ${token}, but the latest claim has ${known.token}`, id)
    return false
  }

  #holdsRun(what: string, lease: RunLease): void {
    const run = this.run(lease.runId)
    if (run.token === lease.token) return
    this.violate("I6 fencing", `${what} with token ${lease.token}, but the latest claim has ${run.token}`, lease.runId)
  }

  #page(process: SimulatedProcess, lease: RunLease, commit: PageCommit): void {
    this.#holdsRun("a page was committed", lease)
    this.#trace.add(`${process.name} committed a page`, lease.runId, `${commit.rows.length} rows`)
    this.commit(commit.events)
    for (const row of commit.rows) {
      if (row.sequence === 0 || this.records.get(`${lease.jobId}/${row.ordinal}`)?.has(row.sequence) === true) continue
      this.violate("I8 atomic diff", `row ${row.ordinal} has sequence ${row.sequence} without its event`, lease.jobId)
    }
  }

  #settled(
    process: SimulatedProcess,
    outcomes: ReadonlyArray<Outcome>,
    { lost }: Settlement,
    closing: ReadonlyArray<NewEvent>
  ): void {
    for (const outcome of outcomes) {
      const { event } = outcome
      // Not every store has all of these.
      const attempt: Attempt | null = outcome.attempt
      const kind: string = outcome.result.kind
      const words = `${attempt === null ? "no attempt" : (attempt.status ?? attempt.error)} → ${kind}`
      if (lost.includes(event.id)) {
        this.#trace.add(`${process.name} lost`, event.id, words)
        continue
      }
      this.#trace.add(`${process.name} settled`, event.id, words)
      this.#holds("an outcome was written", event.id, event.token)
      const known = this.events.get(event.id)
      if (known === undefined) continue
      known.token = -1
      const { destinationId } = known.event
      const requests = this.requestsTo.get(destinationId) ?? 0
      if (outcome.sign?.kind === "success") this.failing.delete(destinationId)
      else if (outcome.sign !== undefined && !this.failing.has(destinationId)) {
        this.failing.set(destinationId, { since: this.#now(), requests: requests - 1 })
      }
      // A failed probe, or one that was due for too long, is no attempt.
      if (attempt !== null) known.attempts++
      if (known.windowFrom === null) {
        const since = attempt === null ? this.waitsSince(known) : null
        known.windowFrom = since?.at ?? attempt!.at - process.skew
        known.requestsBefore = since?.requests ?? requests - 1
        known.windowBy = this.#now()
        known.pausedBefore = this.pausedFor(destinationId)
      }
      if (known.settled !== null) {
        this.violate("I1 no loss", `settled as ${kind} although it was ${known.settled}`, event.id)
      }
      if (kind === "acknowledged" && known.acceptedAt === null) {
        this.violate("I1 no loss", "acknowledged although the receiver never accepted it", event.id)
      }
      if (kind === "acknowledged" || kind === "expired") known.settled = kind
      const lostOne = this.events.get(known.event.origin?.eventId ?? "")
      if (kind === "acknowledged" && (lostOne?.settled === "expired" || lostOne?.settled === "discarded")) {
        lostOne.repaired = true
      }
      // Parked behind an open circuit, an event gets no attempts of its own: then its destination was tried in its stead.
      const tried = attempt === null ? requests - known.requestsBefore : known.attempts
      if (kind === "expired" && Math.max(tried, known.attempts) < 5) {
        this.violate("I11 window", `expired after ${known.attempts} attempts`, event.id)
      }
    }
    this.commit(closing)
  }
}
