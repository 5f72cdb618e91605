import * as fc from "fast-check"
import { Simulation } from "@crochet/core/testing"

const { reasons } = Simulation

/** What happens in the app. */
const inApp = fc.oneof(
  fc.constant({ do: "hire" } as const),
  fc.record({
    do: fc.constantFrom("change", "fire", "rehire", "rename", "delete", "add", "break", "mend"),
    at: fc.nat(9)
  }),
  fc.record({ do: fc.constantFrom("pageSize"), at: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constantFrom("vanish", "reappear", "shuffle", "photo", "bump", "nameless", "offset", "tracks") })
)
/** What an operator, the host or the network does. */
const outside = fc.oneof(
  fc.record({ do: fc.constantFrom("start", "delta", "pause", "cancel", "models", "release", "discard") }),
  fc.record({ do: fc.constantFrom("resync"), at: fc.nat(9) }),
  fc.record({ do: fc.constantFrom("refuse"), at: fc.integer({ min: 1, max: 3 }) })
)
/** What happens to a run: before the nth page that is read, or around the nth commit. */
const fault = fc.oneof(
  fc.record({ page: fc.nat(3), do: fc.constant("cut") }),
  fc.record({ page: fc.nat(6), do: fc.constantFrom(...Object.keys(reasons), "die", "interrupt", "crash") }),
  fc.record({ commit: fc.nat(6), do: fc.constantFrom("refused", "echo", "crash before", "crash after") }),
  fc.record({ end: fc.constant(0), do: fc.constantFrom("refused", "echo", "crash before", "crash after") }),
  fc.record({ page: fc.nat(6), step: fc.oneof(inApp, outside) })
)
const run = fc.record({ run: fc.constantFrom("initial_sync", "delta_sync"), faults: fc.array(fault, { maxLength: 3 }) })

export type Step =
  | { readonly do: string; readonly at?: number }
  | { readonly run: string; readonly faults: ReadonlyArray<Fault> }
export type Fault = {
  readonly page?: number
  readonly commit?: number
  readonly end?: number
  readonly do?: string
  readonly step?: { readonly do: string; readonly at?: number }
}

/** Histories of a sync. */
export const histories: fc.Arbitrary<ReadonlyArray<Step>> = fc
  .tuple(
    fc.constantFrom<ReadonlyArray<Step>>([], [{ do: "tracks" }]),
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: inApp },
        { weight: 2, arbitrary: outside },
        { weight: 5, arbitrary: run }
      ) as fc.Arbitrary<Step>,
      { minLength: 1, maxLength: 14 }
    )
  )
  .map(([begin, steps]) => [...begin, ...steps])
