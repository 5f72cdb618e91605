import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import type { RunIssue } from "../../sync/Run.ts"
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

    it.effect(
      "raises the floor of every job's sequences, never lowers it, and keeps it when a job is defined anew",
      () =>
        Effect.gen(function* () {
          const { sync } = yield* account
          const floor = Effect.map(sync.job(workspace, "job_1"), (job) => Option.getOrThrow(job).sequenceFloor)
          assert.strictEqual(yield* floor, 0)
          assert.strictEqual(yield* sync.raiseSequences(1_795_000_000), 1)
          assert.strictEqual(yield* sync.raiseSequences(1_795_000_000), 0)
          assert.strictEqual(yield* sync.raiseSequences(7), 0)
          assert.strictEqual(yield* floor, 1_795_000_000)
          yield* sync.saveJob(Fixture.job("job_1", { frequency: "high" }))
          assert.strictEqual(yield* floor, 1_795_000_000)
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

    it.effect(
      "takes a run that gave its turn away behind those that were queued by then, and says whether one waits",
      () =>
        Effect.gen(function* () {
          const { integrations, sync } = yield* ports
          yield* integrations.save(Fixture.integration("int_1"))
          assert.isFalse(yield* sync.runsWait)
          for (const [id, createdAt] of [
            ["long", 1],
            ["next", 2],
            ["later", 900]
          ] as const) {
            yield* sync.saveJob(Fixture.job(id, { dataType: id }))
            yield* sync.startRun(Fixture.run(`run_${id}`, { jobId: id, createdAt }))
          }
          assert.isTrue(yield* sync.runsWait)
          yield* TestClock.adjust(500)
          const { lease } = yield* takeRun()
          assert.strictEqual(lease.runId, "run_long")
          yield* sync.releaseRun(lease, { resumeAt: 500, issues: [], interrupted: false })
          assert.strictEqual((yield* takeRun()).lease.runId, "run_next")
          const again = yield* takeRun()
          assert.strictEqual(again.lease.runId, "run_long")
          assert.isNull(again.run.resumeAt)
          yield* sync.releaseRun(again.lease, { resumeAt: 60_000, issues: [], interrupted: false })
          assert.strictEqual((yield* takeRun()).lease.runId, "run_later")
          assert.isFalse(yield* sync.runsWait, "one is read, one is to wait longer")
          yield* TestClock.adjust(60_000)
          assert.isTrue(yield* sync.runsWait)
          yield* sync.saveJob(Fixture.job("long", { dataType: "long", state: "paused" }))
          for (const id of ["run_next", "run_later"]) yield* sync.cancelRun(Fixture.workspace, id, 60_500)
          assert.isFalse(yield* sync.runsWait, "a paused job's run does not")
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

/** What jobs and runs must do in every store. */
export const suite = (layer: StoreLayer): void => {
  jobs(layer)
  runs(layer)
}
