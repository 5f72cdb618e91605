import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { isEnd } from "../../connector/Page.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import {
  activeIds,
  type Check,
  complete,
  everybody,
  few,
  fresh,
  idsOf,
  inWorld,
  isComplete,
  must,
  mustEqual,
  needed,
  needsRequests,
  nobodyDeleted,
  populationOf,
  replicaOf,
  settle,
  Skipped,
  told
} from "./Check.ts"
import * as Baseline from "./Baseline.ts"
import { everyFault, positionsIn, someOf, stays } from "./Faults.ts"
import * as Json from "./Json.ts"
import type { World } from "./World.ts"

/** The requests that a listing makes in a world that was read once. */
const listed = async (world: World, resource: AnyResource) => (await Baseline.listed(world, resource)).requests

/**
 * After whatever was done to it, the receiver has what there is. When it was told nothing since it had everything, and a
 * listing has nothing to tell, it need not be given everything again to see that.
 */
const allThere = async (world: World, resource: AnyResource, what: string, toldNothing = false) => {
  await world.heal()
  const listing = complete(await world.sync(resource, "listing", { resumes: 2 }), what)
  nobodyDeleted(listing, what)
  if (toldNothing && listing.changes.length === 0) return
  const replica = replicaOf(world, resource)
  mustEqual(resource, replica, await fresh(world, resource), what)
}

