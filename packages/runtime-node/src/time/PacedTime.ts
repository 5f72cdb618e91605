/** What a paced time is made of; milliseconds. */
export interface TimeSources {
  /** The time to follow; it may be set at any moment. */
  readonly followed: () => number
  /** Goes on evenly, whatever happens to the other. */
  readonly elapsed: () => number
  /** Like `elapsed`, and goes on while the machine sleeps. Asked only when the followed time seems to be set. */
  readonly uptime: () => number
}

/** A difference beyond this between two readings means that the time was set; slower changes are drift and slewing. */
const step = 1000

/**
 * Follows a time at nearly its own pace: as exactly as it goes while it goes evenly, and little by little after it was
 * set. What is measured in it, e.g. the wait for a retry, is never shorter or longer by more than `rate`.
 *
 * The time that the machine slept is real and counts at once. Never goes back.
 */
export class PacedTime {
  /** One part in twenty: less than the jitter of retries, and an hour is made up for in twenty. */
  static readonly rate = 0.05

  readonly #sources: TimeSources
  #value: number
  #elapsed: number
  #awake: number
  #gap = 0
  #step = 0

  constructor(sources: TimeSources) {
    this.#sources = sources
    this.#value = sources.followed()
    this.#elapsed = sources.elapsed()
    this.#awake = sources.uptime() - this.#elapsed
  }

  /** Begins anew with what is followed now. */
  restart(): void {
    this.#value = this.#sources.followed()
    this.#elapsed = this.#sources.elapsed()
    this.#gap = 0
  }

  read(): number {
    const elapsed = this.#sources.elapsed()
    const passed = elapsed - this.#elapsed
    this.#elapsed = elapsed
    const followed = this.#sources.followed()
    let even = this.#value + passed
    if (Math.abs(followed - even - this.#gap) > step) {
      const slept = this.#slept(elapsed)
      even += slept
      const set = followed - even - this.#gap
      if (Math.abs(set) > step) this.#step += set
    }
    const most = passed * PacedTime.rate
    this.#value = Math.min(Math.max(followed, even - most), even + most)
    this.#gap = followed - this.#value
    return this.#value
  }

  /** Sum of what the followed time was set by since the last call. */
  takeStep(): number {
    const sum = this.#step
    this.#step = 0
    return sum
  }

  #slept(elapsed: number): number {
    const awake = this.#sources.uptime() - elapsed
    const slept = awake - this.#awake
    this.#awake = awake
    return slept > step ? slept : 0
  }
}
