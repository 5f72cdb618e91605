import type { Destination } from "../../destination/Destination.ts"
import type { Act, AppStep, Behaviour, Incident, PageFault } from "./Incident.ts"
import { SeededRandom } from "./SeededRandom.ts"

/** What a destination asks for. */
export type Wishes = Pick<Destination, "ordering" | "coalesce">

/** All that happens in one simulation. */
export interface Scenario {
  readonly seed: number
  /** No faults: then no event may arrive twice. */
  readonly calm: boolean
  readonly people: readonly [number, number]
  readonly pageSize: number
  readonly hours: number
  readonly tracksChanges: boolean
  readonly offset: boolean
  /** The greatest deviation of a process's clock. */
  readonly mostSkew: number
  readonly wishes: ReadonlyArray<Wishes>
  /** Whether everything that was lost is sent again once the faults end. */
  readonly replays: boolean
  /** Whether an open circuit is probed as often as in production, for days. */
  readonly everyProbe: boolean
  readonly incidents: ReadonlyArray<Incident>
  /** When every fault ends; from here on things must come to rest. */
  readonly healAt: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** The two organisations' destinations: the first has two, the second one. */
export const destinationCount = 3

const statuses = [201, 204, 299, 301, 304, 308, 400, 401, 404, 408, 410, 413, 418, 429, 500, 502, 503, 504, 999]
const outages = [minute, hour, 23 * hour, 95 * hour + 59 * minute, 97 * hour]
const retryAfters = [second, 90 * second, hour, 1e9 * second]
const steps: ReadonlyArray<AppStep> = [
  "hire",
  "hire",
  "change",
  "change",
  "change",
  "rename",
  "fire",
  "rehire",
  "delete",
  "add",
  "vanish",
  "empty",
  "reappear"
]
const pageFaults: ReadonlyArray<PageFault> = [
  "RateLimited",
  "Unavailable",
  "Unauthorized",
  "BadPayload",
  "CursorExpired",
  "cut",
  "die",
  "slow"
]

/** What happens under a seed. One seed in ten has no fault at all: then no event may arrive twice. */
export const of = (seed: number): Scenario => {
  const random = new SeededRandom(seed, "scenario")
  const settings = new SeededRandom(seed, "settings")
  const incidents: Array<Incident> = []
  const calm = random.chance(0.1)
  const tracksChanges = random.chance(0.4)
  const times = (least: number, most: number) => random.between(least, most + 1)
  // Most things happen around the first runs, when there is most to break.
  const moment = () => (random.chance(0.35) ? random.between(0, 3 * minute) : random.between(0, 96 * hour))

  for (let i = times(4, 12); i > 0; i--) {
    incidents.push({
      at: random.between(0, 95 * hour),
      do: "app",
      org: random.between(0, 2),
      step: random.pick(steps),
      who: random.between(0, 10)
    })
  }
  if (!calm) {
    receivers(random, incidents)
    processes(random, incidents, times, moment)
    for (let i = times(0, 3); i > 0; i--) {
      const pages = random.between(0, 6)
      incidents.push({ at: moment(), do: "page", org: random.between(0, 2), pages, fault: random.pick(pageFaults) })
    }
  }
  operators(random, incidents, times, calm)
  const end = incidents.reduce((latest, one) => Math.max(latest, one.at + ("for" in one ? one.for : 0)), 96 * hour)
  return {
    seed,
    calm,
    people: [random.between(1, 7), random.between(1, 4)],
    pageSize: random.between(1, 5),
    hours: random.pick([24, 24, 48]),
    tracksChanges,
    offset: random.chance(0.3),
    mostSkew: incidents.reduce((most, one) => (one.do === "skew" ? Math.max(most, Math.abs(one.by)) : most), 0),
    wishes: Array.from({ length: destinationCount }, () => ({
      ordering: settings.pick(["record", "record", "record", "run", "none"] as const),
      coalesce: settings.chance(0.5)
    })),
    replays: settings.chance(0.4),
    everyProbe: seed % 1000 === 32,
    incidents: incidents.sort((a, b) => a.at - b.at),
    healAt: end + minute
  }
}

const receivers = (random: SeededRandom, incidents: Array<Incident>): void => {
  for (let destination = 0; destination < destinationCount; destination++) {
    if (random.chance(0.35)) {
      // Away from the very first event on, for a time that matters to the schedule.
      const length = random.pick(outages)
      const kind = random.pick(["refused", "timeout", "half"] as const)
      incidents.push({ at: 0, do: "receiver", destination, behaviour: { kind }, for: length })
    }
    for (let i = random.between(0, 3); i > 0; i--) {
      const at = random.chance(0.5) ? random.between(0, hour) : random.between(0, 90 * hour)
      const length = random.pick([minute, 10 * minute, hour, 5 * hour, 20 * hour, 95 * hour])
      incidents.push({ at, do: "receiver", destination, behaviour: behaviour(random), for: length })
    }
  }
}

const behaviour = (random: SeededRandom): Behaviour => {
  switch (random.between(0, 9)) {
    case 0:
      return { kind: random.pick(["refused", "tls", "half", "garbage"]) }
    case 1:
      return { kind: random.pick(["timeout", "lost"]) }
    case 2:
      return { kind: "slow", millis: random.between(second, 14 * second) }
    case 3:
      return { kind: "flaky", share: 0.2 + 0.6 * random.next() }
    case 4:
      return { kind: "poison", record: random.between(0, 4) }
    case 5:
      return { kind: "status", status: random.pick([429, 503]), retryAfterMillis: random.pick(retryAfters) }
    case 6: {
      const control = random.chance(0.4)
        ? ({ kind: "pause" } as const)
        : ({ kind: "park", millis: random.pick([second, 10 * minute, hour, 1000 * hour]) } as const)
      return { kind: "control", status: random.pick([200, 503]), control }
    }
    default:
      return { kind: "status", status: random.pick(statuses) }
  }
}

const processes = (
  random: SeededRandom,
  incidents: Array<Incident>,
  times: (least: number, most: number) => number,
  moment: () => number
): void => {
  for (let i = times(0, 6); i > 0; i--) {
    const calls = random.chance(0.5) ? random.between(1, 12) : random.between(1, 120)
    const back = random.chance(0.8) ? random.between(0, 5 * second) : random.between(0, 20 * minute)
    incidents.push({ at: moment(), do: "crash", calls, when: random.pick(["before", "after"]), back })
  }
  if (random.chance(0.08)) {
    // One process after the other dies within seconds, mostly while it works.
    for (let i = 0, at = moment(); i < 8; i++, at += 5 * second) {
      incidents.push({ at, do: "crash", calls: random.between(1, 40), when: random.pick(["before", "after"]), back: 0 })
    }
  }
  if (random.chance(0.3)) incidents.push({ at: moment(), do: "restart", back: random.between(0, minute) })
  for (let i = random.chance(0.35) ? times(1, 2) : 0; i > 0; i--) {
    incidents.push({ at: moment(), do: "second", for: random.between(minute, 20 * hour), graceful: random.chance(0.5) })
  }
  for (let i = random.chance(0.3) ? times(1, 2) : 0; i > 0; i--) {
    incidents.push({ at: moment(), do: "freeze", for: random.between(second, 2 * hour) })
  }
  for (let i = random.chance(0.25) ? times(1, 2) : 0; i > 0; i--) {
    const by = random.pick([-hour, -5 * minute, 5 * minute, hour])
    incidents.push({ at: moment(), do: "skew", by })
  }
  for (let i = random.chance(0.3) ? 1 : 0; i > 0; i--) {
    incidents.push({ at: moment(), do: "outage", for: random.pick([5 * second, minute, 10 * minute]) })
  }
  for (let i = times(0, 4); i > 0; i--) {
    incidents.push({ at: moment(), do: random.pick(["refuse", "echo"]), calls: random.between(1, 60) })
  }
  if (random.chance(0.3)) {
    const most = random.pick([20, 300, 2000])
    incidents.push({ at: moment(), do: "latency", for: random.between(minute, 2 * hour), most })
  }
}

const operators = (
  random: SeededRandom,
  incidents: Array<Incident>,
  times: (least: number, most: number) => number,
  calm: boolean
): void => {
  const act = (at: number, what: Act, org = random.between(0, 2), which = random.between(0, 20)) =>
    incidents.push({ at, do: "operator", org, act: what, which })
  const acts: ReadonlyArray<Act> = calm
    ? ["start", "delta", "resync", "rotateSecret", "foreign"]
    : [
        "start",
        "delta",
        "cancel",
        "resync",
        "release",
        "discard",
        "moveUrl",
        "rotateSecret",
        "retry",
        "replay",
        "foreign"
      ]
  for (let i = times(0, 5); i > 0; i--) act(random.between(0, 96 * hour), random.pick(acts))
  if (random.chance(0.15)) {
    const [at, org] = [random.between(0, 90 * hour), random.between(0, 2)]
    act(at, "pauseSync", org)
    act(at + random.between(minute, 30 * hour), "resumeSync", org)
  }
  if (random.chance(0.15)) {
    const [at, org, which] = [random.between(0, 60 * hour), random.between(0, 2), random.between(0, 2)]
    act(at, "pauseDestination", org, which)
    act(at + random.between(hour, 60 * hour), "resumeDestination", org, which)
  }
  // Receivers pause destinations, too.
  for (let i = calm ? 0 : times(0, 3); i > 0; i--) act(random.between(0, 96 * hour), "resumeDestination")
  if (!calm && random.chance(0.12)) act(random.between(0, 90 * hour), "removeDestination", 0)
  for (let at = 5 * hour; at < 96 * hour; at += 12 * hour) act(at, "reconnect", random.between(0, 2))
}
