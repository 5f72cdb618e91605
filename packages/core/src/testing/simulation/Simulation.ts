import * as Replay from "../../replay/Replay.ts"
import * as Barrier from "../../store/Barrier.ts"
import { audit, auditEnd } from "./Audit.ts"
import { happen } from "./Happening.ts"
import type { Violation } from "./Known.ts"
import type { Services } from "./Machine.ts"
import * as Operator from "./Operator.ts"
import type { Sabotage } from "./Sabotage.ts"
import * as Scenarios from "./Scenario.ts"
import { portableHmac, type Hmac } from "./SimulatedCrypto.ts"
import type { Trace } from "./Trace.ts"
import { World } from "./World.ts"
import type * as Effect from "effect/Effect"

/** What came of one seed. */
export interface Report {
  readonly seed: number
  readonly virtualHours: number
  readonly requests: number
  readonly events: number
  readonly runs: number
  readonly crashes: number
  /** The calls before or after which a process died. */
  readonly crashPoints: ReadonlyArray<string>
  readonly storeCalls: number
  /** Events that a receiver acted on more than once. */
  readonly duplicates: number
  readonly expired: number
  /** Lost events that replays made up for. */
  readonly repaired: number
  readonly coalesced: number
  /** Pauses of destinations, by operators and receivers. */
  readonly pauses: number
  readonly violations: ReadonlyArray<Violation>
  readonly trace: Trace
}

const hour = 3_600_000
const minute = 60_000

/**
 * How long after the last fault everything must have come to rest: the longest gap of the schedule is the one before the
 * pinned last attempt, 96 h minus the shortest time in which all earlier gaps may pass (0.8 of 85.7 h), so 27.5 h; before
 * it a lease may have to pass, a run may wait half an hour for its app, and a clock may have been an hour ahead.
 */
const restWithin = 34 * hour

/**
 * Runs core over four virtual days of faults that follow from the seed, then lets it come to rest, and checks every
 * invariant on the way and at the end. The same seed gives the same trace.
 */
export const simulate = async (
  seed: number,
  options: { readonly hmac?: Hmac; readonly sabotage?: Sabotage } = {}
): Promise<Report> => {
  const scenario = Scenarios.of(seed)
  const world = new World(scenario, options.hmac ?? portableHmac, options.sabotage)
  const { faults, ledger, observer, organisations, state, time } = world
  const began = time.now
  const markers = organisations.map(({ app }) => app.label)
  const desk: Operator.Desk = { organisations, state, ledger, random: world.random }
  let settled = 0
  let finished = false

  /** Runs a call in a process that lives, again until it succeeds. */
  const insist = (name: string, call: Effect.Effect<void, unknown, Services>, then: () => void): void => {
    const machine = world.machines.find(({ ready }) => ready)
    const again = () => time.after(minute, () => insist(name, call, then))
    if (machine === undefined) return void again()
    machine.run(call, (result) => {
      world.trace.add(name, result)
      if (result === "done") then()
      else again()
    })
  }

  const atRest = (): boolean =>
    settled === organisations.length &&
    state.outbox.size === 0 &&
    [...state.replays.values()].every(({ replay }) => !Replay.open.includes(replay.state)) &&
    [...state.runs.values()].every(
      (entry) => entry.run.status !== "queued" && entry.run.status !== "running" && !Barrier.isClosable(entry)
    )

  world.boot()
  time.after(1, () => {
    let left = organisations.length
    for (const organisation of organisations) {
      insist(`organisation ${organisation.index} is set up`, Operator.setUp(desk, organisation, scenario.hours), () => {
        if (--left > 0) return
        faults.enabled = true
        for (const incident of scenario.incidents) time.after(incident.at, () => happen(world, desk, incident))
      })
    }
  })
  for (let day = 1; day <= 4; day++) time.after(day * 24 * hour - 1, () => audit(ledger, state, markers))
  time.after(scenario.healAt, () => {
    world.incident("every fault ends")
    faults.heal()
    world.receivers.heal()
    world.pageFaults.length = 0
    for (const { app } of organisations) app.hidden.clear()
    for (const { process } of world.machines) {
      process.skew = 0
      if (process.paused) world.resume(process)
    }
    if (world.machines.length === 0) world.boot()
    for (const organisation of organisations) {
      const name = `organisation ${organisation.index}`
      const heal = (then: () => void) => insist(`${name} is healthy`, Operator.heal(desk, organisation), then)
      const replay = () => insist(`${name} replays`, Operator.replayLost(organisation), () => settled++)
      heal(() => {
        // An answer on its way may have paused a destination after that; a deploy of its own mends that.
        time.after(minute, () => heal(() => (scenario.replays ? replay() : settled++)))
      })
    }
  })
  time.after(scenario.healAt + restWithin, () => {
    finished = true
  })

  for (;;) {
    for (const { process } of world.machines) process.drain()
    // Signals reach fibers in a later microtask.
    await microtasks()
    if (world.machines.some(({ process }) => process.hasWork)) continue
    if (finished || atRest()) break
    if (faults.storeCalls > faults.mostStoreCalls) {
      ledger.violate("I10 liveness", `more than ${faults.mostStoreCalls} calls of stores: no end is in sight`)
      break
    }
    if (!time.step()) break
  }

  audit(ledger, state, markers)
  auditEnd(ledger, state)
  const known = [...ledger.events.values()]
  const duplicates = known.filter(({ acceptances }) => acceptances > 1)
  if (scenario.calm) {
    for (const { event } of duplicates) ledger.violate("M3 duplicates", "it arrived twice without any fault", event.id)
  }
  for (const { process } of world.machines) process.kill()
  return {
    seed,
    virtualHours: (time.now - began) / hour,
    requests: observer.requests,
    events: known.length,
    runs: state.runs.size,
    crashes: world.crashes,
    crashPoints: [...world.crashPoints],
    storeCalls: faults.storeCalls,
    duplicates: duplicates.length,
    expired: known.filter(({ settled: fate }) => fate === "expired").length,
    repaired: known.filter(({ repaired }) => repaired).length,
    coalesced: known.filter(({ settled: fate }) => fate === "coalesced").length,
    pauses: ledger.pauses,
    violations: ledger.violations,
    trace: world.trace
  }
}

/** Waits until two rounds of microtasks have passed: one may set another off. */
const microtasks = (): Promise<void> => Promise.resolve().then(() => undefined)
