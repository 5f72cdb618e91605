/** So many requests in a fixed window; what is above gets 429 with Retry-After. */
export interface RateLimitOptions {
  readonly requests: number
  readonly perMillis: number
}

/** Counts requests in fixed windows of the simulator's own clock. */
export class RateLimit {
  readonly #options: RateLimitOptions
  #windowStart = -Infinity
  #used = 0

  constructor(options: RateLimitOptions) {
    this.#options = options
  }

  /** Seconds to wait, or undefined when the request may pass. */
  take(now: number): number | undefined {
    const { perMillis, requests } = this.#options
    if (now - this.#windowStart >= perMillis || now < this.#windowStart) {
      this.#windowStart = now
      this.#used = 0
    }
    this.#used++
    if (this.#used <= requests) return undefined
    return Math.max(1, Math.ceil((this.#windowStart + perMillis - now) / 1000))
  }
}
