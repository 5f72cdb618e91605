import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { noCounts, type RunIssue } from "../../sync/Run.ts"
import * as Fixture from "./Fixtures.ts"
import { account, failure, ids, ports, type StoreLayer, takeRun, theRun } from "./Setup.ts"

const { foreign, workspace } = Fixture
const issue = (code: string): RunIssue => ({ at: 1, code, message: code })

const jobs = (layer: StoreLayer): void => {
  describe("SyncStore: jobs", () => {
    it.effect("gives a job back to its workspace only", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const saved = Fixture.job("job_1", { startAt: null, frequency: "high" })
        // Only the end of a run moves the cursor: a definition that was read before it must not take it back.
        yield* sync.saveJob({ ...saved, cursor: new Uint8Array([7]), scope: "s", deltasSinceListing: 5 })
        assert.deepStrictEqual(Option.getOrThrow(yield* sync.job(workspace, "job_1")), saved)
        assert.isTrue(Option.isNone(yield* sync.job(foreign, "job_1")))
        assert.isTrue(Option.isSome(yield* sync.jobFor(workspace, "int_1", "employee")))
        assert.isTrue(Option.isNone(yield* sync.jobFor(foreign, "int_1", "employee")))
        assert.isTrue(Option.isNone(yield* sync.jobFor(workspace, "int_1", "department")))
        assert.deepStrictEqual(ids((yield* sync.jobs({ workspaceId: workspace }, { limit: 9 })).items), ["job_1"])
        assert.deepStrictEqual(
          (yield* sync.jobs({ workspaceId: workspace, integrationId: "int_2" }, { limit: 9 })).items,
          []
        )
        assert.deepStrictEqual((yield* sync.jobs({ workspaceId: foreign }, { limit: 9 })).items, [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("refuses a second job for the data type, one without its integration, and another tenant's id", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        assert.strictEqual(yield* failure(sync.saveJob(Fixture.job("job_2"))), "Conflict")
        assert.strictEqual(yield* failure(sync.saveJob(Fixture.job("job_2", { integrationId: "gone" }))), "Conflict")
        assert.strictEqual(
          yield* failure(sync.saveJob(Fixture.job("job_2", { workspaceId: foreign, dataType: "department" }))),
          "Conflict"
        )
        assert.strictEqual(yield* failure(sync.saveJob(Fixture.job("job_1", { workspaceId: foreign }))), "Conflict")
        assert.strictEqual(Option.getOrThrow(yield* sync.job(workspace, "job_1")).workspaceId, workspace)
      }).pipe(Effect.provide(layer))
    )

    it.effect("finds due jobs, most overdue first, without paused and reading ones", () =>
      Effect.gen(function* () {
        const { integrations, sync } = yield* ports
        yield* integrations.save(Fixture.integration("int_1"))
        const due = [
          ["late", 10],
          ["later", 5],
          ["future", 1_000],
          ["never", null]
        ] as const
        for (const [id, nextRunAt] of due) yield* sync.saveJob(Fixture.job(id, { dataType: id, nextRunAt }))
        yield* sync.saveJob(Fixture.job("paused", { dataType: "p", nextRunAt: 1, state: "paused" }))
        yield* sync.saveJob(Fixture.job("busy", { dataType: "b", nextRunAt: 1 }))
        yield* sync.startRun(Fixture.run("run_1", { jobId: "busy" }))
        assert.deepStrictEqual(yield* sync.dueJobs(9), [])
        yield* TestClock.setTime(100)
        assert.deepStrictEqual(ids(yield* sync.dueJobs(9)), ["later", "late"])
        assert.deepStrictEqual(ids(yield* sync.dueJobs(1)), ["later"])
      }).pipe(Effect.provide(layer))
    )
  })
}

const runs = (layer: StoreLayer): void => {
  describe("SyncStore: runs", () => {
    it.effect("lets one run of a job read at a time", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const second = yield* sync.startRun(Fixture.run("run_2"))
        assert.isFalse(second.started)
        assert.strictEqual(second.run.id, "run_1")
        assert.isTrue(Option.isNone(yield* sync.run(workspace, "run_2")))
        const { lease } = yield* takeRun()
        assert.isFalse((yield* sync.startRun(Fixture.run("run_2"))).started)
        yield* sync.endRun(lease, Fixture.ending({ status: "failed" }), Fixture.close)
        assert.isTrue((yield* sync.startRun(Fixture.run("run_2"))).started)
        assert.strictEqual(yield* failure(sync.startRun(Fixture.run("run_3", { jobId: "gone" }))), "Conflict")
        assert.strictEqual(yield* failure(sync.startRun(Fixture.run("run_3", { workspaceId: foreign }))), "Conflict")
      }).pipe(Effect.provide(layer))
    )

    it.effect("lists runs newest first, filtered, within the workspace", () =>
      Effect.gen(function* () {
        const { integrations, sync } = yield* ports
        yield* integrations.save(Fixture.integration("int_1"))
        for (const [n, createdAt] of [
          [1, 10],
          [2, 20],
          [3, 20],
          [4, 30]
        ] as const) {
          yield* sync.saveJob(Fixture.job(`job_${n}`, { dataType: `t${n}` }))
          yield* sync.startRun(Fixture.run(`run_${n}`, { jobId: `job_${n}`, dataType: `t${n}`, createdAt }))
        }
        const list = (filter: object, limit = 9) =>
          Effect.map(sync.runs({ workspaceId: workspace, ...filter }, { limit }), (part) => ids(part.items))
        assert.deepStrictEqual(yield* list({}), ["run_4", "run_3", "run_2", "run_1"])
        assert.deepStrictEqual(yield* list({ from: 20, to: 30 }), ["run_3", "run_2"])
        assert.deepStrictEqual(yield* list({ jobId: "job_2" }), ["run_2"])
        assert.deepStrictEqual(yield* list({ dataType: "t3" }), ["run_3"])
        assert.deepStrictEqual(yield* list({ integrationId: "other" }), [])
        assert.deepStrictEqual(yield* list({ status: "running" }), [])
        assert.deepStrictEqual(yield* list({ workspaceId: foreign }), [])
        const part = yield* sync.runs({ workspaceId: workspace }, { limit: 2 })
        const rest = yield* sync.runs({ workspaceId: workspace }, { limit: 2, pageToken: part.nextPageToken! })
        assert.deepStrictEqual([...ids(part.items), ...ids(rest.items)], ["run_4", "run_3", "run_2", "run_1"])
        assert.isNull(rest.nextPageToken)
        assert.deepStrictEqual(ids(yield* sync.runsById(["run_1", "gone"])), ["run_1"])
        assert.isTrue(Option.isNone(yield* sync.run(foreign, "run_1")))
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives a run to one process until its lease passes, and then to the next", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        yield* TestClock.setTime(50)
        const claims = yield* Effect.all(
          Array.from({ length: 5 }, (_, n) => sync.claimRun({ owner: `p${n}`, leaseMillis: 1_000 })),
          { concurrency: "unbounded" }
        )
        const [claimed, ...others] = claims.flatMap(Option.toArray)
        assert.lengthOf(others, 0)
        assert.strictEqual(claimed!.lease.until, 1_050)
        assert.strictEqual(claimed!.run.status, "running")
        assert.strictEqual(claimed!.run.startedAt, 50)
        assert.strictEqual(claimed!.nextOrdinal, 0)
        assert.isNull(claimed!.checkpoint)

        const renewed = yield* sync.renewRun(claimed!.lease, 2_000)
        assert.strictEqual(renewed.until, 2_050)
        yield* TestClock.setTime(2_049)
        assert.isTrue(Option.isNone(yield* sync.claimRun({ owner: "p", leaseMillis: 1_000 })))
        yield* TestClock.setTime(2_050)
        const next = yield* takeRun()
        assert.isAbove(next.lease.token, claimed!.lease.token)
        assert.strictEqual(next.run.startedAt, 50)

        const late = renewed
        const change = Fixture.page({ events: [Fixture.event("late")], rows: [Fixture.row("k", 0)] })
        assert.strictEqual(yield* failure(sync.commitPage(late, change)), "LeaseLost")
        assert.strictEqual(yield* failure(sync.renewRun(late, 1)), "LeaseLost")
        assert.strictEqual(
          yield* failure(sync.endRun(late, Fixture.ending({ events: [Fixture.event("late")] }), Fixture.close)),
          "LeaseLost"
        )
        assert.strictEqual(
          yield* failure(sync.releaseRun(late, { resumeAt: null, issues: [], interrupted: true })),
          "LeaseLost"
        )
        assert.deepStrictEqual(yield* sync.lookup("job_1", ["k"]), [])
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.status, run.emitted, run.interruptions], ["running", 0, 0])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives a released run back from the time it names", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const { lease } = yield* takeRun()
        yield* sync.commitPage(lease, Fixture.page({ checkpoint: new Uint8Array([5]), rows: [Fixture.row("k", 41)] }))
        yield* sync.releaseRun(lease, { resumeAt: 500, issues: [issue("throttled")], interrupted: true })
        assert.strictEqual((yield* theRun("run_1")).resumeAt, 500)
        yield* TestClock.setTime(499)
        assert.isTrue(Option.isNone(yield* sync.claimRun({ owner: "p", leaseMillis: 1 })))
        yield* TestClock.setTime(500)
        const again = yield* takeRun()
        assert.deepStrictEqual([...again.checkpoint!], [5])
        assert.strictEqual(again.nextOrdinal, 42)
        assert.isNull(again.run.resumeAt)
        assert.strictEqual(again.run.interruptions, 1)
        assert.deepStrictEqual(again.run.issues, [issue("throttled")])
        yield* sync.releaseRun(again.lease, { resumeAt: null, issues: [], interrupted: false })
        const third = yield* takeRun()
        assert.strictEqual(third.run.interruptions, 1)
        yield* sync.commitPage(third.lease, Fixture.page({}))
        assert.strictEqual((yield* theRun("run_1")).interruptions, 0, "a page ends a row of interruptions")
      }).pipe(Effect.provide(layer))
    )

    it.effect("takes the oldest run first, and none of a paused job", () =>
      Effect.gen(function* () {
        const { integrations, sync } = yield* ports
        yield* integrations.save(Fixture.integration("int_1"))
        for (const [id, createdAt] of [
          ["young", 3],
          ["old", 1],
          ["paused", 0]
        ] as const) {
          yield* sync.saveJob(Fixture.job(id, { dataType: id }))
          yield* sync.startRun(Fixture.run(`run_${id}`, { jobId: id, createdAt }))
        }
        yield* sync.saveJob(Fixture.job("paused", { dataType: "paused", state: "paused" }))
        const { lease } = yield* takeRun()
        assert.strictEqual(lease.runId, "run_old")
        assert.strictEqual((yield* takeRun()).lease.runId, "run_young")
        assert.isTrue(Option.isNone(yield* sync.claimRun({ owner: "p", leaseMillis: 1 })))
        yield* sync.saveJob(Fixture.job("old", { dataType: "old", state: "paused" }))
        assert.strictEqual(yield* failure(sync.renewRun(lease, 1_000)), "LeaseLost")
      }).pipe(Effect.provide(layer))
    )
  })
}

