import * as Base64 from "effect/encoding/Base64"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import type { BeforePage } from "./SimulatedApp.ts"
import { connectorOf, reasons } from "./SimulatedApp.ts"
import {
  DeliveryFailure,
  Connection,
  InvalidResponse,
  Timeout,
  Tls,
  type TransportRequest,
  type TransportResponse
} from "../../delivery/Transport.ts"
import type { NewEvent } from "../../event/Event.ts"
import * as MemoryDestinationStore from "../../store/memory/MemoryDestinationStore.ts"
import * as MemoryIntegrationStore from "../../store/memory/MemoryIntegrationStore.ts"
import * as MemoryKeyStore from "../../store/memory/MemoryKeyStore.ts"
import * as MemoryOutboxStore from "../../store/memory/MemoryOutboxStore.ts"
import * as MemoryReplayStore from "../../store/memory/MemoryReplayStore.ts"
import type { Outcome } from "../../store/OutboxStore.ts"
import { empty, type MemoryState } from "../../store/memory/MemoryState.ts"
import * as MemorySyncStore from "../../store/memory/MemorySyncStore.ts"
import { Faults, wait } from "./Faults.ts"
import { Ledger } from "./Ledger.ts"
import { Machine, settings, type Stores, type Wiring } from "./Machine.ts"
import { type Circumstances, Observer, pausedFor, type Place } from "./Observer.ts"
import * as Organisations from "./Organisation.ts"
import { ReceiverModel } from "./ReceiverModel.ts"
import type { PageFault } from "./Incident.ts"
import type { Scenario } from "./Scenario.ts"
import { SeededRandom } from "./SeededRandom.ts"
import * as SimulatedCrypto from "./SimulatedCrypto.ts"
import { SimulatedProcess } from "./SimulatedProcess.ts"
import type { Sabotage } from "./Sabotage.ts"
import { Trace } from "./Trace.ts"
import { VirtualTime } from "./VirtualTime.ts"

/** When every simulation begins. */
const start = Date.UTC(2026, 0, 5)

const minute = 60_000
const manyProbes = 10

/** An order of magnitude more than seeds need. */
const mostStoreCalls = 40_000
const mostWithEveryProbe = 400_000

/** Everything that there is in one simulation: time, store, processes, apps, receivers, and what is known of them. */
export class World {
  readonly time = new VirtualTime(start)
  readonly trace = new Trace(() => this.time.now)
  readonly state: MemoryState = empty()
  readonly ledger = new Ledger(this.trace, () => this.time.now)
  readonly random: SeededRandom
  readonly observer: Observer
  readonly receivers: ReceiverModel
  readonly faults: Faults
  readonly organisations: ReadonlyArray<Organisations.Organisation>
  readonly secrets = new Map<Uint8Array, Uint8Array>()
  machines: Array<Machine> = []
  crashes = 0
  /** The calls at which processes died. */
  readonly crashPoints = new Set<string>()
  mostSkew: number
  /** Faults of pages to come, by organisation: after so many pages. */
  readonly pageFaults: Array<{ org: number; pages: number; readonly fault: PageFault }> = []
  readonly #scenario: Scenario
  readonly #hmac: SimulatedCrypto.Hmac
  readonly #sabotage: Sabotage | undefined
  readonly #stores: Stores
  readonly #resumedAt = new Map<SimulatedProcess, number>()
  #generation = 0

