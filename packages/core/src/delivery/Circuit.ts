import * as RetrySchedule from "./RetrySchedule.ts"

const second = 1000

/** Failures in a row that open a circuit when the receiver could not be reached, or said that it is unavailable. */
export const unreachableFailures = 3
/**
 * Failures in a row, of so many different events, that open a circuit whatever the receiver answered. Different events:
 * a record that the receiver can never take (and that is alone) uses up its attempts, and holds up nobody.
 */
export const failingEvents = 5

const firstProbe = 5 * second
const longestProbe = 60 * second
const longestPark = 6 * 60 * 60 * second

/**
 * How a destination does: kept in the store, so that all processes agree and a restart forgets nothing. The circuit is
 * open while `openedAt` is set: nothing is sent but one probe at a time. Times are epoch milliseconds.
 */
export interface DestinationHealth {
  readonly destinationId: string
  /** Events that failed since the last success, each once; at most `failingEvents`. */
  readonly failing: ReadonlyArray<string>
  /** Failures since the last success in which the receiver was out of reach. */
  readonly unreachable: number
  readonly openedAt: number | null
  /** Probes that failed since then. */
  readonly probes: number
  /** When the last of them failed, newest first; at most `RetrySchedule.minimumAttempts`. */
  readonly probedAt: ReadonlyArray<number>
  readonly nextProbeAt: number | null
  /** The event that goes out as a probe; its lease says whether that is still under way. */
  readonly probing: string | null
  /** The receiver asked for silence until then. */
  readonly parkedUntil: number | null
  /** When deliveries began again last, after an open circuit or a pause: they start slowly. */
  readonly closedAt: number | null
  readonly lastFailureAt: number | null
  readonly lastError: string | null
  /** The token bucket (`TokenBucket`). */
  readonly bucket: number
}

/** What an attempt says about its destination. */
export type Sign =
  | { readonly kind: "success"; readonly parkMillis?: number | undefined }
  | {
      readonly kind: "failure"
      readonly error: string
      /** Whether the receiver was out of reach, rather than unwilling. */
      readonly unreachable: boolean
      /** For how long the receiver asked for silence. */
      readonly parkMillis?: number | undefined
    }

/** Nothing is known of the destination. */
export const unknown = (destinationId: string): DestinationHealth => ({
  destinationId,
  failing: [],
  unreachable: 0,
  openedAt: null,
  probes: 0,
  probedAt: [],
  nextProbeAt: null,
  probing: null,
  parkedUntil: null,
  closedAt: null,
  lastFailureAt: null,
  lastError: null,
  bucket: 0
})

/** A number in [0, 1) that follows from the text: jitter that needs no chance, and that both stores agree on. */
const spread = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash / 2 ** 32
}

/**
 * How long to wait for the next probe after so many failed ones: 5 s, doubling to 60 s, each up to half less. Ten thousand
 * that went away at once are probed apart from each other within a few minutes.
 */
export const probeInterval = (destinationId: string, probes: number): number =>
  Math.round(
    Math.min(firstProbe * 2 ** Math.min(probes, 10), longestProbe) * (1 - 0.5 * spread(`${destinationId}|${probes}`))
  )

const later = (health: DestinationHealth, now: number, parkMillis: number | undefined): number | null => {
  if (parkMillis === undefined) return health.parkedUntil
  const asked = now + Math.min(Math.max(parkMillis, second), longestPark)
  return Math.max(health.parkedUntil ?? 0, asked)
}

/** Closes the circuit and forgets its failures. */
export const closed = (health: DestinationHealth, now: number): DestinationHealth => ({
  ...unknown(health.destinationId),
  parkedUntil: health.parkedUntil,
  closedAt: now,
  lastFailureAt: health.lastFailureAt,
  lastError: health.lastError,
  bucket: health.bucket
})

/**
 * What an attempt changes; the very same value when nothing does. `probe` says that the attempt was made because the
 * circuit was open.
 */
