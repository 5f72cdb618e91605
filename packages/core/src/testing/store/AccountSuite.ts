import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Fixture from "./Fixtures.ts"
import { account, failure, ids, ports, type StoreLayer, take, takeRun } from "./Setup.ts"

const { foreign, workspace } = Fixture

const integrations = (layer: StoreLayer): void => {
  describe("IntegrationStore", () => {
    it.effect("gives an integration and its credentials back to their workspace only", () =>
      Effect.gen(function* () {
        const { integrations } = yield* ports
        const saved = Fixture.integration("int_1")
        yield* integrations.save(saved, new Uint8Array([9, 8]))
        yield* integrations.save({ ...saved, state: "needs_reconnect", lastError: null })
        assert.deepStrictEqual(
          yield* integrations.get(workspace, "int_1"),
          Option.some({ ...saved, state: "needs_reconnect" as const, lastError: null })
        )
        assert.deepStrictEqual([...Option.getOrThrow(yield* integrations.credentials(workspace, "int_1"))], [9, 8])
        assert.isTrue(Option.isNone(yield* integrations.get(foreign, "int_1")))
        assert.isTrue(Option.isNone(yield* integrations.credentials(foreign, "int_1")))
        assert.strictEqual(
          yield* failure(integrations.save({ ...saved, workspaceId: foreign }, new Uint8Array())),
          "Conflict"
        )
        assert.deepStrictEqual([...Option.getOrThrow(yield* integrations.credentials(workspace, "int_1"))], [9, 8])
      }).pipe(Effect.provide(layer))
    )

    it.effect("lets one refresh of credentials win", () =>
      Effect.gen(function* () {
        const { integrations } = yield* ports
        yield* integrations.save(Fixture.integration("int_1"), new Uint8Array([1]))
        const results = yield* Effect.all(
          [2, 3, 4].map((byte) =>
            integrations.replaceCredentials("int_1", new Uint8Array([1]), new Uint8Array([byte]))
          ),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(results.filter(Boolean).length, 1)
        const winner = results.indexOf(true) + 2
        assert.deepStrictEqual([...Option.getOrThrow(yield* integrations.credentials(workspace, "int_1"))], [winner])
        assert.isFalse(yield* integrations.replaceCredentials("unknown", new Uint8Array([1]), new Uint8Array([2])))
      }).pipe(Effect.provide(layer))
    )

    it.effect("pages through a list without gaps or doubles, and filters it", () =>
      Effect.gen(function* () {
        const { integrations } = yield* ports
        for (const [id, createdAt] of [
          ["c", 1],
          ["a", 2],
          ["b", 2],
          ["d", 3]
        ] as const) {
          yield* integrations.save(Fixture.integration(id, { createdAt, appId: id === "a" ? "other" : "playground" }))
        }
        yield* integrations.save(Fixture.integration("x", { workspaceId: foreign }))
        const seen: Array<string> = []
        let pageToken: string | undefined
        do {
          const part: {
            readonly items: ReadonlyArray<{ readonly id: string }>
            readonly nextPageToken: string | null
          } = yield* integrations.list({ workspaceId: workspace }, { limit: 1, pageToken })
          seen.push(...ids(part.items))
          pageToken = part.nextPageToken ?? undefined
        } while (pageToken !== undefined)
        assert.deepStrictEqual(seen, ["c", "a", "b", "d"])
        const list = (filter: { readonly appId?: string; readonly originOrgId?: string; readonly state?: "expired" }) =>
          Effect.map(integrations.list({ workspaceId: workspace, ...filter }, { limit: 9 }), (part) => ids(part.items))
        assert.deepStrictEqual(yield* list({ appId: "other" }), ["a"])
        assert.deepStrictEqual(yield* list({ originOrgId: "nobody" }), [])
        assert.deepStrictEqual(yield* list({ state: "expired" }), [])
        assert.strictEqual(
          yield* failure(integrations.list({ workspaceId: workspace }, { limit: 1, pageToken: "no token!" })),
          "BadPageToken"
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("counts test accounts that are in use", () =>
      Effect.gen(function* () {
        const { integrations } = yield* ports
        yield* integrations.save(Fixture.integration("a", { accountType: "test" }))
        yield* integrations.save(Fixture.integration("b", { accountType: "test", state: "expired" }))
        yield* integrations.save(Fixture.integration("c", { accountType: "test", state: "validating" }))
        yield* integrations.save(Fixture.integration("d"))
        yield* integrations.save(Fixture.integration("e", { accountType: "test", workspaceId: foreign }))
        assert.strictEqual(yield* integrations.countTestAccounts(workspace), 2)
      }).pipe(Effect.provide(layer))
    )

    it.effect("finds live test accounts by how long they are that, longest first", () =>
      Effect.gen(function* () {
        const { integrations } = yield* ports
        const test = { accountType: "test" } as const
        yield* integrations.save(Fixture.integration("a", { ...test, testSince: 20 }))
        yield* integrations.save(Fixture.integration("b", { ...test, testSince: 10, workspaceId: foreign }))
        yield* integrations.save(Fixture.integration("c", { ...test, testSince: 21 }))
        yield* integrations.save(Fixture.integration("d", { ...test, testSince: 5, state: "expired" }))
        yield* integrations.save(Fixture.integration("e", { ...test, testSince: 5, state: "deactivated" }))
        yield* integrations.save(Fixture.integration("f", { testSince: 5 }))
        yield* integrations.save(Fixture.integration("g", { ...test, testSince: 20, state: "needs_reconnect" }))
        assert.deepStrictEqual(ids(yield* integrations.testAccountsSince(20, 10)), ["b", "a", "g"])
        assert.deepStrictEqual(yield* integrations.testAccountsSince(20, 1), [
          Fixture.integration("b", { ...test, testSince: 10, workspaceId: foreign })
        ])
      }).pipe(Effect.provide(layer))
    )

    it.effect("purges everything of an integration, and nothing of another", () =>
      Effect.gen(function* () {
        const { destinations, integrations, keys, outbox, sync } = yield* account
        yield* integrations.save(Fixture.integration("int_1"), new Uint8Array([1]))
        yield* integrations.save(Fixture.integration("int_2"), new Uint8Array([2]))
        yield* sync.saveJob(Fixture.job("job_2", { integrationId: "int_2" }))
        yield* sync.startRun(Fixture.run("run_2", { jobId: "job_2", integrationId: "int_2", createdAt: 2 }))
        for (const n of [1, 2]) {
          const data = { workspaceId: workspace, masterKeyId: "m", wrapped: new Uint8Array([n]), createdAt: 0 }
          yield* keys.addDataKey({ ...data, id: `dk_i${n}`, owner: "integration", ownerId: `int_${n}` })
          yield* keys.addDataKey({ ...data, id: `dk_r${n}`, owner: "run", ownerId: `run_${n}` })
          const { lease } = yield* takeRun()
          const of = { jobId: `job_${n}`, runId: `run_${n}`, integrationId: `int_${n}` }
          yield* sync.commitPage(
            lease,
            Fixture.page({
              rows: [Fixture.row("k1", 0), Fixture.row("k2", 1)],
              seen: [{ chunk: 0, bits: new Uint8Array([3]) }],
              events: [Fixture.event(`ev_${n}a`, of), Fixture.event(`ev_${n}b`, of)]
            })
          )
        }
        yield* outbox.enqueue([Fixture.looseEvent("ev_loose")])
        const claimed = yield* take()
        yield* outbox.settle([Fixture.outcome(claimed[0]!)], Fixture.close)

        const nothing = yield* integrations.purge(foreign, "int_1")
        assert.deepStrictEqual(
          Object.values(nothing).filter((n) => n > 0),
          []
        )
        const report = yield* integrations.purge(workspace, "int_1")
        assert.deepStrictEqual(
          { ...report },
          {
            integrations: 1,
            authorizations: 0,
            credentials: 1,
            jobs: 1,
            runs: 1,
            snapshot: 2,
            seen_bits: 1,
            events: 3,
            outbox: 2,
            bodies: 2,
            attempts: 1,
            data_keys: 2
          }
        )
        assert.isTrue(Option.isNone(yield* integrations.get(workspace, "int_1")))
        assert.isTrue(Option.isNone(yield* integrations.credentials(workspace, "int_1")))
        assert.isTrue(Option.isNone(yield* sync.job(workspace, "job_1")))
        assert.isTrue(Option.isNone(yield* sync.run(workspace, "run_1")))
        assert.deepStrictEqual(yield* sync.lookup("job_1", ["k1", "k2"]), [])
        assert.deepStrictEqual(yield* sync.scan("job_1", -1, 9), [])
        assert.deepStrictEqual(yield* sync.seen("run_1"), [])
        assert.isTrue(Option.isNone(yield* keys.dataKey("integration", "int_1")))
        assert.isTrue(Option.isNone(yield* keys.dataKey("run", "run_1")))
        for (const id of ["ev_1a", "ev_1b", "ev_loose"]) {
          assert.isTrue(Option.isNone(yield* outbox.event(workspace, id)), id)
          assert.isTrue(Option.isNone(yield* outbox.body(workspace, id)), id)
          assert.deepStrictEqual(yield* outbox.attempts(id), [], id)
        }
        assert.strictEqual(yield* outbox.backlog("dst_1"), 2)
        assert.lengthOf(yield* sync.lookup("job_2", ["k1", "k2"]), 2)
        assert.lengthOf(yield* sync.seen("run_2"), 1)
        assert.isTrue(Option.isSome(yield* keys.dataKey("run", "run_2")))
        assert.isTrue(Option.isSome(yield* destinations.byId("dst_1")))
        const lost = yield* outbox.settle(
          claimed.slice(1).map((event) => Fixture.outcome(event)),
          Fixture.close
        )
        assert.deepStrictEqual([...lost.lost].sort(), ["ev_1b", "ev_loose"])
        const again = yield* integrations.purge(workspace, "int_1")
        assert.deepStrictEqual(
          Object.values(again).filter((n) => n > 0),
          []
        )
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What accounts must do in every store. */
export const suite = (layer: StoreLayer): void => {
  integrations(layer)
}
