import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { type Connector, supportedModels } from "../../connector/Connector.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import * as RunEvents from "../../event/RunEvents.ts"
import type { Integration } from "../../integration/Integration.ts"
import { Access, type Principal } from "../../service/Access.ts"
import type * as CoreServices from "../../service/CoreServices.ts"
import { Integrations } from "../../service/Integrations.ts"
import type { Refusal } from "../../service/Refusal.ts"
import { Syncs } from "../../service/Syncs.ts"
import type { MemoryState } from "../../store/memory/MemoryState.ts"
import { type Run, reading } from "../../sync/Run.ts"
import { RunEngine } from "../../sync/RunEngine.ts"
import { Vault } from "../../vault/Vault.ts"
import type { Baseline } from "./Baseline.ts"
import type * as Engine from "./Engine.ts"
import type { Change, Outcome } from "./Outcome.ts"
import type { Pace } from "./Pace.ts"
import type * as Sandbox from "./Sandbox.ts"
import { isAbsent } from "./Sandbox.ts"
import * as SignIn from "./SignIn.ts"
import type { Wire } from "./Wire.ts"

/** What a world is made of. */
export interface WorldOptions {
  readonly connector: Connector
  readonly sandbox: Sandbox.Sandbox
  readonly seed?: number
  readonly records?: number
  /** Instead of the app's own credentials. */
  readonly access?: Sandbox.Access
  /** How far the app's clock is ahead of ours. */
  readonly skewMillis?: number
  /** Whether logs and spans are kept as text, which costs as much as a run. */
  readonly listening?: boolean
}

/** How long the app may take until it shows a change. */
export const visibleAfter = ({ visibleAfterMillis = 60_000 }: Sandbox.Sandbox): number => visibleAfterMillis

const receiver = "https://receiver.invalid/hook"

/** The app, one account in it, and the real engine on stores in memory, at a pace where waiting costs nothing. */
export class World {
  readonly connector: Connector
  readonly sandbox: Sandbox.Sandbox
  readonly app: Sandbox.RunningApp
  readonly pace: Pace
  readonly wire: Wire
  readonly state: MemoryState
  /** What was logged, and what spans carry, as text. */
  readonly written: Array<string>
  /** Access tokens, keys and client secrets that were ever used. */
  readonly secrets: ReadonlySet<string>
  /** What a receiver has made of all events, by data type and id. */
  readonly replica = new Map<string, Map<string, Change["data"]>>()
  readonly hooks: Engine.Hooks
  /** Listings that nothing has happened since, by data type: see `Baseline`. */
  readonly baselines = new Map<string, Baseline>()
  /** How many runs were executed. */
  runs = 0
  /** Whether something was done to the app past its API: the world is not what it was at its start. */
  touched = false
  readonly #services: Context.Context<CoreServices.Services>
  readonly #scope: Scope.Closeable
  #login: { readonly key: Redacted.Redacted; readonly principal: Principal } | undefined
  #integration: Integration | undefined

  constructor(parts: {
    readonly options: WorldOptions
    readonly app: Sandbox.RunningApp
    readonly pace: Pace
    readonly wire: Wire
    readonly state: MemoryState
    readonly hooks: Engine.Hooks
    readonly written: Array<string>
    readonly secrets: ReadonlySet<string>
    readonly services: Context.Context<CoreServices.Services>
    readonly scope: Scope.Closeable
  }) {
    this.connector = parts.options.connector
    this.sandbox = parts.options.sandbox
    this.app = parts.app
    this.pace = parts.pace
    this.wire = parts.wire
    this.state = parts.state
    this.hooks = parts.hooks
    this.written = parts.written
    this.secrets = parts.secrets
    this.#services = parts.services
    this.#scope = parts.scope
  }