const pages = (layer: StoreLayer): void => {
  describe("SyncStore: pages", () => {
    it.effect("commits rows, bits, events, counters and checkpoint together", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const bits = new Uint8Array([1])
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: [Fixture.row("a", 0), Fixture.row("b", 1)],
            seen: [{ chunk: 0, bits }],
            events: [Fixture.event("ev_a"), Fixture.event("ev_b"), Fixture.event("ev_a")],
            counts: { ...noCounts, pages: 1, processed: 2, new: 2, models: { profile: 2 } },
            issues: [issue("one")]
          })
        )
        bits[0] = 255
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: [
              Fixture.row("b", 1, { raw: "changed", state: "missing", reason: "gone", sequence: 2 }),
              Fixture.row("c", 2),
              Fixture.row("c", 2, { mapper: 2 })
            ],
            seen: [
              { chunk: 0, bits: new Uint8Array([3]) },
              { chunk: 1, bits: new Uint8Array([4]) }
            ],
            events: [
              Fixture.event("ev_b", { body: new Uint8Array([0]) }),
              Fixture.event("ev_c", { type: "record.deleted" })
            ],
            counts: { ...noCounts, pages: 1, modified: 1, models: { profile: 1, dependents: 1 } },
            issues: [issue("two")]
          })
        )
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.emitted, run.outstanding, run.consumed, run.expired], [3, 3, 0, 0])
        assert.deepStrictEqual([run.counts.pages, run.counts.new, run.counts.modified], [2, 2, 1])
        assert.deepStrictEqual(run.counts.models, { profile: 3, dependents: 1 })
        assert.deepStrictEqual(
          run.issues.map(({ code }) => code),
          ["one", "two"]
        )
        const rows = [...(yield* sync.lookup("job_1", ["a", "b", "c", "unknown"]))].sort(
          (x, y) => x.ordinal - y.ordinal
        )
        assert.deepStrictEqual(
          rows.map(({ key, ordinal, raw, state, reason, sequence, mapper }) => [
            key,
            ordinal,
            raw,
            state,
            reason,
            sequence,
            mapper
          ]),
          [
            ["a", 0, "raw-of-a", "live", null, 1, 1],
            ["b", 1, "changed", "missing", "gone", 2, 1],
            ["c", 2, "raw-of-c", "live", null, 1, 2]
          ]
        )
        assert.strictEqual(new TextDecoder().decode(rows[0]!.identifiers), "sealed identifiers of a")
        assert.deepStrictEqual(
          (yield* sync.seen("run_1")).map(({ chunk, bits }) => [chunk, ...bits]),
          [
            [0, 3],
            [1, 4]
          ]
        )
        assert.strictEqual(
          new TextDecoder().decode(Option.getOrThrow(yield* outbox.body(workspace, "ev_b"))),
          "sealed body of ev_b"
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("scans a job's rows by position and tells missing ones", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const { lease } = yield* takeRun()
        const rows = ["d", "a", "c", "b"].map((key, ordinal) =>
          Fixture.row(key, ordinal, ordinal > 1 ? { state: "missing", reason: "gone" } : {})
        )
        yield* sync.commitPage(lease, Fixture.page({ rows }))
        assert.deepStrictEqual(
          (yield* sync.scan("job_1", -1, 3)).map(({ key, ordinal, state }) => [ordinal, key, state]),
          [
            [0, "d", "live"],
            [1, "a", "live"],
            [2, "c", "missing"]
          ]
        )
        assert.deepStrictEqual(
          (yield* sync.scan("job_1", 2, 3)).map(({ key }) => key),
          ["b"]
        )
        assert.deepStrictEqual(yield* sync.scan("job_2", -1, 3), [])
        assert.deepStrictEqual(yield* sync.lookup("job_2", ["a"]), [])
        assert.strictEqual(yield* sync.countMissing("job_1"), 2)
        assert.strictEqual(yield* sync.discardMissing("job_1"), 2)
        assert.strictEqual(yield* sync.countMissing("job_1"), 0)
        assert.strictEqual(yield* sync.discardMissing("job_1"), 0)
        assert.deepStrictEqual(
          (yield* sync.lookup("job_1", ["b"])).map(({ reason, state }) => [state, reason]),
          [["live", null]]
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("takes a page of a thousand rows and events", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const numbers = Array.from({ length: 1_001 }, (_, n) => n)
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: numbers.map((n) => Fixture.row(`k${n}`, n)),
            events: numbers.map((n) => Fixture.event(`ev_${n}`))
          })
        )
        assert.lengthOf(
          yield* sync.lookup(
            "job_1",
            numbers.map((n) => `k${n}`)
          ),
          1_001
        )
        assert.strictEqual(yield* outbox.backlog("dst_1"), 1_001)
        assert.strictEqual((yield* theRun("run_1")).emitted, 1_001)
      }).pipe(Effect.provide(layer))
    )

    it.effect("changes the job with the end of reading, and forgets checkpoint and seen bits", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const { lease } = yield* takeRun()
        yield* sync.commitPage(
          lease,
          Fixture.page({ checkpoint: new Uint8Array([1]), seen: [{ chunk: 0, bits: new Uint8Array([1]) }] })
        )
        yield* sync.endRun(
          lease,
          Fixture.ending({
            at: 77,
            heldDeletions: 4,
            issues: [issue("held")],
            events: [Fixture.event("ev_p", { type: "sync.events.processed", record: null, sequence: null })],
            job: { cursor: new Uint8Array([6]), scope: "scope", deltasSinceListing: 3, nextRunAt: 900 }
          }),
          Fixture.close
        )
        const job = Option.getOrThrow(yield* sync.job(workspace, "job_1"))
        assert.deepStrictEqual(
          [[...job.cursor!], job.scope, job.deltasSinceListing, job.nextRunAt],
          [[6], "scope", 3, 900]
        )
        const run = yield* theRun("run_1")
        assert.deepStrictEqual(
          [
            run.status,
            run.processedAt,
            run.completedAt,
            run.heldDeletions,
            run.emitted,
            run.outstanding,
            run.issues.length
          ],
          ["processed", 77, null, 4, 0, 1, 1]
        )
        assert.deepStrictEqual(yield* sync.seen("run_1"), [])
        assert.strictEqual(yield* failure(sync.commitPage(lease, Fixture.page())), "LeaseLost")
        assert.strictEqual(yield* failure(sync.endRun(lease, Fixture.ending(), Fixture.close)), "LeaseLost")
        yield* sync.startRun(Fixture.run("run_2"))
        const next = yield* takeRun()
        assert.isNull(next.checkpoint)
        yield* sync.endRun(next.lease, Fixture.ending({ job: { nextRunAt: null } }), Fixture.close)
        const after = Option.getOrThrow(yield* sync.job(workspace, "job_1"))
        assert.deepStrictEqual([after.nextRunAt, after.scope, after.deltasSinceListing], [null, "scope", 3])
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What jobs, runs and snapshots must do in every store. */
export const suite = (layer: StoreLayer): void => {
  jobs(layer)
  runs(layer)
  pages(layer)
}
