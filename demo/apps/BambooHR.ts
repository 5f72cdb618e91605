import { type BambooHRSimulator, startBambooHR } from "@crochet/simulators"
import type { App, Expected } from "../App.ts"
import { canariesOf } from "../Canaries.ts"

/** Ids of everybody who works there. */
const activeIds = ({ control }: BambooHRSimulator): ReadonlySet<string> =>
  new Set(control.list({ status: "Active", limit: 100_000 }).map(({ id }) => id))

/** A day in the life of a company: three hires, a promotion, a marriage, a new phone, two farewells, one record removed. */
const changeThings = ({ control }: BambooHRSimulator): Expected => {
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

/** Employees of BambooHR: 250, and 25 who have left. It makes its people up; the same seed makes the same ones. */
export const bamboohr: App = {
  id: "bamboohr",
  name: "BambooHR",
  category: "HRIS",
  dataType: "employee",
  records: "employees",
  words: { present: "active employees", added: "who were hired", changed: "who changed", gone: "who left" },
  start: async () => {
    const simulator = await startBambooHR({ employees: 275, seed: 7 })
    const { active, total } = simulator.control.count()
    return {
      url: simulator.url,
      population: `${total} employees, ${active} of them active`,
      account: { credentials: { apiKey: simulator.apiKey }, settings: { subdomain: simulator.subdomain } },
      present: () => activeIds(simulator),
      change: () => changeThings(simulator),
      personal: () => canariesOf(simulator),
      curl: `${simulator.url}/_control/hire -d '{"count": 3}'`,
      close: () => simulator.close()
    }
  }
}
