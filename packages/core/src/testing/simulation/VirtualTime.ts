/** Something that happens at a time. */
interface Timer {
  readonly at: number
  readonly order: number
  /** Null when it was cancelled. */
  run: (() => void) | null
}

/**
 * Time that stands still while anything can be done and then jumps to the next timer, so that four days cost no more
 * than what happens in them. Timers of one moment fire in the order in which they were set.
 */
export class VirtualTime {
  /** Epoch milliseconds. */
  now: number
  readonly #heap: Array<Timer> = []
  #order = 0

  constructor(start: number) {
    this.now = start
  }

  /** Calls back after so long; returns what cancels it. */
  after(millis: number, run: () => void): () => void {
    const timer: Timer = { at: this.now + Math.max(0, millis), order: this.#order++, run }
    this.#push(timer)
    return () => {
      timer.run = null
    }
  }

  /** Calls back at the time, or now if that is past. */
  at(time: number, run: () => void): void {
    this.after(time - this.now, run)
  }

  /** Jumps to the next timer and fires it; false when there is none. */
  step(): boolean {
    for (;;) {
      const timer = this.#pop()
      if (timer === undefined) return false
      if (timer.run === null) continue
      this.now = timer.at
      timer.run()
      return true
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (before(heap[parent]!, timer)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = timer
  }

  #pop(): Timer | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (before(last, heap[child]!)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
