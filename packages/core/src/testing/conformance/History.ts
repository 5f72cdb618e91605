import type { AnyResource } from "../../connector/Resource.ts"
import { SeededRandom } from "../simulation/SeededRandom.ts"
import { activeIds, complete, few, fresh, idsOf, must, mustEqual, populationOf, replicaOf, settle } from "./Check.ts"
import { isAbsent } from "./Sandbox.ts"
import type { World } from "./World.ts"

const steps = 14

/**
 * A random history from a seed: records are added, changed, made inactive and removed, time passes, deltas run in
 * between. Then what the receiver has must be what a listing from nothing shows, and nobody was deleted who was there.
 */
export const play = async (world: World, resource: AnyResource, seed: number): Promise<void> => {
  const population = populationOf(world, resource)
  const random = new SeededRandom(seed, "history")
  const { add, change, deactivate, remove } = population
  const everGone = new Set<string>()
  /** Who was acted upon since somebody went last: going changes others too, e.g. whose manager that was. */
  const touched = new Set<string>()
  const told: Array<string> = []
  const actions: Array<() => Promise<void>> = []
  const during = (work: () => unknown) => world.pace.outside(async () => void (await work()))
  const anybody = async () => {
    const ids = await activeIds(world, population)
    return ids.length === 0 ? undefined : random.pick(ids)
  }
  const act = (name: string, action: (id: string) => unknown, gone: boolean) => async () => {
    const id = await anybody()
    if (id === undefined) return
    if (gone) {
      everGone.add(id)
      touched.clear()
    } else touched.add(id)
    told.push(`${name} ${id}`)
    await during(() => action(id))
  }
  if (!isAbsent(add)) {
    actions.push(() =>
      during(async () => {
        const id = await add()
        touched.add(id)
        told.push(`add ${id}`)
      })
    )
  }
  let turn = 1000
  if (!isAbsent(change)) {
    actions.push(
      act("change", (id) => change(id, turn++), false),
      act("change", (id) => change(id, turn++), false)
    )
  }
  if (!isAbsent(deactivate)) actions.push(act("deactivate", deactivate, true))
  if (!isAbsent(remove)) actions.push(act("remove", remove, true))

  const delta = async (mode: "changes" | "listing") => {
    told.push(mode)
    const outcome = complete(await world.sync(resource, mode, { resumes: 2 }), `After ${told.join(", ")}`)
    if (actions.length === 0) return outcome
    const wrongly = idsOf(outcome, "record.deleted").filter((id) => !everGone.has(id))
    must(wrongly.length === 0, `${few(wrongly)} deleted, and never gone, after ${told.join(", ")}`)
    return outcome
  }

  complete(await world.sync(resource, "initial"), "A first listing")
  for (let step = 0; step < steps; step++) {
    for (let more = random.between(0, 3); actions.length > 0 && more > 0; more--) await random.pick(actions)()
    await world.pass(random.pick([0, 400, 5_000, 61_000, 1_800_000]))
    if (random.chance(0.6)) await delta(random.chance(0.15) ? "listing" : "changes")
  }
  await settle(world)
  await delta("changes")
  // What only a listing finds, such as a removal that the app does not report, or somebody else's new manager, is found
  // by one; but not what was done to a record itself.
  const { changes } = await delta("listing")
  const missed = changes.filter(
    ({ recordId, type }) => type !== "record.deleted" && (actions.length === 0 || touched.has(recordId))
  )
  must(
    resource.changes === undefined || missed.length === 0,
    `Deltas missed ${few(missed.map(({ recordId, type }) => `${type} of ${recordId}`))}, after ${told.join(", ")}`
  )
  const replica = replicaOf(world, resource)
  mustEqual(resource, replica, await fresh(world, resource), `After ${told.join(", ")}`)
}