  /** Runs a program with core's services at the world's pace. */
  use<A, E>(program: Effect.Effect<A, E, CoreServices.Services | Scope.Scope>): Promise<A> {
    return this.pace.run(Effect.scoped(Effect.provideContext(program, this.#services)))
  }

  /** Lets time pass. Once the app shows what was done to it, its answers are remembered again. */
  async pass(millis: number): Promise<void> {
    await this.pace.run(Effect.sleep(millis))
    if (millis >= visibleAfter(this.sandbox)) this.wire.settled()
  }

  /** Something was done to the app: no answer of before holds. */
  touch(): void {
    this.touched = true
    this.baselines.clear()
    this.wire.disturbed()
  }

  /** As it was when the account had just been connected, but for the time: nothing was ever read. */
  async forget(): Promise<void> {
    const { attempts, dataKeys, events, jobs, outbox, queues, replays, runs, seen, snapshots } = this.state
    for (const map of [attempts, events, jobs, outbox, queues, replays, runs, seen, snapshots]) map.clear()
    for (const owner of dataKeys.keys()) if (owner.startsWith("run|")) dataKeys.delete(owner)
    this.replica.clear()
    this.baselines.clear()
    this.wire.log.length = 0
    this.written.length = 0
  }

  get integration(): Integration {
    const { id } = this.#integration!
    return this.state.integrations.get(id)!
  }

  /** Connects an account, as `integration.import` does; a refusal is what is returned. */
  async connect(access: Sandbox.Access | null): Promise<Integration | Refusal> {
    const { app } = this
    const given = access ?? (isAbsent(app.oauth) ? null : await SignIn.signIn(this.connector, app, this.pace))
    for (const value of Object.values(given?.values ?? {})) (this.secrets as Set<string>).add(value)
    return this.use(
      Effect.gen({ self: this }, function* () {
        if (this.#login === undefined) {
          const keys = yield* Access
          const { created } = yield* keys.bootstrap()
          this.#login = { key: created!, principal: yield* keys.authenticate(created!) }
        }
        const imported = yield* (yield* Integrations).import(this.#login.principal, {
          appId: this.connector.app.id,
          originOrgId: "organisation",
          settings: app.settings,
          ...(given === null ? {} : { authScheme: given.scheme, credentials: given.values })
        })
        this.#integration = imported
        return imported
      }).pipe(Effect.catchTag("Refusal", (refusal) => Effect.succeed(refusal)))
    )
  }

  /**
   * Starts a run (or goes on with the one that waits) and executes it once, or, while it waits to be taken up again, so
   * many times more.
   */
  async sync(
    resource: AnyResource,
    mode: "initial" | "changes" | "listing",
    options: { readonly resumes?: number } = {}
  ): Promise<Outcome> {
    const before = this.wire.log.length
    this.runs++
    this.wire.asked.clear()
    const dataType = resource.dataType.id
    const { key, principal } = this.#login!
    const job = this.#job(dataType)
    if (job !== undefined) {
      // A delta lists everything after so many that read only changes.
      this.state.jobs.set(job.id, { ...job, deltasSinceListing: mode === "listing" ? Number.MAX_SAFE_INTEGER : 0 })
    }
    const run = await this.use(
      Effect.gen({ self: this }, function* () {
        const syncs = yield* Syncs
        const engine = yield* RunEngine
        const started = yield* syncs.start(principal, key, this.integration.id, {
          dataType,
          destination: receiver,
          models: supportedModels(resource),
          syncType: mode === "initial" ? "initial_sync" : "delta_sync"
        })
        for (let turn = 0; ; turn++) {
          yield* engine.runNext
          const now = yield* syncs.run(principal, started.run.id)
          if (!reading.includes(now.status) || turn >= (options.resumes ?? 0)) return now
          yield* Effect.sleep(Math.max(0, (now.resumeAt ?? 0) - this.pace.time.now))
        }
      })
    )
    return {
      run,
      changes: await this.#collect(run),
      requests: this.wire.since(before),
      tokenRequests: this.wire.log.slice(before).filter(({ isToken }) => isToken).length
    }
  }

  /** Makes the account work again after faults: what reads is cancelled, what was marked is active. */
  async heal(): Promise<void> {
    this.wire.rules = []
    this.wire.rewrite = undefined
    this.hooks.onPage = undefined
    this.hooks.listing = undefined
    for (const { run } of this.state.runs.values()) {
      if (reading.includes(run.status)) {
        await this.use(
          Effect.flatMap(Syncs, (syncs) => syncs.cancel(this.#login!.principal, run.integrationId, run.dataType))
        )
      }
    }
    this.state.integrations.set(this.integration.id, { ...this.integration, state: "active", lastError: null })
    // Longer than any pause that a fault has asked for.
    await this.pass(3_600_000)
  }

  async close(): Promise<void> {
    await this.pace.run(Scope.close(this.#scope, Exit.void))
    await this.pace.outside(() => this.app.close())
  }

  #job(dataType: string) {
    return [...this.state.jobs.values()].find((job) => job.dataType === dataType)
  }

  /** Opens what the run has put into the outbox since the last look, and takes it out as a receiver would. */
  async #collect(run: Run): Promise<ReadonlyArray<Change>> {
    const { state } = this
    const events = [...state.outbox.values()]
      .map(({ event }) => event)
      .filter(({ runId, type }) => runId === run.id && type.startsWith("record."))
    state.outbox.clear()
    state.queues.clear()
    if (events.length === 0) return []
    const changes = await this.use(
      Effect.gen(function* () {
        const opener = yield* (yield* Vault).opener(RunEvents.keyScope(events[0]!))
        return events.map(({ body, id, type }): Change => {
          const { eventData, recordId } = JSON.parse(
            new TextDecoder().decode(opener.open(RunEvents.bodyPlace(id), body))
          ) as { readonly eventData: Change["data"]; readonly recordId: string }
          return { type: type as Change["type"], eventId: id, recordId, data: eventData }
        })
      })
    )
    const replica = this.replica.get(run.dataType) ?? new Map<string, Change["data"]>()
    this.replica.set(run.dataType, replica)
    for (const { data, recordId, type } of changes) {
      if (type === "record.deleted") replica.delete(recordId)
      else replica.set(recordId, data)
    }
    return changes
  }
}