  constructor(scenario: Scenario, hmac: SimulatedCrypto.Hmac, sabotage: Sabotage | undefined) {
    this.#scenario = scenario
    this.#hmac = hmac
    this.#sabotage = sabotage
    this.mostSkew = scenario.mostSkew
    this.random = new SeededRandom(scenario.seed, "world")
    this.receivers = new ReceiverModel(new SeededRandom(scenario.seed, "receivers"))
    this.organisations = [Organisations.make(0, 2, scenario), Organisations.make(1, 1, scenario)]
    this.observer = new Observer(
      this.ledger,
      hmac,
      new Map(this.organisations.flatMap(({ places }) => places).map((place) => [place.id, place]))
    )
    this.ledger.recordOf = (id) => this.state.events.get(id)?.record
    this.ledger.pausedFor = (id) => {
      const place = this.observer.places.get(id)
      return place === undefined ? 0 : pausedFor(place, this.time.now)
    }
    this.faults = new Faults({
      mostStoreCalls: scenario.everyProbe ? mostWithEveryProbe : mostStoreCalls,
      time: this.time,
      random: new SeededRandom(scenario.seed, "faults"),
      observe: (...seen) => this.#observe(...seen),
      onCrash: (process, where, back) => {
        this.crashPoints.add(where)
        this.crash(process, back)
      },
      onRefusal: (operation, how) => {
        this.incident(`${operation} was ${how}`)
      }
    })
    const { state } = this
    const stores: Stores = {
      keys: MemoryKeyStore.make(state),
      integrations: MemoryIntegrationStore.make(state),
      destinations: MemoryDestinationStore.make(state),
      sync: MemorySyncStore.make(state),
      outbox: MemoryOutboxStore.make(state),
      replays: MemoryReplayStore.make(state)
    }
    this.#stores = sabotage?.stores?.(stores, state) ?? stores
  }

  /** Writes down that something happened to the world. */
  incident(what: string): void {
    this.trace.add("incident", what)
  }

  get scenario(): Scenario {
    return this.#scenario
  }

