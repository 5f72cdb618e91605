import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ClaimedEvent } from "../../store/OutboxStore.ts"
import type { RunLease } from "../../store/SyncStore.ts"
import type { Run } from "../../sync/Run.ts"
import * as Fixture from "../store/Fixtures.ts"
import { ports } from "../store/Setup.ts"

/** The jobs of the one account. */
export const jobs = ["job_0", "job_1"] as const
/** Where their events may go. */
export const destinations = ["dst_0", "dst_1"] as const

/** What the steps so far handed out, the same for both stores as long as they agree. */
export interface World {
  now: number
  serial: number
  paused: number
  readonly runs: Array<string>
  /** Where a run's events go. */
  readonly routes: Map<string, string>
  readonly leases: Array<RunLease>
  readonly claimed: Array<ClaimedEvent>
}

/** One of the items, counted from the last. */
export const chosen = <A>(items: ReadonlyArray<A>, pick: number): A | undefined =>
  items.length === 0 ? undefined : items[items.length - 1 - (pick % items.length)]

/** The account, its jobs and its destinations, in a store. */
export const setup = Effect.gen(function* () {
  const all = yield* ports
  yield* all.integrations.save(Fixture.integration("int_1"))
  for (const [n, id] of jobs.entries()) {
    yield* all.destinations.save(Fixture.destination(destinations[n]!))
    yield* all.sync.saveJob(Fixture.job(id, { dataType: id, destinationId: destinations[n]! }))
  }
})

/** The events that a result handed out. */
export const claimsOf = (result: unknown): ReadonlyArray<ClaimedEvent> =>
  typeof result === "object" && result !== null && "done" in result && Array.isArray(result.done)
    ? result.done.filter((item) => typeof item === "object" && item !== null && "token" in item)
    : []

/** Keeps what a result handed out. */
export const remember = (world: World, result: unknown): void => {
  world.claimed.push(...claimsOf(result))
  if (typeof result !== "object" || result === null || !("done" in result)) return
  const { done } = result
  if (Array.isArray(done)) return
  if (Option.isOption(done) && Option.isSome(done)) {
    world.leases.push((done.value as { readonly lease: RunLease }).lease)
  } else if (typeof done === "object" && done !== null && "started" in done && "run" in done) {
    const run = done.run as Run
    world.routes.set(run.id, run.destinationId)
    if (done.started === true) world.runs.push(run.id)
  } else if (typeof done === "object" && done !== null && "until" in done) {
    world.leases.push(done as RunLease)
  }
}
