import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Destination } from "../../destination/Destination.ts"
import * as Fixture from "./Fixtures.ts"
import { account, failure, ids, ports, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

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

const destinations = (layer: StoreLayer): void => {
  describe("DestinationStore", () => {
    it.effect("changes a destination for its own workspace, in one step, or not at all", () =>
      Effect.gen(function* () {
        const { destinations } = yield* ports
        yield* destinations.save(Fixture.destination("dst_1", { updatedAt: 0 }))
        const more = (known: Destination) => Result.succeed({ ...known, updatedAt: known.updatedAt + 1 })
        yield* Effect.all(
          Array.from({ length: 20 }, () => destinations.change(workspace, "dst_1", more)),
          { concurrency: "unbounded" }
        )
        const after = Option.getOrThrow(yield* destinations.get(workspace, "dst_1"))
        assert.strictEqual(after.updatedAt, 20)
        assert.isTrue(Option.isNone(yield* destinations.change(foreign, "dst_1", more)))
        assert.isTrue(Option.isNone(yield* destinations.change(workspace, "dst_9", more)))
        const refused = yield* Effect.result(destinations.change(workspace, "dst_1", () => Result.fail("no")))
        assert.deepStrictEqual(refused, Result.fail("no"))
        const moved = yield* destinations.change(workspace, "dst_1", (known) =>
          Result.succeed({
            ...known,
            id: "dst_2",
            workspaceId: foreign,
            signatures: ["v1", "v1a"],
            previousSecrets: [{ sealed: "AAEC", until: 7 }]
          })
        )
        assert.deepStrictEqual(moved, yield* destinations.get(workspace, "dst_1"))
        assert.deepStrictEqual(Option.getOrThrow(moved).previousSecrets, [{ sealed: "AAEC", until: 7 }])
        assert.deepStrictEqual(Option.getOrThrow(moved).signatures, ["v1", "v1a"])
        assert.isTrue(Option.isNone(yield* destinations.byId("dst_2")))
      }).pipe(Effect.provide(layer))
    )

    it.effect("finds destinations by id, category and URL within their workspace", () =>
      Effect.gen(function* () {
        const { destinations } = yield* ports
        const first = Fixture.destination("dst_1", { headers: new Uint8Array([4]), events: null })
        yield* destinations.save(first)
        yield* destinations.save(Fixture.destination("dst_2", { createdAt: 5 }))
        yield* destinations.save(Fixture.destination("dst_3", { category: null, url: "https://a.example/" }))
        const found = Option.getOrThrow(yield* destinations.get(workspace, "dst_1"))
        const plain = (value: typeof first) => ({
          ...value,
          secret: [...value.secret],
          headers: [...(value.headers ?? [])]
        })
        assert.deepStrictEqual(plain(found), plain(first))
        assert.isTrue(Option.isNone(yield* destinations.get(foreign, "dst_1")))
        assert.isTrue(Option.isSome(yield* destinations.byId("dst_1")))
        const id = Option.map((value: { readonly id: string }) => value.id)
        assert.deepStrictEqual(id(yield* destinations.forCategory(workspace, "HRIS")), Option.some("dst_2"))
        assert.isTrue(Option.isNone(yield* destinations.forCategory(workspace, "ATS")))
        assert.isTrue(Option.isNone(yield* destinations.forCategory(foreign, "HRIS")))
        assert.deepStrictEqual(
          id(yield* destinations.forUrl(workspace, "https://a.example/", "key_1")),
          Option.some("dst_3")
        )
        assert.isTrue(Option.isNone(yield* destinations.forUrl(workspace, "https://a.example/", "key_2")))
        assert.isTrue(Option.isNone(yield* destinations.forUrl(foreign, "https://a.example/", "key_1")))
        assert.deepStrictEqual(
          id(yield* destinations.forUrl(workspace, first.url, "key_1")),
          Option.some("dst_2"),
          "a registered webhook serves syncs that name its URL"
        )
        assert.deepStrictEqual(ids((yield* destinations.list(workspace, { limit: 9 })).items), [
          "dst_1",
          "dst_3",
          "dst_2"
        ])
        assert.deepStrictEqual((yield* destinations.list(foreign, { limit: 9 })).items, [])
        assert.strictEqual(yield* failure(destinations.save({ ...first, workspaceId: foreign })), "Conflict")
      }).pipe(Effect.provide(layer))
    )

    it.effect("knows which keys sign and which jobs send", () =>
      Effect.gen(function* () {
        const { destinations } = yield* account
        yield* destinations.save(Fixture.destination("dst_2", { mode: "standard", apiKeyId: "key_2" }))
        assert.isTrue(yield* destinations.usesApiKey("key_1"))
        assert.isFalse(yield* destinations.usesApiKey("key_2"))
        assert.deepStrictEqual(yield* destinations.jobsOf("dst_1"), ["job_1"])
        assert.deepStrictEqual(yield* destinations.jobsOf("dst_2"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("discards what was not delivered when a destination is removed, and ends its runs as incomplete", () =>
      Effect.gen(function* () {
        const { destinations, keys, outbox, sync } = yield* account
        const key = { id: "dk", workspaceId: workspace, masterKeyId: "m", wrapped: new Uint8Array([1]), createdAt: 0 }
        yield* keys.addDataKey({ ...key, owner: "run", ownerId: "run_1" })
        const { lease } = yield* takeRun()
        yield* sync.commitPage(lease, Fixture.page({ events: ["a", "b", "c"].map((id) => Fixture.event(id)) }))
        yield* sync.endRun(lease, Fixture.ending(), Fixture.close)
        const [first] = yield* take(1)
        yield* outbox.settle([Fixture.outcome(first!)], Fixture.close)
        assert.strictEqual(yield* destinations.remove(foreign, "dst_1"), 0)
        assert.strictEqual(yield* outbox.backlog("dst_1"), 2)
        assert.strictEqual(yield* destinations.remove(workspace, "dst_1"), 2)
        assert.strictEqual(yield* outbox.backlog("dst_1"), 0)
        assert.isTrue(Option.isNone(yield* destinations.byId("dst_1")))
        const discarded = yield* outbox.list({ workspaceId: workspace, state: "discarded" }, { limit: 9 })
        assert.deepStrictEqual(ids(discarded.items), ["c", "b"])
        const run = yield* theRun("run_1")
        assert.strictEqual(run.status, "incomplete")
        assert.deepStrictEqual([run.emitted, run.consumed, run.outstanding, run.expired], [3, 1, 0, 2])
        assert.isTrue(Option.isNone(yield* keys.dataKey("run", "run_1")))
        assert.strictEqual(yield* destinations.remove(workspace, "dst_1"), 0)
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What accounts and destinations must do in every store. */
export const suite = (layer: StoreLayer): void => {
  integrations(layer)
  destinations(layer)
}
