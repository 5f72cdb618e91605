import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import type { Sign } from "../../delivery/Circuit.ts"
import type { Notices } from "../../store/DestinationStore.ts"
import type { Outcome } from "../../store/OutboxStore.ts"
import * as Fixture from "../store/Fixtures.ts"
import { ports } from "../store/Setup.ts"
import type { Step } from "./Step.ts"
import { chosen, destinations, jobs, type World } from "./World.ts"

/** Does a step in a store; `serial` makes what it writes different from everything before. */
export const perform = (world: World, step: Step, serial: number) =>
  Effect.gen(function* () {
    const { destinations: places, keys, outbox, sync } = yield* ports
    switch (step.do) {
      case "wait":
        return yield* TestClock.setTime(world.now)
      case "start": {
        const id = `run_${serial}`
        const result = yield* sync.startRun(
          Fixture.run(id, {
            jobId: jobs[step.job]!,
            destinationId: destinations[(step.job + step.destination) % 2]!,
            createdAt: world.now
          })
        )
        const key = {
          id: `dk_${id}`,
          workspaceId: Fixture.workspace,
          masterKeyId: "m",
          wrapped: new Uint8Array([1]),
          createdAt: 0
        }
        if (result.started) yield* keys.addDataKey({ ...key, owner: "run", ownerId: id })
        return result
      }
      case "claimRun":
        return yield* sync.claimRun({ owner: "o", leaseMillis: 30 })
      case "seen":
        return yield* sync.seen(chosen(world.runs, step.pick) ?? "none")
      case "renewRun": {
        const lease = chosen(world.leases, step.pick)
        return lease === undefined ? null : yield* sync.renewRun(lease, step.millis + 1)
      }
      case "releaseRun": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const resumeAt = step.millis % 2 === 0 ? null : world.now + step.millis
        return yield* sync.releaseRun(lease, { resumeAt, issues: [], interrupted: step.millis % 3 === 0 })
      }
      case "page": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const events = step.records.map((record, index) =>
          Fixture.event(step.again ? `ev_${lease.runId}_${record}` : `ev_${serial}_${index}`, {
            jobId: lease.jobId,
            runId: lease.runId,
            destinationId: world.routes.get(lease.runId)!,
            // What may be coalesced, what may take its place, and what may do neither.
            type: (["record.modified", "record.modified", "record.new", "record.deleted"] as const)[
              (record + index) % 4
            ]!,
            record,
            sequence: serial * 10 + index,
            createdAt: world.now
          })
        )
        const rows = step.records.map((record) =>
          Fixture.row(`k${record}`, record, {
            sequence: serial,
            state: record === 3 ? "missing" : "live",
            reason: record === 3 ? "gone" : null
          })
        )
        const seen = [{ chunk: serial % 2, bits: new Uint8Array([serial % 256]) }]
        return yield* sync.commitPage(
          lease,
          Fixture.page({ checkpoint: new Uint8Array([serial % 256]), events, rows, seen })
        )
      }
      case "end": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const told = Fixture.event(`ev_end_${lease.runId}`, {
          type: step.failed ? "sync.failed" : "sync.events.processed",
          jobId: lease.jobId,
          runId: lease.runId,
          destinationId: world.routes.get(lease.runId)!,
          record: null,
          sequence: null,
          createdAt: world.now
        })
        const status = step.failed ? "failed" : "processed"
        const end = Fixture.ending({
          status,
          at: world.now,
          events: step.told ? [told] : [],
          job: { deltasSinceListing: serial }
        })
        return yield* sync.endRun(lease, end, step.silent ? Fixture.closeSilently : Fixture.close)
      }
      case "cancel":
        return yield* sync.cancelRun(Fixture.workspace, chosen(world.runs, step.pick) ?? "none", world.now)
      case "retryNow":
        return yield* outbox.retryNow(Fixture.workspace, chosen(world.claimed, step.pick)?.id ?? "none")
      case "pause": {
        const state = world.paused % 2 === 0 ? "active" : "paused"
        yield* places.save(Fixture.destination(destinations[step.pick % 2]!, { state }))
        return yield* sync.saveJob(Fixture.job("job_0", { dataType: "job_0", destinationId: "dst_0", state }))
      }
      case "discardMissing":
        return yield* sync.discardMissing(jobs[step.pick % 2]!)
      case "removeDestination":
        return step.pick > 2 ? null : yield* places.remove(Fixture.workspace, destinations[step.pick % 2]!)
      case "claim":
        return yield* outbox.claim({
          destinationId: destinations[step.destination]!,
          owner: "o",
          limit: step.limit,
          leaseMillis: 25
        })
      case "renew":
      case "release": {
        const named = step.picks.flatMap((at) => chosen(world.claimed, at) ?? [])
        return step.do === "renew" ? yield* outbox.renew([...new Set(named)], 25) : yield* outbox.release(named)
      }
      case "settle": {
        const outcomes = step.picks.flatMap((at, index): ReadonlyArray<Outcome> => {
          const event = chosen(world.claimed, at)
          if (event === undefined) return []
          const fate = step.fates[index]!
          if (event.purpose === "overdue") return [{ event, attempt: null, result: { kind: "expired" as const } }]
          const sign: Sign =
            fate > 2
              ? { kind: "success" }
              : { kind: "failure", error: "e", unreachable: fate > 0, parkMillis: fate === 2 ? 1000 : undefined }
          if (event.purpose === "probe" && fate < 3)
            return [{ event, attempt: null, result: { kind: "parked" as const }, sign }]
          const result =
            fate === 0
              ? { kind: "expired" as const }
              : fate < 3
                ? { kind: "retry" as const, at: world.now + 10 }
                : { kind: "acknowledged" as const }
          return [{ ...Fixture.outcome(event, result, world.now), sign }]
        })
        return yield* outbox.settle(outcomes, step.silent ? Fixture.closeSilently : Fixture.close)
      }
      case "change": {
        const { coalesce, ordering } = step
        return yield* places.change(Fixture.workspace, destinations[step.destination]!, (known) =>
          Result.succeed({ ...known, ordering, coalesce })
        )
      }
      case "closeRuns":
        return yield* Effect.forEach(yield* sync.closable(9), (run) =>
          sync.closeRun(run.id, step.silent ? Fixture.closeSilently : Fixture.close)
        )
      case "hold": {
        const id = destinations[step.destination]!
        const notices: Notices = (others, at) =>
          others.map((to) =>
            Fixture.looseEvent(`notice_${serial}_${to.id}`, {
              integrationId: null,
              destinationId: to.id,
              createdAt: at
            })
          )
        return step.paused ? yield* places.pause(id, "operator", notices) : yield* places.resume(id, notices)
      }
      case "prune":
        return yield* outbox.prune(world.now - 100, step.limit)
    }
  })
