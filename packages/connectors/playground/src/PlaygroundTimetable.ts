import { between, type Dice } from "./PlaygroundDice.ts"
import type { Settings } from "./PlaygroundSettings.ts"

/** Before this instant, 2020-01-01, nothing has changed yet. */
export const epoch = 1_577_836_800_000
const hour = 3_600_000
/** People who were there at the epoch joined at most so long before it, per step. */
const longestStepBefore = 90 * 24 * hour

/** Where a seat stands: who sits there (`generation`), and how much has happened to them (`step`, 0 = just hired). */
export interface Position {
  readonly seat: number
  /** Counts the people who sat there before. Stays 0 where people never leave. */
  readonly generation: number
  /** Grows at each lap of the seat, also where people never leave. */
  readonly lap: number
  readonly step: number
  /** Whether this step is the person's last: they have left and will be deleted by the next. */
  readonly last: boolean
}

/**
 * When what happens to whom. All of it is arithmetic, nothing is stored: event number `k` is the `k mod n`th of its
 * round, and each round visits each of the `n` seats once, in an order of its own.
 *
 * A seat's own events count its steps; a lap of 12 to 24 steps is a person's time in the company, from hire (step 0)
 * through changes to termination (the last step). The next event deletes them and hires somebody else. People whom
 * others report to never leave, so that nobody's manager changes without an event of their own.
 */
export interface Timetable {
  readonly seats: number
  /** How many events have happened until the instant. */
  readonly eventsUntil: (at: number) => number
  /** The seat that an event happens to. */
  readonly seatOf: (event: number) => number
  /** The number of a seat's first event at or after the given one. */
  readonly nextEventOf: (seat: number, event: number) => number
  /** Where the seat stands after so many events. */
  readonly position: (seat: number, events: number) => Position
  /** When the seat got to the step. */
  readonly timeOf: (position: Position, step: number) => number
  /** The seat that the seat reports to; null for the first. */
  readonly managerOf: (seat: number) => number | null
  readonly isManager: (seat: number) => boolean
}

const trait = { order: 1, start: 2, lapLength: 3, phase: 4 }
const reports = 8

/** Makes the timetable of a company. */
export const make = (settings: Settings, dice: Dice): Timetable => {
  const { changesPerHour, employees: seats } = settings
  const factor = coprime(seats, dice(trait.order))
  const inverse = inverseOf(factor, seats)

  const startOf = (round: number) => Math.floor(dice(trait.start, round) * seats)
  const placeOf = (seat: number, round: number) => (inverse * ((seat - startOf(round) + seats) % seats)) % seats
  const lapLength = (seat: number) => between(12, 24, dice(trait.lapLength, seat))
  const phase = (seat: number) => Math.floor(dice(trait.phase, seat) * lapLength(seat))
  const managerOf = (seat: number) => (seat === 0 ? null : Math.floor((seat - 1) / reports))
  const isManager = (seat: number) => seat * reports + 1 < seats

  const timeOfVersion = (seat: number, version: number): number => {
    if (version <= 0) {
      const round = changesPerHour === 0 ? longestStepBefore : (seats * hour) / changesPerHour
      return epoch + Math.floor(version * Math.min(round, longestStepBefore))
    }
    const event = (version - 1) * seats + placeOf(seat, version - 1)
    return epoch + Math.ceil(((event + 1) * hour) / changesPerHour)
  }

  return {
    seats,
    managerOf,
    isManager,
    eventsUntil: (at) => Math.max(0, Math.floor(((at - epoch) * changesPerHour) / hour)),
    seatOf: (event) => (factor * (event % seats) + startOf(Math.floor(event / seats))) % seats,
    nextEventOf: (seat, event) => {
      const round = Math.floor(event / seats)
      const inRound = round * seats + placeOf(seat, round)
      return inRound >= event ? inRound : (round + 1) * seats + placeOf(seat, round + 1)
    },
    position: (seat, events) => {
      const round = Math.floor(events / seats)
      const steps = round + (placeOf(seat, round) < events % seats ? 1 : 0) + phase(seat)
      const length = lapLength(seat)
      const lap = Math.floor(steps / length)
      const stays = isManager(seat)
      return {
        seat,
        generation: stays ? 0 : lap,
        lap,
        step: steps % length,
        last: !stays && steps % length === length - 1
      }
    },
    timeOf: ({ lap, seat }, step) => timeOfVersion(seat, lap * lapLength(seat) + step - phase(seat))
  }
}

const coprime = (modulus: number, throwOf: number): number => {
  let candidate = 1 + Math.floor(throwOf * modulus)
  while (gcd(candidate, modulus) !== 1) candidate++
  return candidate % modulus || 1
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** The number that undoes a multiplication by `factor` modulo `modulus` (extended Euclid). */
const inverseOf = (factor: number, modulus: number): number => {
  let [r, nextR, t, nextT] = [modulus, factor, 0, 1]
  while (nextR !== 0) {
    const quotient = Math.floor(r / nextR)
    ;[r, nextR] = [nextR, r - quotient * nextR]
    ;[t, nextT] = [nextT, t - quotient * nextT]
  }
  return ((t % modulus) + modulus) % modulus
}
