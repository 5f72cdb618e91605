import type { AnyResource } from "../../connector/Resource.ts"
import {
  activeIds,
  type Check,
  complete,
  few,
  idsOf,
  inWorld,
  must,
  needed,
  populationOf,
  settle,
  type Subject
} from "./Check.ts"

const gone = async (subject: Subject, resource: AnyResource, how: "remove" | "deactivate") => {
  await inWorld(subject, async (world) => {
    const population = populationOf(world, resource)
    const act = needed(population[how], how)
    complete(await world.sync(resource, "initial"), "A full listing")
    await settle(world)
    const [id] = await activeIds(world, population)
    await world.pace.outside(() => act(id!))
    await settle(world)
    const deleted: Array<string> = []
    for (const mode of ["changes", "listing", "changes", "listing"] as const) {
      const outcome = complete(await world.sync(resource, mode), `A run after ${how} of ${id}`)
      deleted.push(...idsOf(outcome, "record.deleted"))
      // Others may change with it: who was managed by somebody who left.
      const added = idsOf(outcome, "record.new")
      must(added.length === 0, `${how} of ${id} gave record.new of ${few(added)}.`)
    }
    must(deleted.length > 0, `${how} of ${id} was not found by deltas and listings: no record.deleted.`)
    must(deleted.length === 1 && deleted[0] === id, `${how} of ${id} gave record.deleted of ${few(deleted)}.`)
  })
}

/** Deletions are found. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [42],
    title: "a removed record is one record.deleted",
    of: "resource",
    run: (subject, resource) => gone(subject, resource, "remove")
  },
  {
    numbers: [42],
    title: "a record that becomes inactive is one record.deleted",
    of: "resource",
    run: (subject, resource) => gone(subject, resource, "deactivate")
  }
]
