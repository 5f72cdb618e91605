import type { RateLimitOptions } from "../server/RateLimit.ts"

/** The headers that every answer carries, and whether the request is above the quota. */
export interface Taken {
  readonly refused: boolean
  readonly headers: Readonly<Record<string, string>>
}

/** Requests in fixed windows of the simulator's clock; without options nothing is ever refused. */
export class Quota {
  readonly #options: RateLimitOptions | undefined
  #window = -Infinity
  #used = 0

  constructor(options: RateLimitOptions | undefined) {
    this.#options = options
  }

  /** Counts one request. `X-Rate-Limit-Reset` is the second, since 1970, in which the next window begins. */
  take(now: number): Taken {
    const { perMillis, requests } = this.#options ?? { perMillis: 10_000, requests: 10 }
    const window = Math.floor(now / perMillis)
    if (window !== this.#window) {
      this.#window = window
      this.#used = 0
    }
    this.#used++
    const used = this.#options === undefined ? 1 : this.#used
    return { refused: used > requests, headers: this.headers(now, Math.max(0, requests - used)) }
  }

  /** The headers for a window with so much left. */
  headers(now: number, remaining: number): Readonly<Record<string, string>> {
    const { perMillis, requests } = this.#options ?? { perMillis: 10_000, requests: 10 }
    return {
      "x-rate-limit-limit": String(requests),
      "x-rate-limit-remaining": String(remaining),
      "x-rate-limit-reset": String(Math.ceil(((Math.floor(now / perMillis) + 1) * perMillis) / 1000))
    }
  }
}
