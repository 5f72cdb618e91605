/** How many requests may be under way to a destination that is coming back: 1, 2, 4, 8 … up to what it is allowed. */
export interface SlowStart {
  readonly limit: number
  /** Successes that are missing until the limit doubles. */
  readonly missing: number
}

/** For so long after deliveries began again a process that joins in starts slowly, too, in milliseconds. */
export const freshMillis = 60_000

/** Begins with one request. */
export const begin: SlowStart = { limit: 1, missing: 1 }

/** No limit of its own. */
export const done: SlowStart = { limit: Number.POSITIVE_INFINITY, missing: 0 }

/** Counts a success: when as many came in as may be under way, twice as many may be. */
export const succeeded = (state: SlowStart, most: number): SlowStart => {
  if (state.limit >= most) return done
  if (state.missing > 1) return { ...state, missing: state.missing - 1 }
  return { limit: state.limit * 2, missing: state.limit * 2 }
}
