import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { NewEvent } from "../../event/Event.ts"
import { noProgress } from "../../replay/Replay.ts"
import * as Fixture from "./Fixtures.ts"
import { account, type StoreLayer, take, takeReplay } from "./Setup.ts"

const { workspace } = Fixture

/** What every store must know of the events that replays made. */
export const suite = (layer: StoreLayer): void => {
  describe("ReplayStore: outcomes", () => {
    it.effect("tells what became of its events, also when the log has forgotten them", () =>
      Effect.gen(function* () {
        const { destinations, integrations, outbox, replays } = yield* account
        yield* integrations.save(Fixture.integration("int_2"))
        yield* destinations.save(Fixture.destination("dst_2"))
        for (const id of ["rp_1", "rp_2"]) yield* replays.create(Fixture.replay(id, { fingerprint: id }), 0)
        const of = (replayId: string, id: string, rest: Partial<NewEvent> = {}) =>
          Fixture.looseEvent(id, { integrationId: "int_1", ...rest, origin: { replayId, eventId: "e", runId: null } })
        const first = yield* takeReplay()
        const second = yield* takeReplay()
        const batches = {
          rp_1: [of("rp_1", "a"), of("rp_1", "b"), of("rp_1", "c"), of("rp_1", "d", { integrationId: "int_2" })],
          rp_2: [of("rp_2", "x"), of("rp_2", "y", { destinationId: "dst_2" }), of("rp_2", "z")]
        }
        for (const { lease } of [first, second])
          yield* replays.commit(
            lease,
            Fixture.replayBatch({ events: batches[lease.replayId as keyof typeof batches], done: true })
          )
        const told = () =>
          Effect.map(replays.progress(["rp_1", "rp_2"]), (found) => [found.get("rp_1"), found.get("rp_2")])
        assert.deepStrictEqual(yield* told(), [
          { ...noProgress, pending: 4 },
          { ...noProgress, pending: 3 }
        ])
        const fates: { readonly [id: string]: "acknowledged" | "expired" } = {
          a: "acknowledged",
          b: "expired",
          x: "acknowledged"
        }
        const taken = yield* take()
        yield* outbox.settle(
          taken.flatMap((event) => {
            const kind = fates[event.id]
            return kind === undefined ? [] : [Fixture.outcome(event, { kind })]
          }),
          Fixture.close
        )
        const settled = [
          { ...noProgress, pending: 2, acknowledged: 1, expired: 1 },
          { ...noProgress, pending: 2, acknowledged: 1 }
        ]
        assert.deepStrictEqual(yield* told(), settled)
        yield* outbox.prune(1e9, 100)
        assert.deepStrictEqual(yield* told(), settled)
        yield* destinations.remove(workspace, "dst_2")
        yield* integrations.purge(workspace, "int_2")
        const { outbox: purged } = yield* integrations.purge(workspace, "int_1")
        assert.strictEqual(purged, 2)
        assert.deepStrictEqual(yield* told(), [
          { ...noProgress, acknowledged: 1, expired: 1, discarded: 2 },
          { ...noProgress, acknowledged: 1, discarded: 2 }
        ])
      }).pipe(Effect.provide(layer))
    )
  })
}