/** Deletions are never invented. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [44],
    title: "a listing that breaks off after any page deletes nobody",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const { run } = complete(await world.sync(resource, "initial"), "A full listing")
        for (let after = 0; after <= Math.min(run.counts.pages, 20); after++) {
          world.hooks.listing = (list) => {
            let pages = 0
            return Stream.takeWhile(list, (next) => !isEnd(next) && pages++ < after)
          }
          const outcome = await world.sync(resource, "listing")
          nobodyDeleted(outcome, `A listing that broke off after ${after} page(s)`)
          must(!isComplete(outcome), `A listing that broke off after ${after} page(s): ${told(outcome)}`)
        }
      })
  },
  ...everyFault.map(({ fault, genuine, name }, turn): Check => ({
    numbers: [45],
    title: `${name}, on any request of a listing, deletes nobody and ends as what it is`,
    of: "resource",
    run: (subject, resource) =>
      inWorld(
        subject,
        async (world) => {
          const requests = await listed(world, resource)
          let toldNothing = true
          for (const position of positionsIn(world, resource, requests, turn)) {
            const what = `${name} for ${requests[position]!.method} ${requests[position]!.url.pathname} (request ${position + 1} of ${requests.length})`
            world.wire.rules = [stays(world, position, fault)]
            const outcome = await world.sync(resource, "listing")
            nobodyDeleted(outcome, what)
            toldNothing &&= outcome.changes.length === 0
            const modified = idsOf(outcome, "record.modified")
            const optional =
              name === "404" && subject.optionalPaths?.some((path) => requests[position]!.url.pathname.includes(path))
            must(
              optional === true || genuine === true || modified.length === 0 || outcome.run.issues.length > 0,
              `${what}: ${few(modified)} modified, and no issue says why`
            )
            const bound = requests.length * 8 + 20
            must(outcome.requests.length <= bound, `${what}: a storm of ${outcome.requests.length} requests in one run`)
            await world.heal()
            // What was left empty for the fault, and said so, comes back.
            if (modified.length > 0) complete(await world.sync(resource, "listing"), `After ${what}`)
          }
          await allThere(world, resource, `After ${name}`, toldNothing)
        },
        { keeps: true }
      )
  })),
  {
    numbers: [46],
    title: "connector code that swallows an error ends no listing",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = await listed(world, resource)
        for (const position of someOf(positionsIn(world, resource, requests))) {
          world.hooks.listing = Stream.catchCause(() => Stream.empty)
          world.wire.rules = [stays(world, position, () => ({ kind: "answer", status: 500, body: "{}" }))]
          nobodyDeleted(await world.sync(resource, "listing"), `A swallowed error of request ${position + 1}`)
          await world.heal()
        }
      })
  },
  {
    numbers: [43],
    title: "an app that suddenly shows nobody deletes nobody",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        needsRequests(world)
        const fault = needed(world.app.fault, "fault")
        await listed(world, resource)
        world.wire.rules = [
          async ({ method, url }) => {
            await fault({ kind: "empty-list", match: { method, path: url.pathname } })
            return undefined
          }
        ]
        const outcome = await world.sync(resource, "listing")
        nobodyDeleted(outcome, "A listing with empty answers")
      })
  },
  {
    numbers: [47],
    title: "a page whose records are missing, while the app's total says that there are more, deletes nobody",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(subject, async (world) => {
        needsRequests(world)
        const ends: Array<string> = []
        world.hooks.listing = Stream.tap((next) => Effect.sync(() => void (isEnd(next) && ends.push(next.evidence))))
        const fault = needed(world.app.fault, "fault")
        const requests = await listed(world, resource)
        if (ends.at(-1) !== "counted") throw new Skipped("the app tells no total that the connector compares with")
        for (const position of someOf(positionsIn(world, resource, requests))) {
          const begin = world.wire.log.length
          world.wire.rules = [
            async (exchange) => {
              if (world.wire.since(begin).indexOf(exchange) === position) {
                await fault({ kind: "drop-page", match: { method: exchange.method, path: exchange.url.pathname } })
              }
              return undefined
            }
          ]
          nobodyDeleted(await world.sync(resource, "listing"), `Records missing in request ${position + 1}`)
          await world.heal()
        }
      })
    }
  },
  {
    numbers: [48],
    title: "records that are removed while a listing is read take nobody else with them",
    of: "resource",
    run: async (subject, resource) => {
      let positions: ReadonlyArray<number> = [0]
      for (let at = 0; at < positions.length; at++) {
        await inWorld(subject, async (world) => {
          const population = populationOf(world, resource)
          const remove = needed(population.remove, "remove")
          const requests = await listed(world, resource)
          const last = requests.length - 1
          // Over the whole listing, and near its end, where pages of records are in most listings.
          const spread = [0, 0.5, 0.75].map((part) => Math.round(part * last))
          positions = [...new Set([...spread, Math.max(0, last - 1)])]
          const position = positions[at]!
          const ids = (await everybody(world, population)).map(({ id }) => id)
          const removed = new Set([ids[0]!, ids[1]!])
          const begin = world.wire.log.length
          world.wire.rules = [
            async (exchange) => {
              if (world.wire.since(begin).indexOf(exchange) === position) for (const id of removed) await remove(id)
              return undefined
            }
          ]
          const outcome = await world.sync(resource, "listing", { resumes: 1 })
          world.wire.rules = []
          const wrongly = idsOf(outcome, "record.deleted").filter((id) => !removed.has(id))
          must(
            wrongly.length === 0,
            `${few(wrongly)} deleted because others were removed before request ${position + 1}.`
          )
          await world.heal()
          await world.sync(resource, "listing", { resumes: 1 })
          await world.sync(resource, "listing", { resumes: 1 })
          const replica = replicaOf(world, resource)
          mustEqual(resource, replica, await fresh(world, resource), `Removed before request ${position + 1}`)
        })
      }
    }
  },
  {
    numbers: [49, 57],
    title: "an app that repeats a page for ever ends the run, and deletes nobody",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = await listed(world, resource)
        for (const position of someOf(positionsIn(world, resource, requests))) {
          const begin = world.wire.log.length
          const repeated = requests[position]!
          // The same answer to everything that goes to the same place.
          world.wire.rules = [
            (exchange) => {
              const nth = world.wire.since(begin).indexOf(exchange)
              if (nth <= position || exchange.url.pathname !== repeated.url.pathname) return undefined
              const before = world.wire.since(begin)[position]!
              if (nth > requests.length + 2_000) return { kind: "answer", status: 400, body: "{}" }
              return { kind: "answer", status: before.status ?? 200, body: before.text }
            }
          ]
          const outcome = await world.sync(resource, "listing")
          nobodyDeleted(outcome, `The answer to ${repeated.method} ${repeated.url.pathname} repeated`)
          must(
            outcome.requests.length <= requests.length + 500,
            `${outcome.requests.length} requests were sent because the app repeats its answer to ${repeated.url.pathname}.`
          )
          await world.heal()
        }
      })
  },
  {
    numbers: [50, 20],
    title: "a row that cannot be read is reported, not dropped, deletes nobody and stops nothing",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const population = populationOf(world, resource)
        await listed(world, resource)
        const ids = await activeIds(world, population)
        const broken = ids[Math.floor(ids.length / 2)]!
        // Ids are small numbers in many apps: only an object with the id and with a value of the very record is its row.
        const values = Json.ownValues(broken, replicaOf(world, resource))
        let hit = false
        world.wire.rewrite = (text) => {
          const rewritten = Json.withBrokenRow(broken, values)(text)
          hit ||= rewritten !== text && rewritten.includes('"broken":true')
          return rewritten
        }
        const listing = await world.sync(resource, "listing")
        if (!hit) throw new Skipped("no answer names a row by the record's id")
        nobodyDeleted(listing, `An unreadable row of ${broken}`)
        const outcome = await world.sync(resource, "initial")
        nobodyDeleted(outcome, `An unreadable row of ${broken}`)
        const others = ids.filter((id) => id !== broken)
        const sent = idsOf(outcome, "record.new")
        const lost = others.filter((id) => !sent.includes(id))
        must(
          lost.length === 0,
          `Because the row of ${broken} cannot be read, ${few(lost)} did not come: ${told(outcome)}`
        )
        const reported = outcome.run.counts.quarantined > 0 || outcome.run.issues.length > 0
        must(sent.includes(broken) || reported, `The row of ${broken} cannot be read, and nothing says so.`)
        await allThere(world, resource, "After an unreadable row")
      })
  },
  {
    numbers: [51],
    title: "other credentials, settings or filters delete nobody",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const population = populationOf(world, resource)
        const remove = needed(population.remove, "remove")
        complete(await world.sync(resource, "initial"), "A full listing")
        const ids = (await everybody(world, population)).map(({ id }) => id)
        for (const id of ids.slice(0, 3)) await world.pace.outside(() => remove(id))
        await settle(world)
        const { integration } = world
        world.state.integrations.set(integration.id, { ...integration, subject: "somebody else" })
        nobodyDeleted(await world.sync(resource, "listing"), "Credentials of somebody else")
      })
  }
]
