import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { isEnd } from "../../connector/Page.ts"
import type { AnyResource } from "../../connector/Resource.ts"
import { cursorPlace } from "../../sync/Recorder.ts"
import { contextFor } from "../../sync/RunSession.ts"
import { Accounts } from "../../integration/Accounts.ts"
import { Vault } from "../../vault/Vault.ts"
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
  needed,
  nobodyDeleted,
  populationOf,
  replicaOf,
  settle,
  Skipped,
  told
} from "./Check.ts"
import * as History from "./History.ts"
import * as Stops from "./Stops.ts"
import { isAbsent } from "./Sandbox.ts"

const seeds = [11, 12, 13]

const hasChanges = (resource: AnyResource) => {
  if (resource.changes === undefined) throw new Skipped("the connector has no changes: every delta lists everything")
}

/** How deltas relate to listings. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [33],
    title: "one change is one record.modified, and one new record is one record.new",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const population = populationOf(world, resource)
        const change = needed(population.change, "change")
        await world.sync(resource, "initial")
        await settle(world)
        const [id] = await activeIds(world, population)
        await world.pace.outside(() => change(id!, 1))
        await settle(world)
        const outcome = complete(await world.sync(resource, "changes"), "A delta after one change")
        const seen = outcome.changes.map(({ recordId, type }) => `${type} ${recordId}`)
        must(seen.length === 1 && seen[0] === `record.modified ${id}`, `One change of ${id} gave [${few(seen)}].`)
        const add = needed(population.add, "add")
        const added = await world.pace.outside(add)
        await settle(world)
        const next = complete(await world.sync(resource, "changes"), "A delta after one addition")
        const told = next.changes.map(({ recordId, type }) => `${type} ${recordId}`)
        must(told.length === 1 && told[0] === `record.new ${added}`, `Adding ${added} gave [${few(told)}].`)
      })
  },
  {
    numbers: [34],
    title: "the cursor moves: a delta after a quiet time does not read everything again",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        hasChanges(resource)
        const population = populationOf(world, resource)
        const change = needed(population.change, "change")
        const { run } = await world.sync(resource, "initial")
        await settle(world)
        for (const id of await activeIds(world, population)) await world.pace.outside(() => change(id, 2))
        await settle(world)
        complete(await world.sync(resource, "changes"), "A delta after many changes")
        await world.pass(86_400_000)
        await world.sync(resource, "changes")
        const quiet = complete(await world.sync(resource, "changes"), "A delta a day later")
        must(
          quiet.run.counts.processed < run.counts.processed / 2,
          `A day after the last change a delta still read ${quiet.run.counts.processed} of ${run.counts.processed} records.`
        )
      })
  },
  {
    numbers: [35],
    title: "many changes at one moment, over several pages, are all found",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const population = populationOf(world, resource)
        const change = needed(population.change, "change")
        await world.sync(resource, "initial")
        await settle(world)
        const ids = await activeIds(world, population)
        for (const id of ids) await world.pace.outside(() => change(id, 3))
        await settle(world)
        const outcome = complete(await world.sync(resource, "changes"), "A delta after many changes")
        const lost = ids.filter((id) => !idsOf(outcome, "record.modified").includes(id))
        must(lost.length === 0, `Of ${ids.length} changes of one moment, those of ${few(lost)} were not found.`)
      })
  },
  {
    numbers: [36],
    title: "a change that the app made while the listing was read, or right before a delta, is not lost",
    of: "resource",
    run: async (subject, resource) => {
      for (const skewMillis of [0, 90_000, -90_000]) {
        const where = skewMillis === 0 ? "" : ` (the app's clock is ${skewMillis / 1000} s off)`
        await inWorld(
          subject,
          async (world) => {
            const population = populationOf(world, resource)
            const change = needed(population.change, "change")
            let turn = 100
            const ids = await activeIds(world, population)
            // Before each request somebody else is changed.
            world.wire.rules = [
              async () => {
                await change(ids[turn % ids.length]!, turn)
                turn++
                return undefined
              }
            ]
            await world.sync(resource, "initial")
            // Longer than anybody looks back.
            await world.pass(7_200_000)
            const first = complete(await world.sync(resource, "changes"), "A delta while the data moves")
            nobodyDeleted(first, "A delta while the data moves")
            world.wire.rules = []
            await world.pace.outside(() => change(ids[0]!, turn))
            complete(await world.sync(resource, "changes"), "A delta at the moment of a change")
            await settle(world)
            const last = complete(await world.sync(resource, "changes"), "A later delta")
            nobodyDeleted(last, "A later delta")
            const replica = replicaOf(world, resource)
            mustEqual(resource, replica, await fresh(world, resource), `Deltas against a full listing${where}`)
          },
          { skewMillis }
        )
      }
    }
  },
  {
    numbers: [38],
    title: "an app whose clock is set back makes nothing deleted and nothing new",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        hasChanges(resource)
        if (world.app.baseUrl === null) throw new Skipped("what there is follows from the clock")
        await world.sync(resource, "initial")
        world.touch()
        world.pace.skew = -7_200_000
        const outcome = await world.sync(resource, "changes")
        must(
          outcome.changes.length === 0,
          `The app's clock went back by two hours: ${few(outcome.changes.map((one) => `${one.type} ${one.recordId}`))}.`
        )
      })
  },
  ...seeds.map((seed): Check => ({
    numbers: [36, 42],
    title: `deltas add up to what a full listing shows, whatever happens (history ${seed})`,
    of: "resource",
    run: (subject, resource) => inWorld(subject, (world) => History.play(world, resource, seed), { seed })
  })),
  {
    numbers: [37, 39],
    title: "a run that is stopped after any page goes on from there to the same end, and sends nothing twice",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(subject, (world) => Stops.play(world, resource, "initial"))
      if (resource.changes !== undefined) await inWorld(subject, (world) => Stops.play(world, resource, "changes"))
    }
  },
  {
    numbers: [40, 41],
    title:
      "a cursor or checkpoint that the app or the connector no longer knows leads to a full listing, not to silence",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        await world.sync(resource, "initial")
        const job = [...world.state.jobs.values()].find(({ dataType }) => dataType === resource.dataType.id)!
        const exits = await world.use(
          Effect.gen(function* () {
            const client = yield* (yield* Accounts).client(subject.connector, world.integration)
            const context = contextFor(job, client, { of: "another version" }, () => Effect.void)
            return {
              list: yield* Effect.exit(Stream.runCollect(resource.list(context))),
              fetch:
                resource.changes === undefined
                  ? null
                  : yield* Effect.exit(
                      Stream.runCollect(resource.changes.fetch(context, "a cursor of another version"))
                    )
            }
          })
        )
        for (const [name, exit] of Object.entries(exits)) {
          if (exit === null || Exit.isSuccess(exit)) continue
          must(
            exit.cause.reasons.every(({ _tag }) => _tag === "Fail"),
            `${name} throws for a checkpoint or cursor of another version; it must fail with CursorExpired.`
          )
        }
        must(
          Exit.isFailure(exits.list) || exits.list.value.some((one) => !isEnd(one) && one.records.length > 0),
          "A checkpoint of another version is taken for one at the end: the listing gave nothing."
        )
        if (resource.changes === undefined) return
        const population = world.app.populations[resource.dataType.id]
        if (population !== undefined && !isAbsent(population) && !isAbsent(population.change)) {
          const { change } = population
          for (const id of await activeIds(world, population)) await world.pace.outside(() => change(id, 5))
        }
        await settle(world)
        const sealed = await world.use(
          Effect.map(
            Effect.flatMap(Vault, (vault) =>
              vault.sealer({ owner: "integration", ownerId: job.integrationId, workspaceId: job.workspaceId })
            ),
            (sealer) => sealer.seal(cursorPlace(job.id), "a cursor of another version")
          )
        )
        world.state.jobs.set(job.id, { ...world.state.jobs.get(job.id)!, cursor: sealed })
        const outcome = await world.sync(resource, "changes")
        must(
          outcome.run.status === "processed" || outcome.run.status === "completed",
          `With a cursor of another version ${told(outcome)}; it must fail with CursorExpired, which lists again.`
        )
        const replica = replicaOf(world, resource)
        mustEqual(resource, replica, await fresh(world, resource), "After a cursor of another version")
      })
  }
]
