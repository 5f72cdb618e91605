import type { AnyResource } from "../../connector/Resource.ts"
import { complete, needsRequests, settle } from "./Check.ts"
import type { Outcome } from "./Outcome.ts"
import type { World } from "./World.ts"

/** What was read before anything went wrong. */
export interface Baseline {
  readonly initial: Outcome
  /** The listing that compared, once there was one. */
  readonly listing?: Outcome
}

/** The first full listing, and time until the app has settled; read once in a world that nothing happens to. */
export const first = async (world: World, resource: AnyResource): Promise<Outcome> => {
  needsRequests(world)
  const id = resource.dataType.id
  const known = world.baselines.get(id)
  if (known !== undefined) return known.initial
  const initial = complete(await world.sync(resource, "initial"), "A full listing")
  await settle(world)
  world.baselines.set(id, { initial })
  return initial
}

/** A listing after the first one; read once in a world that nothing happens to. */
export const listed = async (world: World, resource: AnyResource): Promise<Outcome> => {
  const initial = await first(world, resource)
  const id = resource.dataType.id
  const known = world.baselines.get(id)?.listing
  if (known !== undefined) return known
  const listing = complete(await world.sync(resource, "listing"), "A listing to compare")
  if (world.baselines.has(id)) world.baselines.set(id, { initial, listing })
  return listing
}
