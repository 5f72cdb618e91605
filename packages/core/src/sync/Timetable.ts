import * as Cron from "effect/Cron"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Frequency } from "./Frequency.ts"
import type { Job } from "./Job.ts"

const hour = 3_600_000
const intervals = { standard: 24 * hour, medium: 12 * hour, high: 6 * hour }

/** The interval of a frequency in milliseconds; null for cron expressions. */
export const intervalOf = (frequency: Frequency): number | null =>
  typeof frequency === "string"
    ? intervals[frequency]
    : "everySeconds" in frequency
      ? frequency.everySeconds * 1000
      : null

/** A sentence that says what is wrong with the frequency; undefined when nothing is. */
export const fault = (frequency: Frequency): string | undefined => {
  if (typeof frequency === "string" || "everySeconds" in frequency) return undefined
  if (frequency.timeZone !== undefined && Option.isNone(DateTime.zoneMakeNamed(frequency.timeZone))) {
    return "timeZone is not an IANA time zone such as Europe/Berlin."
  }
  const cron = parse(frequency)
  if (Result.isFailure(cron)) return "cron is not a cron expression such as 0 */6 * * *."
  // Without seconds of its own an expression fires in second 0; none stands for every second.
  if (cron.success.seconds.size !== 1) return "cron fires more than once a minute; leave its seconds out."
  if (Result.isFailure(Result.try(() => Cron.next(cron.success, new Date(0)))))
    return "cron never fires, e.g. on 30 February."
  return undefined
}

/**
 * When the run after `after` is due.
 *
 * Intervals count from `after`; with `startAt` they lie on a grid through that time of day in UTC. Cron expressions are
 * read in their time zone, UTC by default.
 */
export const next = (
  frequency: Frequency,
  startAt: { readonly hour: number; readonly minute: number } | null,
  after: number
): number => {
  const interval = intervalOf(frequency)
  if (interval === null) {
    const cron = parse(frequency as Extract<Frequency, { readonly cron: string }>)
    return Cron.next(Result.getOrThrow(cron), new Date(after)).getTime()
  }
  if (startAt === null) return after + interval
  const anchor = startAt.hour * hour + startAt.minute * 60_000
  return anchor + (Math.floor((after - anchor) / interval) + 1) * interval
}

/**
 * When a job is due after a run that ended `at`. Never earlier than it is already: what is due goes by the store's clock,
 * which may be ahead of the one that says `at`.
 */
export const afterRun = (job: Pick<Job, "frequency" | "nextRunAt" | "startAt">, at: number): number =>
  Math.max(next(job.frequency, job.startAt, at), job.nextRunAt ?? at)

const parse = (frequency: Extract<Frequency, { readonly cron: string }>) =>
  Cron.parse(frequency.cron, frequency.timeZone ?? "UTC")
