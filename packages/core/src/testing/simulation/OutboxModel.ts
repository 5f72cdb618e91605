/** An event, as simply as it can be said. */
export interface ModelEvent {
  readonly id: string
  readonly run: number
  /** Null for a run's closing event. */
  readonly record: number | null
  readonly sequence: number
  readonly position: number
  state: "pending" | "acknowledged" | "expired"
  dueAt: number
  /** 0 when nobody has it. */
  leaseUntil: number
  token: number
  attempts: number
}

/** A run's books. */
export interface ModelRun {
  read: boolean
  closing: string | null
  over: "completed" | "incomplete" | null
}

/** What becomes of a claimed event. */
export type Fate = "acknowledged" | "expired" | { readonly retryAt: number }

/** A claim, as a worker remembers it. */
export interface Claim {
  readonly id: string
  readonly token: number
  readonly attempts: number
}

/**
 * What outbox and barrier promise, without a thought for storage: the reference that stores are compared with. Run `n`
 * belongs to job `n` and sends to destination `n`.
 */
export class OutboxModel {
  now = 1
  readonly events: Array<ModelEvent> = []
  readonly runs: ReadonlyArray<ModelRun> = [0, 1].map(() => ({ read: false, closing: null, over: null }))
  readonly #sequences = new Map<string, number>()

  /** New events of records; answers with their ids and sequences. */
  page(run: number, records: ReadonlyArray<number>): ReadonlyArray<ModelEvent> {
    return records.map((record) => {
      const key = `${run}/${record}`
      const sequence = (this.#sequences.get(key) ?? 0) + 1
      this.#sequences.set(key, sequence)
      return this.#insert(`ev_${run}_${record}_${sequence}`, run, record, sequence)
    })
  }

  end(run: number): void {
    this.runs[run]!.read = true
    this.#close(run)
  }

  claim(run: number, limit: number, leaseMillis: number): ReadonlyArray<Claim> {
    const free = this.events.filter(
      (event) =>
        event.run === run &&
        event.state === "pending" &&
        event.dueAt <= this.now &&
        event.leaseUntil <= this.now &&
        !this.events.some((other) => this.#before(other, event))
    )
    free.sort((a, b) => a.dueAt - b.dueAt || a.position - b.position)
    return free.slice(0, limit).map((event) => {
      event.token++
      event.leaseUntil = this.now + leaseMillis
      return { id: event.id, token: event.token, attempts: event.attempts }
    })
  }

  renew(claims: ReadonlyArray<Claim>, leaseMillis: number): ReadonlyArray<string> {
    return claims.flatMap((claim) => {
      const event = this.#held(claim)
      if (event === undefined) return []
      event.leaseUntil = this.now + leaseMillis
      return [event.id]
    })
  }

  release(claims: ReadonlyArray<Claim>): void {
    for (const claim of claims) this.#giveBack(this.#held(claim))
  }

  /** Answers with the ids of which the lease was lost. */
  settle(outcomes: ReadonlyArray<readonly [Claim, Fate]>): ReadonlyArray<string> {
    const lost: Array<string> = []
    const touched = new Set<number>()
    for (const [claim, fate] of outcomes) {
      const event = this.#held(claim)
      if (event === undefined) {
        lost.push(claim.id)
        continue
      }
      event.attempts++
      if (typeof fate === "object") {
        event.dueAt = fate.retryAt
        this.#giveBack(event)
        continue
      }
      event.state = fate
      touched.add(event.run)
      const run = this.runs[event.run]!
      if (event.id === run.closing)
        run.over = fate === "acknowledged" && this.count(event.run, "expired") === 0 ? "completed" : "incomplete"
    }
    for (const run of touched) this.#close(run)
    return lost
  }

  /** So many events of the run, its closing event left out, are in this state. */
  count(run: number, state: ModelEvent["state"]): number {
    return this.events.filter((event) => event.run === run && event.record !== null && event.state === state).length
  }

  #insert(id: string, run: number, record: number | null, sequence: number): ModelEvent {
    const event: ModelEvent = {
      id,
      run,
      record,
      sequence,
      position: this.events.length,
      state: "pending",
      dueAt: this.now,
      leaseUntil: 0,
      token: 0,
      attempts: 0
    }
    this.events.push(event)
    return event
  }

  #before(other: ModelEvent, event: ModelEvent): boolean {
    const same = other.run === event.run && other.record !== null && other.record === event.record
    return same && other.state === "pending" && other.sequence < event.sequence
  }

  #held(claim: Claim): ModelEvent | undefined {
    return this.events.find(
      ({ id, leaseUntil, state, token }) =>
        id === claim.id && state === "pending" && leaseUntil > 0 && token === claim.token
    )
  }

  #giveBack(event: ModelEvent | undefined): void {
    if (event === undefined) return
    event.leaseUntil = 0
    event.token++
  }

  #close(run: number): void {
    const books = this.runs[run]!
    if (!books.read || books.closing !== null || this.count(run, "pending") > 0) return
    books.closing = this.#insert(`ev_close_run_${run}`, run, null, 0).id
  }
}
