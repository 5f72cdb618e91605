import * as Effect from "effect/Effect"
import type { AnyResource } from "../../connector/Resource.ts"
import { activeIds, complete, few, fresh, must, mustEqual, populationOf, replicaOf, settle } from "./Check.ts"
import { isAbsent } from "./Sandbox.ts"
import type { World } from "./World.ts"

const most = 11

/** Ends a run at its next commit, as a process does that is told to stop. */
const stopAfter = (world: World, pages: number): void => {
  let left = pages
  world.hooks.onPage = Effect.suspend(() => {
    if (--left > 0) return Effect.void
    world.hooks.onPage = undefined
    return Effect.interrupt
  })
}

/** Everybody is changed, or time passes, so that a delta has something to read. */
const move = async (world: World, resource: AnyResource, turn: number) => {
  const population = populationOf(world, resource)
  const { change } = population
  if (isAbsent(change)) return world.pass(21_600_000)
  for (const id of await activeIds(world, population)) await world.pace.outside(() => change(id, turn))
  await settle(world)
}

/** Stops a run after its first page, then another after its second, and so on; each must end as if it had not stopped. */
export const play = async (world: World, resource: AnyResource, mode: "initial" | "changes"): Promise<void> => {
  for (let page = 0, pages = 0; page <= pages; page++) {
    if (mode === "initial" && page > 0) await world.forget()
    if (mode === "changes") {
      if (page === 0) {
        await world.sync(resource, "initial")
        await settle(world)
      }
      await move(world, resource, page + 4)
    }
    if (page > 0) {
      stopAfter(world, page)
      // It ends in an interruption, unless it had fewer pages.
      await world.sync(resource, mode).catch(() => undefined)
      world.hooks.onPage = undefined
    }
    const what = `A run in mode ${mode} that was stopped after page ${page}`
    const { run } = complete(await world.sync(resource, mode, { resumes: 3 }), what)
    if (page === 0) pages = Math.min(most, run.counts.pages)
    const replica = replicaOf(world, resource)
    const sent = [...world.state.events.values()].flatMap(({ record }) =>
      record.runId === run.id && record.type.startsWith("record.") ? [String(record.record)] : []
    )
    const twice = mode === "initial" ? sent.filter((id, at) => sent.indexOf(id) !== at) : []
    must(twice.length === 0, `${what} sent ${few(twice)} twice.`)
    mustEqual(resource, replica, await fresh(world, resource), `Stopped in mode ${mode} after page ${page}`)
  }
}
