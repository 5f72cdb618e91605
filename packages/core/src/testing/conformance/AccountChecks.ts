import type { AnyResource } from "../../connector/Resource.ts"
import {
  activeIds,
  type Check,
  complete,
  few,
  fresh,
  idsOf,
  inWorld,
  must,
  mustEqual,
  needsRequests,
  replicaOf,
  settle
} from "./Check.ts"
import { isAbsent } from "./Sandbox.ts"
import type { World } from "./World.ts"

/** The population and how it is changed, when it can be. */
const changeable = (world: World, resource: AnyResource) => {
  const of = world.app.populations[resource.dataType.id]
  return of === undefined || isAbsent(of) || isAbsent(of.change) ? null : { of, change: of.change }
}

const asks = { asks: true }

/** Accounts know nothing of each other. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [],
    title: "two accounts that are read at once stay apart",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(
        subject,
        (one) =>
          inWorld(
            subject,
            async (other) => {
              needsRequests(one)
              await Promise.all([one.sync(resource, "initial"), other.sync(resource, "initial")])
              await Promise.all([one.sync(resource, "listing"), other.sync(resource, "listing")])
              one.wire.remembers = true
              other.wire.remembers = true
              // What is changed in one must be seen there, and there only.
              const population = changeable(other, resource)
              if (population !== null) {
                const [id] = await activeIds(other, population.of)
                await other.pace.outside(() => population.change(id!, 777))
                await settle(other)
                const there = complete(await other.sync(resource, "listing"), "A listing of the second account")
                must(
                  idsOf(there, "record.modified").includes(id!),
                  `${id} was changed in the second account, and a listing of it gave [${few(idsOf(there, "record.modified"))}].`
                )
                const here = complete(await one.sync(resource, "listing"), "A listing of the first account")
                must(here.changes.length === 0, `${id} was changed in the second account, and the first one changed.`)
              }
              for (const [world, who] of [
                [one, "first"],
                [other, "second"]
              ] as const) {
                const together = replicaOf(world, resource)
                mustEqual(resource, together, await fresh(world, resource), `The ${who} of two accounts`)
                const keys = [...world.wire.log].filter((exchange) =>
                  [...(world === one ? other : one).secrets].some((secret) =>
                    Object.values(exchange.headers).some((header) => secret.length > 5 && header?.includes(secret))
                  )
                )
                must(keys.length === 0, `The ${who} account was read with the other's credentials.`)
              }
            },
            { asks: true, seed: 2 }
          ),
        asks
      )
    }
  }
]
