import * as Career from "./PlaygroundCareer.ts"
import { between, type Dice, make as makeDice, pick } from "./PlaygroundDice.ts"
import type { PlaygroundHome, PlaygroundLeave, PlaygroundRow } from "./PlaygroundRow.ts"
import type { Settings } from "./PlaygroundSettings.ts"
import { make as makeTimetable, type Position, type Timetable } from "./PlaygroundTimetable.ts"
import { company, departments, familyNames, givenNames, type Site, sites } from "./PlaygroundVocabulary.ts"

/** A company whose people can be computed one by one, for any instant, without remembering anything. */
export interface Company {
  readonly timetable: Timetable
  /** The id of who has the seat after so many events. */
  readonly idAt: (seat: number, events: number) => string
  /** Who has the seat after so many events, in the HR system's own words. */
  readonly rowAt: (seat: number, events: number, options: { readonly ethnicity: boolean }) => PlaygroundRow
  /** The seat that an id belongs to; null for what cannot be an id. */
  readonly seatOfId: (id: string) => number | null
}

const day = 86_400_000
const trait = {
  gender: 40,
  firstName: 41,
  lastName: 42,
  site: 43,
  born: 44,
  maritalStatus: 45,
  contract: 46,
  seniority: 47,
  phone: 48,
  home: 49,
  children: 50,
  child: 51,
  bank: 52,
  official: 53,
  bonus: 54,
  options: 55,
  leaveKind: 56,
  leaveDays: 57,
  leaveStatus: 58,
  shirt: 59,
  ethnicity: 60,
  onLeave: 61,
  emergency: 62
}

/** Makes the company of the settings. */
export const make = (settings: Settings): Company => {
  const dice = makeDice(settings.seed)
  const timetable = makeTimetable(settings, dice)
  // Unique among everybody who ever sat anywhere, and it tells the seat.
  const idOf = ({ generation, seat }: Position) => String(generation * timetable.seats + seat)
  return {
    timetable,
    idAt: (seat, events) => idOf(timetable.position(seat, events)),
    seatOfId: (id) => (/^(?:0|[1-9]\d{0,14})$/.test(id) ? Number(id) % timetable.seats : null),
    rowAt: (seat, events, options) => {
      const position = timetable.position(seat, events)
      const managerSeat = timetable.managerOf(seat)
      const manager = managerSeat === null ? null : timetable.position(managerSeat, events)
      return {
        ...rowOf(position, timetable, dice, idOf(position)),
        manager: manager === null ? null : { id: idOf(manager), email: nameOf(manager, dice, idOf(manager)).email },
        ...(options.ethnicity ? { ethnicity: ethnicityOf(position, dice) } : {})
      }
    }
  }
}

