import { between, type Dice } from "./PlaygroundDice.ts"
import type { Position, Timetable } from "./PlaygroundTimetable.ts"
import { departments, type Site } from "./PlaygroundVocabulary.ts"

/** What has become of a person until a step: the sum of their events since they were hired. */
export interface Career {
  readonly level: number
  readonly department: number
  readonly salary: number
  readonly moves: number
  readonly phones: number
  /** The steps at which leave was asked for. */
  readonly leave: ReadonlyArray<number>
  /** The jobs, oldest first, each with the step at which it began. */
  readonly jobs: ReadonlyArray<{
    readonly step: number
    readonly level: number
    readonly department: number
    readonly salary: number
    readonly why: string
  }>
}

const trait = { event: 20, level: 21, department: 22, salary: 23, raise: 24, move: 25 }

/** How often each kind of event happens, in parts of all. */
const kinds = [
  ["raise", 0.25],
  ["promotion", 0.2],
  ["transfer", 0.15],
  ["leave", 0.2],
  ["move", 0.1],
  ["phone", 0.1]
] as const

/** Adds up a person's events. At most 24 steps, so that anybody's state is a few hundred operations away. */
export const until = (position: Position, timetable: Timetable, site: Site, dice: Dice): Career => {
  const { generation, lap, last, seat, step } = position
  let level = timetable.isManager(seat) ? 2 : between(0, 1, dice(trait.level, seat, generation))
  let department = between(0, departments.length - 1, dice(trait.department, seat, generation))
  // Who stays for many laps earns more with each, up to a point.
  const seniority = (1 + level * 0.25) * (1 + Math.min(lap - generation, 10) * 0.03)
  let salary = hundreds(site.base * seniority * (0.9 + 0.2 * dice(trait.salary, seat, generation)))
  let [moves, phones] = [lap - generation, 0]
  const leave: Array<number> = []
  const jobs: Array<Career["jobs"][number]> = [
    { step: 0, level, department, salary, why: lap === generation ? "Hired" : "Reorganisation" }
  ]

  for (let now = 1; now <= (last ? step - 1 : step); now++) {
    const kind = kindOf(dice(trait.event, seat, lap, now))
    if (kind === "leave") leave.push(now)
    else if (kind === "move") moves++
    else if (kind === "phone") phones++
    else {
      const promoted = kind === "promotion" && level < 2
      if (promoted) level++
      if (kind === "transfer") {
        department =
          (department + between(1, departments.length - 1, dice(trait.move, seat, lap, now))) % departments.length
      } else {
        salary = hundreds(salary * (promoted ? 1.12 : 1.02 + 0.04 * dice(trait.raise, seat, lap, now))) + 100
      }
      jobs.push({
        step: now,
        level,
        department,
        salary,
        why: kind === "transfer" ? "Transfer" : promoted ? "Promotion" : "Raise"
      })
    }
  }
  return { level, department, salary, moves, phones, leave, jobs }
}

const kindOf = (throwOf: number): (typeof kinds)[number][0] => {
  let sum = 0
  for (const [kind, part] of kinds) {
    sum += part
    if (throwOf < sum) return kind
  }
  return "raise"
}

const hundreds = (amount: number): number => Math.round(amount / 100) * 100
