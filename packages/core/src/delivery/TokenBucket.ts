const second = 1_000_000

/**
 * A token bucket as one number: the time, in epoch microseconds, at which it is full again (the generic cell rate
 * algorithm). It holds what a tenth of a second brings, and at least one token: no second sees more than 1.1 times the
 * rate.
 */
export interface Taken {
  readonly tokens: number
  readonly bucket: number
}

/** Tokens that a full bucket holds. */
export const capacity = (ratePerSecond: number): number => Math.max(1, Math.floor(ratePerSecond / 10))

/** Takes up to `wanted` tokens at `now` (epoch milliseconds). A clock that went back makes nobody wait for longer than a full bucket takes. */
export const take = (bucket: number, ratePerSecond: number, wanted: number, now: number): Taken => {
  const at = now * 1000
  // Whole microseconds: at these sizes a number has no room for parts of them.
  const whole = Math.ceil((capacity(ratePerSecond) * second) / ratePerSecond)
  const full = Math.min(Math.max(bucket, at), at + whole)
  const tokens = Math.max(0, Math.min(wanted, Math.floor(((at + whole - full) * ratePerSecond) / second)))
  return { tokens, bucket: Math.ceil(full + (tokens * second) / ratePerSecond) }
}

/** How long until a bucket that gave nothing has a good part of its tokens again, in milliseconds. */
export const patience = (ratePerSecond: number): number => Math.ceil((capacity(ratePerSecond) * 1000) / ratePerSecond)