export const observe = (
  health: DestinationHealth,
  eventId: string,
  sign: Sign,
  probe: boolean,
  now: number
): DestinationHealth => {
  const parkedUntil = later(health, now, sign.parkMillis)
  if (sign.kind === "success") {
    if (health.openedAt !== null) return { ...closed(health, now), parkedUntil }
    if (health.failing.length === 0 && health.unreachable === 0 && parkedUntil === health.parkedUntil) return health
    return { ...health, failing: [], unreachable: 0, parkedUntil }
  }
  const failed: DestinationHealth = {
    ...health,
    failing:
      health.failing.includes(eventId) || health.failing.length >= failingEvents
        ? health.failing
        : [...health.failing, eventId],
    unreachable: health.unreachable + (sign.unreachable ? 1 : 0),
    parkedUntil,
    lastFailureAt: now,
    lastError: sign.error
  }
  if (failed.openedAt !== null) return probe ? probeFailed(failed, now) : failed
  if (failed.failing.length < failingEvents && failed.unreachable < unreachableFailures) return failed
  return { ...failed, openedAt: now, nextProbeAt: now + probeInterval(health.destinationId, 0) }
}

const probeFailed = (health: DestinationHealth, now: number): DestinationHealth => ({
  ...health,
  probes: health.probes + 1,
  probedAt: [now, ...health.probedAt].slice(0, RetrySchedule.minimumAttempts),
  nextProbeAt: now + probeInterval(health.destinationId, health.probes + 1),
  probing: null
})

/** A probe that said nothing about the destination, e.g. because the process stopped: the next one comes as if it failed. */
export const postponed = (health: DestinationHealth, now: number): DestinationHealth =>
  health.openedAt === null
    ? health
    : { ...health, nextProbeAt: now + probeInterval(health.destinationId, health.probes), probing: null }

/** What may be sent now: nothing, one probe, or what is due. `probed` says that a probe is under way. */
export const admits = (health: DestinationHealth, now: number, probed: boolean): "nothing" | "probe" | "due" => {
  if ((health.parkedUntil ?? 0) > now) return "nothing"
  if (health.openedAt === null) return "due"
  return probed || (health.nextProbeAt ?? 0) > now ? "nothing" : "probe"
}

/**
 * Which events of an open circuit are over, by when their 96 hours began: those that were tried (`attempted`: `any` with
 * five attempts of their own, `probed` with as many as they had), and those that were not, by when they were due
 * (`waiting`; null for none). Theirs begin when the circuit opened, or when they were due, if that was later. Nothing is
 * over before the destination was probed often enough in its time: when this side was away meanwhile, that takes longer.
 */
export const over = (
  health: DestinationHealth,
  now: number
): {
  readonly attempted: { readonly any: number; readonly probed: number }
  readonly waiting: number | null
} => {
  const any = now - RetrySchedule.window
  const probed = Math.min(any, health.probedAt[RetrySchedule.minimumAttempts - 1] ?? Number.MIN_SAFE_INTEGER)
  const waiting = health.openedAt !== null && health.openedAt <= probed ? probed : null
  return { attempted: { any, probed }, waiting }
}

/** A change that those who send to the destination must know of at once. */
export interface Turn {
  readonly kind: "opened" | "closed" | "parked"
  readonly health: DestinationHealth
}

/** The change between two states; null when nobody needs to know. */
export const turn = (before: DestinationHealth, after: DestinationHealth): Turn | null =>
  before.openedAt === null && after.openedAt !== null
    ? { kind: "opened", health: after }
    : before.openedAt !== null && after.openedAt === null
      ? { kind: "closed", health: after }
      : after.parkedUntil !== before.parkedUntil
        ? { kind: "parked", health: after }
        : null

/** When the 96 hours of an event begin that has only been a probe. */
export const windowOf = (health: DestinationHealth, dueAt: number): number => Math.max(dueAt, health.openedAt ?? dueAt)
