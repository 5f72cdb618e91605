import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Refusal } from "../service/Refusal.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault } from "../vault/Vault.ts"
import * as Checkpoint from "./Checkpoint.ts"
import type { Job } from "./Job.ts"
import * as NewRun from "./NewRun.ts"
import * as Recorder from "./Recorder.ts"
import type { Run, RunMode, Trigger } from "./Run.ts"
import { RunWakeup } from "./Scheduler.ts"

/** Makes the ways in which a call queues a run; one run of a job reads at a time. */
export const make = Effect.gen(function* () {
  const crypto = yield* Crypto
  const sync = yield* SyncStore
  const vault = yield* Vault
  const wakeup = yield* RunWakeup

  const newRun = Effect.fnUntraced(function* (job: Job, mode: RunMode, trigger: Trigger) {
    const createdAt = yield* Clock.currentTimeMillis
    return NewRun.of(job, { id: yield* Id.make(crypto, "sr"), mode, trigger, createdAt })
  })

  /** Queues a run; answers with the one that is reading, if there is one. */
  const start = Effect.fnUntraced(function* (job: Job, mode: RunMode, trigger: Trigger) {
    const { run } = yield* sync.startRun(yield* newRun(job, mode, trigger))
    yield* wakeup.notify
    return run
  })

  /** Like `start`, for a changed definition: a run that reads by the old one ends, what it emitted is delivered. */
  const restart = Effect.fnUntraced(function* (job: Job, trigger: Trigger) {
    for (;;) {
      const { run, started } = yield* sync.startRun(yield* newRun(job, "initial", trigger))
      if (started) {
        yield* wakeup.notify
        return run
      }
      yield* sync.cancelRun(job.workspaceId, run.id, yield* Clock.currentTimeMillis)
    }
  })

  const running = (run: Run) =>
    new Refusal({
      kind: "conflict",
      code: "sync.running",
      msg: `The run ${run.id} of this sync is going on.`,
      field: "dataType",
      resolution: "Wait until it has ended, or end it with sync.cancel."
    })

  const startRelease = Effect.fnUntraced(function* (job: Job) {
    const { run, started } = yield* sync.startRun(yield* newRun(job, "release", "release"))
    if (!started && run.mode !== "release") return yield* running(run)
    yield* wakeup.notify
    return run
  })

  const startResync = Effect.fnUntraced(function* (job: Job, recordId: string) {
    const run = yield* newRun(job, "record", "resync")
    const sealer = yield* vault.sealer({ owner: "run", ownerId: run.id, workspaceId: run.workspaceId })
    const checkpoint = sealer.seal(
      Recorder.checkpointPlace(run.id),
      Checkpoint.encode(Checkpoint.initial("record", recordId))
    )
    const { run: current, started } = yield* sync.startRun(run, { checkpoint })
    if (!started) {
      yield* vault.shred({ owner: "run", ownerId: run.id, workspaceId: run.workspaceId })
      return yield* running(current)
    }
    yield* wakeup.notify
    return run
  })

  return { start, restart, startRelease, startResync }
})
