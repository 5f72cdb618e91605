import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Layer from "effect/Layer"
import { AuditStore } from "../../store/AuditStore.ts"
import { AuthorizationStore } from "../../store/AuthorizationStore.ts"
import { DestinationStore } from "../../store/DestinationStore.ts"
import { IntegrationStore } from "../../store/IntegrationStore.ts"
import { KeyStore } from "../../store/KeyStore.ts"
import { type ClaimedEvent, OutboxStore } from "../../store/OutboxStore.ts"
import { type ClaimedReplay, ReplayStore } from "../../store/ReplayStore.ts"
import { RevocationStore } from "../../store/RevocationStore.ts"
import type { StoreError } from "../../store/StoreError.ts"
import { type ClaimedRun, SyncStore } from "../../store/SyncStore.ts"
import type { Run } from "../../sync/Run.ts"
import * as Fixture from "./Fixtures.ts"
import type { Stores } from "../../store/Stores.ts"

export type { Stores }
/** An implementation under test: a fresh, empty store each time it is built. */
export type StoreLayer = Layer.Layer<Stores, unknown>

/** All ports. */
export const ports = Effect.gen(function* () {
  return {
    keys: yield* KeyStore,
    integrations: yield* IntegrationStore,
    authorizations: yield* AuthorizationStore,
    revocations: yield* RevocationStore,
    destinations: yield* DestinationStore,
    sync: yield* SyncStore,
    outbox: yield* OutboxStore,
    replays: yield* ReplayStore,
    audit: yield* AuditStore
  }
})

/** An integration with a job, a destination and a queued run. */
export const account = Effect.gen(function* () {
  const all = yield* ports
  yield* all.integrations.save(Fixture.integration("int_1"))
  yield* all.destinations.save(Fixture.destination("dst_1"))
  yield* all.sync.saveJob(Fixture.job("job_1"))
  yield* all.sync.startRun(Fixture.run("run_1"))
  return all
})

/** The next run, which there must be. */
export const takeRun = (leaseMillis = 10_000): Effect.Effect<ClaimedRun, StoreError, SyncStore> =>
  Effect.gen(function* () {
    const sync = yield* SyncStore
    const claimed = yield* sync.claimRun({ owner: "me", leaseMillis })
    if (Option.isNone(claimed)) return assert.fail("there is a run to claim")
    return claimed.value
  })

/** The next replay, which there must be. */
export const takeReplay = (leaseMillis = 1000): Effect.Effect<ClaimedReplay, StoreError, ReplayStore> =>
  Effect.gen(function* () {
    const replays = yield* ReplayStore
    const claimed = yield* replays.claim({ owner: "me", leaseMillis })
    return Option.getOrElse(claimed, () => assert.fail("there is a replay to claim"))
  })

/** Due events of `dst_1`. */
export const take = (
  limit = 100,
  leaseMillis = 10_000
): Effect.Effect<ReadonlyArray<ClaimedEvent>, StoreError, OutboxStore> =>
  Effect.flatMap(OutboxStore, (outbox) => outbox.claim({ destinationId: "dst_1", owner: "me", limit, leaseMillis }))

/** The run, which there must be. */
export const theRun = (id: string): Effect.Effect<Run, StoreError, SyncStore> =>
  Effect.gen(function* () {
    const sync = yield* SyncStore
    const found = yield* sync.run(Fixture.workspace, id)
    return Option.getOrElse(found, () => assert.fail(`run ${id} is there`))
  })

/** Why the operation failed. */
export const failure = <A, R>(
  self: Effect.Effect<A, StoreError, R>
): Effect.Effect<StoreError["reason"]["_tag"], never, R> =>
  Effect.match(self, { onFailure: (error) => error.reason._tag, onSuccess: () => assert.fail("the operation fails") })

/** The ids of a list, in its order. */
export const ids = (items: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  items.map((item) => item.id)