  /** Starts a process over the store. */
  boot(): Machine {
    const process = new SimulatedProcess(`process ${++this.#generation}`, this.time, this.#scenario.seed)
    const { faults } = this
    const crypto = SimulatedCrypto.make(process.random, this.#hmac, (sealed, text) => {
      const secret = text.startsWith("whsec_") ? Result.getOrNull(Base64.decode(text.slice(6))) : null
      if (secret !== null) this.secrets.set(sealed, secret)
    })
    const wiring: Wiring = {
      scanMillis: this.#scenario.everyProbe ? minute : settings.scanMillis,
      crypto: this.#sabotage?.crypto?.(crypto) ?? crypto,
      stores: {
        keys: faults.store(process, "keys", this.#stores.keys),
        integrations: faults.store(process, "integrations", this.#stores.integrations),
        destinations: faults.store(process, "destinations", this.#stores.destinations),
        sync: faults.store(process, "sync", this.#stores.sync),
        outbox: faults.store(process, "outbox", this.#stores.outbox),
        replays: faults.store(process, "replays", this.#stores.replays)
      },
      transport: { post: (request) => this.#post(process, request) },
      connectors: this.organisations.map(({ app, appId, index }) =>
        connectorOf(app, { id: appId, beforePage: this.#beforePage(process, index) })
      )
    }
    // A process that cannot start ends; whoever started it tries again.
    const machine = new Machine(process, wiring, () => this.crash(process, 5000))
    if (process.alive) this.machines.push(machine)
    this.incident(`${process.name} starts`)
    return machine
  }

  /** The process is gone; another starts `back` later, unless one runs then. */
  crash(process: SimulatedProcess, back: number): void {
    process.kill()
    this.crashes++
    this.incident(`${process.name} dies`)
    this.machines = this.machines.filter((machine) => machine.process !== process)
    this.time.after(back, () => {
      if (this.machines.length === 0) this.boot()
    })
  }

  resume(process: SimulatedProcess): void {
    this.#resumedAt.set(process, this.time.now)
    process.resume()
  }

  #observe(
    process: SimulatedProcess,
    operation: string,
    args: ReadonlyArray<unknown>,
    exit: Exit.Exit<unknown, unknown>,
    closing: ReadonlyArray<NewEvent>
  ): void {
    this.ledger.observe(process, operation, args, exit, closing)
    for (const place of this.observer.places.values()) this.#follow(place)
    if (operation === "outbox.settle") this.#thin()
    if (operation !== "outbox.settle" || exit._tag === "Failure") return
    for (const { event, result } of args[0] as ReadonlyArray<Outcome>) {
      if (result.kind === "expired") this.observer.judgeExpiry(event.id, this.#circumstances(process))
    }
  }

  /**
   * After the first minutes of an open circuit, probes come every two hours instead of every minute: the thousands in
   * between would say the same, at a hundred times the price. Some seeds have them all.
   */
  #thin(): void {
    if (this.#scenario.everyProbe) return
    const { now } = this.time
    for (const [id, health] of this.state.health) {
      if (health.openedAt === null || health.probes < manyProbes || (health.nextProbeAt ?? 0) > now + minute) continue
      this.state.health.set(id, { ...health, nextProbeAt: now + 120 * minute })
    }
  }

  /** Notes what became of the destination: another URL, another secret, a pause. */
  #follow(place: Place): void {
    const destination = this.state.destinations.get(place.id)
    if (destination === undefined) return
    const from = this.time.now
    if (place.urls.at(-1)?.url !== destination.url) place.urls.push({ url: destination.url, from })
    const key = this.secrets.get(destination.secret)
    if (key !== undefined && place.secrets.at(-1)?.key !== key) place.secrets.push({ key, from })
    if (destination.state === "paused") place.paused.since ??= from
    else if (place.paused.since !== null) {
      place.paused.total += from - place.paused.since
      place.paused.since = null
    }
  }

  #circumstances(process: SimulatedProcess): Circumstances {
    const { now } = this.time
    const recently = now - (this.#resumedAt.get(process) ?? 0) < 3_600_000
    return {
      now,
      mostSkew: this.mostSkew,
      stale: recently || this.faults.latencyUntil > now - 60_000
    }
  }

  #post(process: SimulatedProcess, given: TransportRequest): Effect.Effect<TransportResponse, DeliveryFailure> {
    return Effect.suspend(() => {
      if (!process.alive) return Effect.never
      const dies = this.faults.dies(process, "transport.post")
      if (dies?.when === "before") return dies.now()
      const { now } = this.time
      const request = this.#sabotage?.request?.(given, this.observer.requests) ?? given
      const known = this.observer.judge(process, request, this.#circumstances(process))
      if (known === undefined) return Effect.succeed({ status: 200 })
      const place = this.observer.places.get(known.event.destinationId)
      const { answer, millis, received } = this.receivers.react(known.event.destinationId, known.event, now)
      const seen = "status" in answer ? String(answer.status) : answer.failure
      const accepted = received && (!("status" in answer) || acknowledges(place?.ack, answer.status))
      this.trace.add(`${process.name} sent`, known.event.id, seen, accepted ? "accepted" : "")
      if (accepted) {
        known.acceptedAt ??= now
        known.acceptances++
      }
      if (dies !== null) return dies.now()
      const reply: Effect.Effect<TransportResponse, DeliveryFailure> =
        millis > request.timeoutMillis
          ? Effect.fail(new DeliveryFailure({ reason: new Timeout() }))
          : "status" in answer
            ? Effect.succeed(answer)
            : Effect.fail(new DeliveryFailure({ reason: failures[answer.failure]() }))
      return Effect.andThen(wait(process, Math.min(millis, request.timeoutMillis)), reply)
    })
  }

  #beforePage(process: SimulatedProcess, org: number): BeforePage {
    return Effect.suspend(() => {
      if (!process.alive) return Effect.never
      const dies = this.faults.dies(process, "app.page")
      if (dies !== null) return dies.now()
      const at = this.pageFaults.findIndex((one) => one.org === org && one.pages-- <= 0)
      if (at < 0) return Effect.succeed("go")
      const { fault } = this.pageFaults[at]!
      this.pageFaults.splice(at, 1)
      this.incident(`the app of organisation ${org}: ${fault}`)
      switch (fault) {
        case "cut":
          return Effect.succeed("cut")
        case "die":
          return Effect.die(new TypeError("a bug in a connector"))
        case "slow":
          return Effect.as(wait(process, 5 * 60_000), "go")
        default:
          return reasons[fault]!()
      }
    })
  }
}

const failures = {
  Connection: () => new Connection(),
  Tls: () => new Tls(),
  InvalidResponse: () => new InvalidResponse(),
  Timeout: () => new Timeout()
}

const acknowledges = (ack: "200" | "2xx" | undefined, status: number): boolean =>
  status === 200 || (ack === "2xx" && status >= 200 && status < 300)