const rowOf = (position: Position, timetable: Timetable, dice: Dice, id: string): PlaygroundRow => {
  const { generation, seat, step } = position
  const roll = (...coordinates: ReadonlyArray<number>) => dice(seat, generation, ...coordinates)
  const site = pick(sites, roll(trait.site))
  const career = Career.until(position, timetable, site, dice)
  const name = nameOf(position, dice, id)
  const department = departments[career.department] ?? departments[0]
  const leads = timetable.isManager(seat)
  const titleOf = (level: number, at: number): string => {
    const { ladder, name } = departments[at] ?? departments[0]
    if (!leads) return ladder[level] ?? ladder[0]
    if (seat === 0) return "Chief Executive Officer"
    return timetable.managerOf(seat) === 0 ? `Head of ${name}` : `${name} Team Lead`
  }
  const joined = timetable.timeOf({ ...position, lap: generation }, 0)
  // Most joined lately, some are with the company (or one that it took over) for years.
  const hired = joined - Math.floor(roll(trait.seniority) ** 3 * 3000) * day
  const contract = pick(
    ["Full time", "Full time", "Full time", "Part time", "Contractor", "Working student"],
    roll(trait.contract)
  )
  const leave = career.leave.map((at) => leaveOf(position, timetable.timeOf(position, at), at, dice))
  const onLeave = career.leave.at(-1) === step && leave.at(-1)?.status === "Approved" && roll(trait.onLeave, step) < 0.5
  const money = (amount: number) => `${amount.toFixed(2)} ${site.currency}`
  const { currency } = site
  const jobs = career.jobs.map((job, index) => ({
    id: `${id}-${position.lap}-${job.step}`,
    title: titleOf(job.level, job.department),
    from: job.step === 0 && position.lap === generation ? date(hired) : date(timetable.timeOf(position, job.step)),
    to: career.jobs[index + 1] === undefined ? "" : date(timetable.timeOf(position, career.jobs[index + 1]?.step ?? 0)),
    pay: money(job.salary),
    why: job.why
  }))
  return {
    id,
    number: `E${id.padStart(5, "0")}`,
    firstName: name.first,
    lastName: name.last,
    calledName: roll(trait.firstName, 1) < 0.2 ? name.first.slice(0, 3) : "",
    pronouns: name.gender === "Non-binary" ? "they/them" : "",
    gender: name.gender,
    maritalStatus: pick(
      ["Single", "Married", "Married", "Divorced", "Widowed", "Domestic partnership", ""],
      roll(trait.maritalStatus)
    ),
    born: date(hired - between(20 * 365, 55 * 365, roll(trait.born)) * day),
    email: name.email,
    privateEmail: `${name.first}.${name.last}@mail.example`.toLowerCase(),
    workPhone: `${site.dial}${digits(2, roll(trait.phone, 0))}`,
    privatePhone: `${site.dial}${digits(2, roll(trait.phone, 1, position.lap, career.phones))}`,
    status: position.last ? "Left" : onLeave ? "On leave" : "Active",
    contract,
    weeklyHours: contract === "Part time" || contract === "Working student" ? 20 : 40,
    hired: date(hired),
    left: position.last ? date(timetable.timeOf(position, step)) : "",
    probationUntil: date(hired + 180 * day),
    remote: roll(trait.site, 1) < 0.3,
    title: titleOf(career.level, career.department),
    level: career.level + 1,
    leads,
    department: { id: department.id, name: department.name, costCenter: department.costCenter },
    manager: null,
    site: {
      id: site.id,
      name: `${company.name} ${site.city}`,
      street: `1 ${site.street}`,
      city: site.city,
      state: site.state,
      zip: site.zip,
      country: site.country,
      timezone: site.timezone,
      language: site.language
    },
    home: homeOf(site, roll(trait.home, career.moves)),
    children: Array.from({ length: Math.max(0, between(-2, 3, roll(trait.children))) }, (_, index) => ({
      id: `${id}-c${index + 1}`,
      firstName: pick(givenNames["Non-binary"], roll(trait.child, index)),
      sex: pick(["Female", "Male"], roll(trait.child, index, 2)),
      born: date(hired - between(0, 15 * 365, roll(trait.child, index, 1)) * day)
    })),
    emergency: {
      name: `${pick(givenNames["Non-binary"], roll(trait.emergency))} ${name.last}`,
      relation: "Sibling",
      phone: `${site.dial}${digits(2, roll(trait.emergency, 1))}`
    },
    bank: {
      id: `${id}-b1`,
      kind: site.account,
      number: digits(10, roll(trait.bank)),
      // No bank has a routing number of zeros: nothing can ever be paid there by mistake.
      routing: "000000000"
    },
    officialNumber: {
      kind: site.identification,
      number: officialNumberOf(site, roll(trait.official)),
      issued: date(hired - between(100, 3000, roll(trait.official, 1)) * day)
    },
    pay: [
      { id: `${id}-p1`, kind: "Salary", amount: money(career.salary), since: jobs.at(-1)?.from ?? date(hired) },
      ...(roll(trait.bonus) < 0.4
        ? [
            {
              id: `${id}-p2`,
              kind: "Bonus",
              amount: money(Math.round(career.salary / 10)),
              since: date(hired)
            } as const
          ]
        : []),
      ...(roll(trait.options) < 0.2
        ? [
            {
              id: `${id}-p3`,
              kind: "Options",
              amount: String(between(1, 20, roll(trait.options, 1)) * 100),
              since: date(hired)
            } as const
          ]
        : [])
    ],
    currency,
    jobs: jobs.toReversed(),
    leave: leave.toReversed(),
    holiday: {
      entitled: 25,
      used: leave.reduce(
        (sum, { days, kind, status }) => sum + (kind === "Holiday" && status === "Approved" ? days : 0),
        0
      ),
      asOf: date(timetable.timeOf(position, step))
    },
    custom: {
      "T-shirt size": pick(["S", "M", "L", "XL"], roll(trait.shirt)),
      "Desk number": between(1, 400, roll(trait.shirt, 1)),
      "First aider": roll(trait.shirt, 2) < 0.1
    },
    created: instant(joined),
    updated: instant(timetable.timeOf(position, step))
  }
}

const nameOf = ({ generation, seat }: Position, dice: Dice, id: string) => {
  const gender = pick(
    ["Female", "Male", "Female", "Male", "Female", "Male", "Non-binary"],
    dice(seat, generation, trait.gender)
  )
  const first = pick(givenNames[gender], dice(seat, generation, trait.firstName))
  const last = pick(familyNames, dice(seat, generation, trait.lastName))
  return { gender, first, last, email: `${first}.${last}.${id}@${company.domain}`.toLowerCase() }
}

const homeOf = (site: Site, throwOf: number): PlaygroundHome => ({
  street: `${between(2, 999, throwOf)} ${site.street}`,
  city: site.city,
  state: site.state,
  zip: site.zip,
  country: site.country
})

/** Numbers in the shape of the real ones, but in ranges that are never given out. */
const officialNumberOf = (site: Site, throwOf: number): string => {
  switch (site.identification) {
    case "SSN":
      return `000-${digits(2, throwOf)}-${digits(4, throwOf)}`
    case "NIN":
      return `ZZ${digits(6, throwOf)}A`
    case "TAX_ID":
      return `00${digits(9, throwOf)}`
    case "PAN":
      return `ZZZZZ${digits(4, throwOf)}Z`
  }
}

const leaveOf = ({ generation, lap, seat }: Position, asked: number, step: number, dice: Dice): PlaygroundLeave => {
  const roll = (of: number) => dice(seat, generation, of, lap, step)
  const days = between(1, 10, roll(trait.leaveDays))
  const status = pick(["Approved", "Approved", "Requested", "Declined"], roll(trait.leaveStatus))
  return {
    id: `${seat}-${generation}-${lap}-${step}`,
    kind: pick(["Holiday", "Holiday", "Holiday", "Sick leave", "Moving house"], roll(trait.leaveKind)),
    from: date(asked + 14 * day),
    to: date(asked + (13 + days) * day),
    days,
    asked: instant(asked),
    status,
    decided: status === "Requested" ? "" : instant(asked),
    note: days > 5 ? "Handed over to the team" : ""
  }
}

const ethnicityOf = ({ generation, seat }: Position, dice: Dice): string =>
  pick(["Prefer not to say", "Asian", "Black", "White", "Two or more", ""], dice(seat, generation, trait.ethnicity))

const digits = (length: number, throwOf: number): string =>
  String(Math.floor(throwOf * 10 ** length)).padStart(length, "0")

const instant = (at: number): string => new Date(at).toISOString()
const date = (at: number): string => instant(at).slice(0, 10)
