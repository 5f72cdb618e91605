const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Gaps between attempts in milliseconds; the last attempt has none, it is pinned to the end of the window. */
export const gaps: ReadonlyArray<number> = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  6 * hour,
  ...Array.from({ length: 9 }, () => 8 * hour)
]

/** How long after its first attempt an event is tried, in milliseconds: Knit's four days. */
export const window = 96 * hour

/** How many attempts an event gets: the first, one after each gap, and one at the end of the window. */
export const attempts = gaps.length + 2

/** How many attempts an event gets even when the window passed meanwhile, because this side was away. */
export const minimumAttempts = 5

/** How late the last attempt may be, in milliseconds: it is due at the very end of the window. */
const grace = 60_000

/** Whether an event has had its attempts and its time, so that it expires without another attempt. */
export const isOver = (attemptsMade: number, firstAttemptAt: number | null, now: number): boolean =>
  firstAttemptAt !== null && attemptsMade >= minimumAttempts && now > firstAttemptAt + window + grace

const jitter = 0.2
/** Room that is kept at the end of the window for each attempt to come, so that a late one never swallows another. */
const reserve = hour
const longestRetryAfter = 6 * hour

/**
 * When to try again after `attempt` attempts (counting from 1) of which the last failed; null when none is left.
 *
 * Each gap varies by ±20 % with `random` in [0, 1); a longer `Retry-After` replaces it, up to 6 h. The last attempt is at
 * exactly 96 h after the first.
 */
export const next = (
  attempt: number,
  firstAttemptAt: number,
  now: number,
  random: number,
  retryAfterMillis?: number
): number | null => {
  if (attempt >= attempts) return null
  const end = firstAttemptAt + window
  if (attempt === attempts - 1) return now < end ? end : null
  const gap = gaps[attempt - 1]! * (1 - jitter + 2 * jitter * random)
  if (now >= end) return attempt < minimumAttempts ? Math.round(now + gap) : null
  const asked = retryAfterMillis === undefined ? 0 : Math.min(Math.max(retryAfterMillis, second), longestRetryAfter)
  const at = Math.round(now + Math.max(gap, asked))
  const latest = end - (attempts - attempt - 1) * reserve
  // Past `latest` the window was mostly lost to an outage of ours: what is left of it is used as it comes.
  return latest > now ? Math.min(at, latest) : Math.min(at, end)
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date, as milliseconds from `now`. Undefined for
 * anything else, also for negative numbers and for the past.
 */
export const parseRetryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim()
  if (text === undefined || text === "") return undefined
  if (/^\d{1,12}$/.test(text)) return Number(text) * second
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) || at <= now ? undefined : at - now
}
