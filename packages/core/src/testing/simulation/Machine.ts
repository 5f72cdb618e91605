import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Connector } from "../../connector/Connector.ts"
import * as Dispatcher from "../../delivery/Dispatcher.ts"
import { Transport } from "../../delivery/Transport.ts"
import { DestinationPolicy } from "../../destination/DestinationPolicy.ts"
import { Maintenance } from "../../maintenance/Maintenance.ts"
import { Connectors } from "../../service/Connectors.ts"
import * as ReplayEngine from "../../replay/ReplayEngine.ts"
import { Replayer } from "../../replay/Replayer.ts"
import * as CoreServices from "../../service/CoreServices.ts"
import { AuthorizationStore } from "../../store/AuthorizationStore.ts"
import { DestinationStore } from "../../store/DestinationStore.ts"
import { IntegrationStore } from "../../store/IntegrationStore.ts"
import { KeyStore } from "../../store/KeyStore.ts"
import { OutboxStore } from "../../store/OutboxStore.ts"
import * as MemoryAuthorizationStore from "../../store/memory/MemoryAuthorizationStore.ts"
import { empty } from "../../store/memory/MemoryState.ts"
import * as MemoryRevocationStore from "../../store/memory/MemoryRevocationStore.ts"
import { ReplayStore } from "../../store/ReplayStore.ts"
import { RevocationStore } from "../../store/RevocationStore.ts"
import { SyncStore } from "../../store/SyncStore.ts"
import * as RunEngine from "../../sync/RunEngine.ts"
import { Scheduler } from "../../sync/Scheduler.ts"
import { Crypto } from "../../vault/Crypto.ts"
import * as Vault from "../../vault/Vault.ts"
import type { SimulatedProcess } from "./SimulatedProcess.ts"

/** The storage ports as services. */
export interface Stores {
  readonly keys: KeyStore["Service"]
  readonly integrations: IntegrationStore["Service"]
  readonly destinations: DestinationStore["Service"]
  readonly sync: SyncStore["Service"]
  readonly outbox: OutboxStore["Service"]
  readonly replays: ReplayStore["Service"]
}

/** What the operator's calls may use. */
export type Services = CoreServices.Services | DestinationStore | KeyStore | OutboxStore | SyncStore

/** What a process reaches of the world. */
export interface Wiring {
  readonly stores: Stores
  readonly transport: Transport["Service"]
  readonly connectors: ReadonlyArray<Connector>
  readonly crypto: Crypto["Service"]
  /** How often the dispatcher asks for what is due, woken or not. */
  readonly scanMillis: number
}

const minute = 60_000

/**
 * How the loops of a simulated process work. Whatever only polls does so rarely: within four days, each wake-up that
 * finds nothing to do would be made hundreds of thousands of times.
 */
export const settings = {
  leaseMillis: 10_000,
  scanMillis: 240 * minute,
  stuckMillis: 96 * 60 * minute,
  scheduleMillis: 230 * minute,
  replayMillis: 960 * minute,
  sweepMillis: 490 * minute,
  maintenanceMillis: 470 * minute,
  runLeaseMillis: 30_000
} as const

/** The whole of core in a process: services, scheduler, dispatcher and maintenance, as a runtime puts them together. */
export class Machine {
  readonly process: SimulatedProcess
  services: Context.Context<Services> | null = null
  readonly #fiber: Fiber.Fiber<unknown, unknown>

  /** `failed` is called when the process cannot start, and ends. */
  constructor(process: SimulatedProcess, wiring: Wiring, failed: () => void) {
    this.process = process
    const loops = Layer.mergeAll(
      Dispatcher.Dispatcher.layer({
        concurrency: 4,
        claimSize: 64,
        leaseMillis: settings.leaseMillis,
        scanMillis: wiring.scanMillis,
        stuckMillis: settings.stuckMillis
      }),
      Scheduler.layer({ workers: 1, everyMillis: settings.scheduleMillis }),
      Replayer.layer({ ...ReplayEngine.defaultSettings(process.name), workers: 1, everyMillis: settings.replayMillis }),
      Maintenance.layer({ eventRetentionDays: 30, everyMillis: settings.maintenanceMillis })
    )
    const layer = loops.pipe(
      Layer.provideMerge(
        CoreServices.layer({
          masterKey: Redacted.make(new Uint8Array(32).fill(7)),
          apps: { baseUrl: () => undefined, oauthClient: () => undefined },
          runs: {
            ...RunEngine.defaultSettings(process.name),
            leaseMillis: settings.runLeaseMillis,
            guard: { records: 2, share: 0.2 },
            reconcileEvery: 3
          },
          testAccounts: { atOnce: null, days: null }
        })
      ),
      Layer.provideMerge(environment(wiring))
    )
    const life = Effect.gen({ self: this }, function* () {
      this.services = yield* Layer.build(layer)
      return yield* Effect.never
    })
    const guarded = Effect.tapError(Effect.scoped(life), () => Effect.sync(failed))
    this.#fiber = Effect.runForkWith(process.context)(guarded)
  }

  /** Whether the process answers calls. */
  get ready(): boolean {
    return this.process.alive && !this.process.paused && this.services !== null
  }

  /** Runs a call in the process; it dies with it. */
  run<A, E>(call: Effect.Effect<A, E, Services>, done: (result: "done" | "refused", value: A | null) => void): void {
    const told = Effect.matchCause(call, {
      onFailure: () => done("refused", null),
      onSuccess: (value) => done("done", value)
    })
    Effect.runForkWith(Context.merge(this.process.context, this.services!))(told)
  }

  /** SIGTERM: a graceful stop, then the end. */
  stop(ended: () => void): void {
    this.services = null
    const stopped = Effect.andThen(Fiber.interrupt(this.#fiber), Effect.sync(ended))
    Effect.runForkWith(this.process.context)(stopped)
  }
}

const environment = ({ connectors, crypto, stores, transport }: Wiring) =>
  Layer.mergeAll(
    Layer.succeedContext(
      Context.make(KeyStore, stores.keys).pipe(
        Context.add(IntegrationStore, stores.integrations),
        Context.add(DestinationStore, stores.destinations),
        Context.add(SyncStore, stores.sync),
        Context.add(OutboxStore, stores.outbox),
        Context.add(ReplayStore, stores.replays),
        // Nobody signs in here, so nothing is revoked.
        Context.add(AuthorizationStore, MemoryAuthorizationStore.make(empty())),
        Context.add(RevocationStore, MemoryRevocationStore.make(empty()))
      )
    ),
    Layer.succeed(Transport, transport),
    Layer.succeed(DestinationPolicy, { check: () => Effect.succeed(null) }),
    Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make(() => Effect.die(new Error("the simulated app has no HTTP")))
    ),
    Connectors.layer(connectors),
    Layer.succeed(Crypto, crypto),
    Layer.succeed(Vault.SweepEvery, Duration.millis(settings.sweepMillis))
  )
