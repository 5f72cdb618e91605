import type { BambooHRSimulator } from "@crochet/simulators"

/** What a receiver must hear of a round of changes, by record id. */
export interface Expected {
  readonly new: ReadonlySet<string>
  readonly modified: ReadonlySet<string>
  /** With the reason that the event must carry. */
  readonly deleted: ReadonlyMap<string, string>
}

/** Ids of everybody who works there. */
export const activeIds = ({ control }: BambooHRSimulator): ReadonlySet<string> =>
  new Set(control.list({ status: "Active", limit: 100_000 }).map(({ id }) => id))

/** A day in the life of a company: three hires, a promotion, a marriage, a new phone, two farewells, one record removed. */
export const changeThings = ({ control }: BambooHRSimulator): Expected => {
  const people = control.list({ status: "Active", limit: 100_000 })
  const managers = new Set(people.map(({ managerId }) => managerId))
  // People without reports: with a manager the records of others change too.
  const [promoted, married, called, fired, alsoFired, removed] = people
    .filter(({ id }) => !managers.has(id))
    .map(({ id }) => id)

  const hired = control.hire([{ firstName: "Valentina", lastName: "Castellanos" }, {}, {}])
  control.change(promoted!, { jobTitle: "Principal Engineer", payRate: "151000.00 USD" })
  control.change(married!, { lastName: "Featherstonehaugh" })
  control.change(called!, { mobilePhone: "303-555-0199" })
  control.fire(fired!)
  control.fire(alsoFired!, { reason: "Moved away" })
  control.remove(removed!)
  return {
    new: new Set(hired.map(({ id }) => id)),
    modified: new Set([promoted!, married!, called!]),
    deleted: new Map([
      [fired!, "inactive"],
      [alsoFired!, "inactive"],
      [removed!, "gone"]
    ])
  }
}
