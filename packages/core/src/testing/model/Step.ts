import * as fc from "fast-check"

/** One step. Numbers choose among what there is, so that every sequence of steps means something. */
export type Step =
  | { readonly do: "wait"; readonly millis: number }
  | { readonly do: "start"; readonly job: number; readonly destination: number }
  | { readonly do: "claimRun" | "seen"; readonly pick: number }
  | { readonly do: "renewRun" | "releaseRun"; readonly pick: number; readonly millis: number }
  | { readonly do: "page"; readonly pick: number; readonly records: ReadonlyArray<number>; readonly again: boolean }
  | {
      readonly do: "end"
      readonly pick: number
      readonly failed: boolean
      readonly silent: boolean
      readonly told: boolean
    }
  | { readonly do: "cancel" | "retryNow" | "pause" | "discardMissing" | "removeDestination"; readonly pick: number }
  | { readonly do: "claim"; readonly destination: number; readonly limit: number }
  | { readonly do: "renew" | "release"; readonly picks: ReadonlyArray<number> }
  | {
      readonly do: "settle"
      readonly picks: ReadonlyArray<number>
      readonly fates: ReadonlyArray<number>
      readonly silent: boolean
    }
  | { readonly do: "prune"; readonly limit: number }
  | {
      readonly do: "change"
      readonly destination: number
      readonly ordering: "record" | "run" | "none"
      readonly coalesce: boolean
    }
  | { readonly do: "closeRuns"; readonly silent: boolean }
  | { readonly do: "hold"; readonly destination: number; readonly paused: boolean }

/** Mostly what was handed out last, which is still held. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(11) })
const picks = fc.array(fc.nat(5), { maxLength: 6 })
const silent = fc.boolean()
/** Any step. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), millis: fc.nat(60) }) },
  // To the next probe, to the end of a silence, to the end of the 96 hours.
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), millis: fc.constantFrom(5_000, 70_000, 350_000_000) })
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("hold" as const), destination: fc.nat(1), paused: fc.boolean() })
  },
  // A record may have events on the way to both destinations.
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("start" as const), job: fc.nat(1), destination: fc.nat(1) })
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("claimRun" as const, "seen" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("renewRun" as const, "releaseRun" as const), pick, millis: fc.nat(40) })
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("page" as const),
      pick,
      records: fc.array(fc.nat(5), { maxLength: 5 }),
      again: fc.boolean()
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("end" as const), pick, failed: fc.boolean(), silent, told: fc.boolean() })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cancel" as const,
        "retryNow" as const,
        "pause" as const,
        "discardMissing" as const,
        "removeDestination" as const
      ),
      pick
    })
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      destination: fc.nat(1),
      limit: fc.integer({ min: 1, max: 6 })
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("renew" as const, "release" as const), picks }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      picks,
      fates: fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }),
      silent
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("prune" as const), limit: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      destination: fc.nat(1),
      ordering: fc.constantFrom("record" as const, "run" as const, "none" as const),
      coalesce: fc.boolean()
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("closeRuns" as const), silent }) }
)

/** How every history begins, so that there is something to work on. */
export const opening: ReadonlyArray<Step> = [
  { do: "start", job: 0, destination: 0 },
  { do: "claimRun", pick: 0 },
  { do: "page", pick: 0, records: [0, 1, 2, 1], again: false }
]
