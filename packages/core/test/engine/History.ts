import { Context, Deferred, Effect, Fiber, Layer, Option, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import {
  Connectors,
  CoreServices,
  DestinationPolicy,
  DestinationStore,
  Dispatcher,
  Integrations,
  AuthorizationStore,
  IntegrationStore,
  KeyStore,
  OutboxStore,
  PortableCrypto,
  ReplayStore,
  RevocationStore,
  RunEngine,
  StoreError,
  SyncStore,
  Syncs,
  Transport
} from "@crochet/core"
import { Simulation } from "@crochet/core/testing"
import * as MemoryAuthorizationStore from "../../src/store/memory/MemoryAuthorizationStore.ts"
import * as MemoryDestinationStore from "../../src/store/memory/MemoryDestinationStore.ts"
import * as MemoryIntegrationStore from "../../src/store/memory/MemoryIntegrationStore.ts"
import * as MemoryKeyStore from "../../src/store/memory/MemoryKeyStore.ts"
import * as MemoryOutboxStore from "../../src/store/memory/MemoryOutboxStore.ts"
import { empty } from "../../src/store/memory/MemoryState.ts"
import * as MemoryReplayStore from "../../src/store/memory/MemoryReplayStore.ts"
import * as MemoryRevocationStore from "../../src/store/memory/MemoryRevocationStore.ts"
import * as MemorySyncStore from "../../src/store/memory/MemorySyncStore.ts"
import { login, type Delivered } from "./Harness.ts"

import { contentOf, Receiver, violated } from "./HistoryReceiver.ts"
import type { Fault, Step } from "./HistorySteps.ts"

const { connectorOf, reasons, SimulatedApp } = Simulation
type SimulatedApp = Simulation.SimulatedApp

/** Plays a history and then lets everything come to rest; throws what was violated. */
export const play = (history: ReadonlyArray<Step>): Effect.Effect<void, unknown> => {
  const state = empty()
  const app = new SimulatedApp()
  const receiver = new Receiver(state, app)
  const violations: Array<string> = []
  let faults: ReadonlyArray<Fault> = []
  let used = new Set<Fault>()
  let pages = 0
  let commits = 0
  let crashing = false
  let mode = ""
  let kill = Effect.void
  let act: (step: { readonly do: string; readonly at?: number }) => Effect.Effect<void> = () => Effect.void
  for (let i = 0; i < 5; i++) app.hire()

  const due = (matches: (fault: Fault) => boolean): Fault | undefined => {
    const found = faults.find((candidate) => !used.has(candidate) && matches(candidate))
    if (found !== undefined) used.add(found)
    return found
  }
  const die = (release: boolean) =>
    Effect.suspend(() => {
      crashing = !release
      return Effect.andThen(kill, Effect.never)
    })

  app.beforePage = Effect.suspend(() => {
    const page = pages++
    const found = due((candidate) => candidate.page === page)
    if (found === undefined) return Effect.succeed("go" as const)
    if (found.step !== undefined) return Effect.as(act(found.step), "go" as const)
    if (found.do === "cut") return Effect.succeed("cut" as const)
    if (found.do === "die") return Effect.die(new TypeError("a bug in a connector"))
    if (found.do === "interrupt" || found.do === "crash") return die(found.do === "interrupt")
    return reasons[found.do!]!()
  })

  const memory = MemorySyncStore.make(state)
  const away = new StoreError.StoreError({ operation: "test", reason: new StoreError.StoreUnavailable({}) })
  const troubled = (write: Effect.Effect<void, StoreError.StoreError>, found: Fault | undefined) => {
    if (found?.do === "refused") return Effect.fail(away)
    if (found?.do === "echo") return Effect.andThen(write, Effect.fail(away))
    if (found?.do === "crash before") return die(false)
    if (found?.do === "crash after") return Effect.andThen(write, die(false))
    return write
  }
  const store = SyncStore.SyncStore.of({
    ...memory,
    claimRun: (options) =>
      Effect.tap(memory.claimRun(options), (claimed) =>
        Effect.sync(() => {
          if (Option.isNone(claimed)) return
          app.reader = claimed.value.run.id
          mode = claimed.value.run.mode
        })
      ),
    releaseRun: (lease, options) => (crashing ? Effect.void : memory.releaseRun(lease, options)),
    commitPage: (lease, commit) =>
      Effect.suspend(() => {
        const at = commits++
        const gone = commit.rows.filter((row) => row.state === "deleted" && row.reason === "gone")
        if (gone.length > 0 && (mode === "initial" || mode === "listing") && !app.listed.has(lease.runId)) {
          violations.push("records were deleted as gone before the listing reached its end")
        }
        return troubled(
          memory.commitPage(lease, commit),
          due((candidate) => candidate.commit === at)
        )
      }),
    endRun: (lease, end, close) =>
      troubled(
        memory.endRun(lease, end, close),
        due((candidate) => candidate.end !== undefined)
      )
  })

  const program = Effect.gen(function* () {
    const { key, principal } = yield* login
    const integrations = yield* Integrations.Integrations
    const syncs = yield* Syncs.Syncs
    const engine = yield* RunEngine.RunEngine
    const { id: integrationId } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
    const start = (syncType: string) =>
      syncs.start(principal, key, integrationId, {
        dataType: "employee",
        destination: "https://receiver.test/hook",
        syncType: syncType as "initial_sync" | "delta_sync"
      })
    const job = () => [...state.jobs.values()][0]
    const reading = () =>
      [...state.runs.values()].filter(({ run }) => run.status === "queued" || run.status === "running")

    act = (step) =>
      Effect.ignore(
        Effect.suspend((): Effect.Effect<unknown, unknown> => {
          const at = step.at ?? 0
          switch (step.do) {
            case "hire":
              return Effect.sync(() => app.hire())
            case "change":
              return Effect.sync(() => app.edit(at, (person) => void (person.name += "!")))
            case "rename":
              return Effect.sync(() => app.edit(at, (person) => void (person.email = `x${person.email}`)))
            case "fire":
              return Effect.sync(() =>
                app.edit(at, (person, id) => {
                  person.active = false
                  app.everInactive.add(id)
                })
              )
            case "rehire":
              return Effect.sync(() => app.edit(at, (person) => void (person.active = true)))
            case "break":
              return Effect.sync(() => app.edit(at, (person) => void (person.broken = true)))
            case "mend":
              return Effect.sync(() => app.edit(at, (person) => void (person.broken = false)))
            case "delete":
              return Effect.sync(() => app.remove(at))
            case "add":
              return Effect.sync(() => app.add(at))
            case "pageSize":
              return Effect.sync(() => void (app.pageSize = at))
            case "vanish":
              return Effect.sync(() => [...app.people.keys()].forEach((id, i) => i % 3 !== 0 && app.hide(id)))
            case "reappear":
              return Effect.sync(() => app.hidden.clear())
            case "shuffle":
              return Effect.sync(() => void (app.shuffled = !app.shuffled))
            case "photo":
              return Effect.sync(() => void app.photo++)
            case "bump":
              return Effect.sync(() => {
                app.mapperVersion++
                receiver.lenient = true
              })
            case "nameless":
              return Effect.sync(() => void (app.nameless = !app.nameless))
            case "offset":
              return Effect.sync(() => void (app.paging = app.paging === "offset" ? "keyset" : "offset"))
            case "tracks":
              return Effect.sync(() => void (app.tracksChanges = !app.tracksChanges))
            case "start":
              return start("initial_sync")
            case "delta":
              return start("delta_sync")
            case "pause":
              return syncs.pause(principal, integrationId, "employee")
            case "cancel":
              return syncs.cancel(principal, integrationId, "employee")
            case "models":
              return Effect.suspend(() => {
                receiver.lenient = true
                const models =
                  job()?.models.length === 1 ? ["employee_profile", "employee_extra"] : ["employee_profile"]
                return syncs.update(principal, key, integrationId, { dataType: "employee", models })
              })
            case "resync":
              return syncs.resync(
                principal,
                integrationId,
                "employee",
                [...app.people.keys()][at % Math.max(1, app.people.size)] ?? "p0"
              )
            case "release":
            case "discard": {
              const held = [...state.runs.values()].findLast(({ run }) => run.heldDeletions > 0)
              if (held === undefined) return Effect.void
              return step.do === "release"
                ? syncs.releaseDeletions(principal, held.run.id)
                : syncs.discardDeletions(principal, held.run.id)
            }
            case "refuse":
              return Effect.sync(() => void (receiver.refusals = at))
            default:
              throw new Error(`no such step: ${step.do}`)
          }
        })
      )

    /** Executes what is queued until nothing reads, starting a new engine's fiber after every death. */
    const drive = Effect.gen(function* () {
      for (let round = 0; ; round++) {
        if (round > 80)
          violated(
            `a run does not end: ${JSON.stringify(reading().map(({ run }) => [run.mode, run.status, run.issues.at(-1)?.code]))}`
          )
        const killed = yield* Deferred.make<void>()
        kill = Effect.asVoid(Deferred.succeed(killed, undefined))
        crashing = false
        const fiber = yield* Effect.forkDetach(engine.runNext)
        const died = yield* Effect.raceFirst(
          Effect.as(Effect.exit(Fiber.join(fiber)), false),
          Effect.as(Deferred.await(killed), true)
        )
        if (died && !crashing) yield* Fiber.interrupt(fiber)
        if (died && crashing) {
          // A process that dies waits for nothing, not even for what cannot be interrupted.
          yield* Effect.forkDetach(Fiber.interrupt(fiber))
          for (let i = 0; i < 20; i++) yield* Effect.yieldNow
        }
        if (died && !crashing && reading().some(({ leaseUntil }) => leaseUntil > 0))
          violated("a run was not given back at a shutdown")
        if (reading().length === 0) return
        if (job()?.state === "paused") yield* syncs.resume(principal, integrationId, "employee")
        const waits = reading().map(({ leaseUntil, run }) => Math.max(leaseUntil, run.resumeAt ?? 0))
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const wait = Math.min(...waits) - now
        if (wait > 0) yield* TestClock.adjust(wait)
      }
    })
    const reconnect = Effect.suspend(() =>
      state.integrations.get(integrationId)!.state === "active"
        ? Effect.void
        : integrations.import(principal, { appId: "madeup", originOrgId: "org", integrationId })
    )
    const execute = (syncType: string) =>
      Effect.gen(function* () {
        yield* reconnect
        pages = 0
        commits = 0
        const { run } = yield* start(syncType)
        yield* drive
        yield* TestClock.adjust("1 second")
        return state.runs.get(run.id)!.run
      })

    for (const step of history) {
      if ("run" in step) {
        faults = step.faults
        used = new Set()
        yield* execute(step.run)
        faults = []
      } else {
        yield* act(step)
        yield* drive
      }
    }

    // Everything comes to rest: no faults any more, complete listings until held deletions are decided.
    app.hidden.clear()
    app.nameless = false
    app.tracksChanges = false
    for (const [id, person] of app.people) {
      person.broken = false
      app.log.push(id)
    }
    receiver.refusals = 0
    const rest = Effect.gen(function* () {
      for (let i = 0; i < 200 && state.outbox.size > 0; i++) yield* TestClock.adjust("1 minute")
    })
    for (let i = 0; i < 3; i++) {
      const last = yield* execute("delta_sync")
      if (last.status === "failed") violated(`the last delta failed: ${last.issues.at(-1)?.message}`)
    }
    yield* rest
    const accepted = receiver.accepted
    yield* execute("delta_sync")
    yield* rest

    if (state.outbox.size > 0) violated(`${state.outbox.size} events were never delivered`)
    if (receiver.accepted !== accepted) violated("a delta over an unchanged app said something")
    const extra = job()!.models.length === 1 ? {} : { extra: { note: "-" } }
    const wanted = [...app.people]
      .filter(([, { active }]) => active)
      .map(([id, { email, name }]): [string, string] => [
        id,
        contentOf({ profile: { id, name, workEmail: email, photo: "", employmentStatus: "ACTIVE" }, ...extra })
      ])
    const [has, should] = [receiver.records, new Map(wanted)].map((map) =>
      JSON.stringify([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
    )
    if (has !== should) violated(`the receiver has ${has} instead of ${should}`)
    for (const { run } of state.runs.values()) {
      if (!["completed", "failed", "cancelled"].includes(run.status)) violated(`a run ended as ${run.status}`)
      const closing = [...state.events.values()].filter(
        ({ record }) => record.runId === run.id && record.type === "sync.events.allConsumed"
      )
      if (closing.length !== (run.status === "completed" ? 1 : 0))
        violated(`${closing.length} allConsumed of a ${run.status} run`)
      if (run.outstanding !== 0) violated(`${run.outstanding} outstanding events of a ${run.status} run`)
    }
    if (violations.length > 0) violated(violations.join("; "))
  })

  return program.pipe(
    Effect.provide(
      Dispatcher.Dispatcher.layer({ scanMillis: 30_000 }).pipe(
        Layer.provideMerge(
          CoreServices.layer({
            masterKey: Redacted.make(new Uint8Array(32).fill(7)),
            apps: { baseUrl: () => undefined, oauthClient: () => undefined },
            runs: { ...RunEngine.defaultSettings("test"), guard: { records: 2, share: 0.2 }, reconcileEvery: 2 },
            testAccounts: { atOnce: null, days: null }
          })
        ),
        Layer.provideMerge(
          Layer.mergeAll(
            Layer.succeedContext(
              Context.make(KeyStore.KeyStore, MemoryKeyStore.make(state)).pipe(
                Context.add(IntegrationStore.IntegrationStore, MemoryIntegrationStore.make(state)),
                Context.add(AuthorizationStore.AuthorizationStore, MemoryAuthorizationStore.make(state)),
                Context.add(RevocationStore.RevocationStore, MemoryRevocationStore.make(state)),
                Context.add(DestinationStore.DestinationStore, MemoryDestinationStore.make(state)),
                Context.add(SyncStore.SyncStore, store),
                Context.add(OutboxStore.OutboxStore, MemoryOutboxStore.make(state)),
                Context.add(ReplayStore.ReplayStore, MemoryReplayStore.make(state))
              )
            ),
            PortableCrypto.layer,
            Connectors.Connectors.layer([connectorOf(app)]),
            Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
            Layer.succeed(
              HttpClient.HttpClient,
              HttpClient.make(() => Effect.die(new Error("the simulated app has no HTTP")))
            ),
            Layer.succeed(Transport.Transport, {
              post: (request) =>
                Effect.sync(() => {
                  try {
                    return { status: receiver.answer(JSON.parse(new TextDecoder().decode(request.body)) as Delivered) }
                  } catch (error) {
                    violations.push((error as Error).message)
                    return { status: 200 }
                  }
                })
            })
          )
        )
      )
    ),
    Effect.provide(TestClock.layer()),
    Effect.scoped
  )
}
