import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
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
  must,
  mustEqual,
  needsRequests,
  nobodyDeleted,
  replicaOf,
  Skipped
} from "./Check.ts"
import type { World } from "./World.ts"
import { isAbsent } from "./Sandbox.ts"
import * as Json from "./Json.ts"

/** Keeps what listings give: rows, and how many there are on each page. */
const watch = (world: World): { readonly rows: Array<unknown>; readonly pages: Array<number> } => {
  const rows: Array<unknown> = []
  const pages: Array<number> = []
  world.hooks.listing = Stream.tap((next) =>
    Effect.sync(() => {
      if (isEnd(next)) return
      pages.push(next.records.length)
      rows.push(...next.records)
    })
  )
  return { rows, pages }
}

/** Nothing in the app has changed: no listing and no delta may say otherwise. */
const quiet = async (world: World, resource: AnyResource, what: string) => {
  for (const mode of ["listing", "changes"] as const) {
    const outcome = complete(await world.sync(resource, mode), what)
    must(
      outcome.changes.length === 0,
      `${what}: ${outcome.changes.length} change(s) in a ${mode} run though nothing changed ` +
        `(${outcome.changes[0]?.type} of ${outcome.changes[0]?.recordId})`
    )
  }
}

/** What is read, and that it is read the same way each time. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [3, 18, 21, 22],
    title: "a listing gives every record of the app exactly once, under its own id, over several pages",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(subject, async (world) => {
        const { pages, rows } = watch(world)
        const outcome = complete(await world.sync(resource, "initial"), "A full listing")
        const ids = rows.map((row) => resource.recordId(row))
        must(ids.length > 0, "The listing gave no record at all.")
        must(
          ids.every((id) => typeof id === "string" && id !== ""),
          "recordId must give a non-empty text for every row."
        )
        const again = rows.map((row) => resource.recordId(row))
        must(
          ids.every((id, at) => id === again[at]),
          "recordId gives another id when it is asked again."
        )
        const twice = ids.filter((id, at) => ids.indexOf(id) !== at)
        must(twice.length === 0, `The listing gave ${few(new Set(twice))} more than once.`)
        const several = pages.filter((size) => size > 0).length > 1
        const truth = world.app.populations[resource.dataType.id]
        if (truth === undefined || isAbsent(truth) || isAbsent(truth.list)) {
          if (!several)
            throw new Skipped(`the listing is one page of ${ids.length} records: nothing to check of paging`)
          return
        }
        const all = (await everybody(world, truth)).map(({ id }) => id)
        const missing = all.filter((id) => !ids.includes(id))
        const extra = ids.filter((id) => !all.includes(id))
        must(missing.length === 0, `The listing lacks ${few(missing)}.`)
        must(extra.length === 0, `The listing has ${few(extra)}, which the app does not have.`)
        const active = await activeIds(world, truth)
        const sent = idsOf(outcome, "record.new")
        must(
          active.every((id) => sent.includes(id)) && sent.length === active.length,
          `${sent.length} records were sent and ${active.length} are active in the app ` +
            `(${few([...sent.filter((id) => !active.includes(id)), ...active.filter((id) => !sent.includes(id))])} differ).`
        )
        if (!several) {
          throw new Skipped(
            `checked on one page only: give the sandbox more than ${ids.length} records, or smaller pages`
          )
        }
      })
    }
  },
  {
    numbers: [19, 27, 28],
    title: "every record fits its model: dates, enums, decimals and texts are what the model says",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(subject, async (world) => {
        const { run } = complete(await world.sync(resource, "initial"), "A full listing")
        must(
          run.counts.quarantined === 0,
          `${run.counts.quarantined} record(s) left out: ${run.issues.map(({ message }) => message).join("; ")}`
        )
      })
    }
  },
  {
    numbers: [4],
    title: "the mapper writes only models and fields that the data type has",
    of: "resource",
    run: async (subject, resource) => {
      await inWorld(subject, async (world) => {
        const { rows } = watch(world)
        await world.sync(resource, "initial")
        for (const row of rows) {
          for (const [key, value] of Object.entries(resource.toRecord(row))) {
            const model = resource.dataType.models[key]
            must(model !== undefined, `toRecord writes ${key}, which ${resource.dataType.id} does not have.`)
            if (value === null || value === undefined) continue
            const lost = Json.keysLost(value, Schema.decodeUnknownSync(model.schema)(value))
            must(lost === null, `toRecord writes ${key}.${lost}, which the model ${model.id} does not have.`)
          }
        }
      })
    }
  },
  {
    numbers: [23, 32],
    title: "reading twice gives the same, byte by byte, and a second run without a change sends nothing",
    of: "resource",
    run: (subject, resource) =>
      inWorld(
        subject,
        async (world) => {
          await world.sync(resource, "initial")
          const first = replicaOf(world, resource)
          const second = await fresh(world, resource)
          mustEqual(resource, second, first, "The second of two readings")
          for (const [id, data] of second) {
            must(
              resource.volatile !== undefined || JSON.stringify(data) === JSON.stringify(first.get(id)),
              `${id} reads differently, byte by byte, the second time.`
            )
          }
          await quiet(world, resource, "A run without a change")
        },
        { asks: true }
      )
  },
  {
    numbers: [24],
    title: "key order, white space and fields that nobody declared change nothing",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        needsRequests(world)
        await world.sync(resource, "initial")
        world.wire.rewrite = Json.reordered
        world.app.shuffle?.(true)
        await quiet(world, resource, "Keys in another order")
        world.app.shuffle?.(false)
        world.wire.rewrite = Json.withUnknownField
        const outcome = complete(await world.sync(resource, "listing"), "An answer with a field that nobody declared")
        nobodyDeleted(outcome, "An answer with a field that nobody declared")
        must(outcome.run.counts.quarantined === 0, "Records with a field that nobody declared were quarantined.")
      })
  },
  {
    numbers: [25],
    title: "what changes by itself, such as signed addresses and the time of the answer, is no change",
    of: "resource",
    run: (subject, resource) =>
      inWorld(
        subject,
        async (world) => {
          needsRequests(world)
          await world.sync(resource, "initial")
          // Signatures and "last seen" stamps differ after a while. Not a day: dates that are due then would come true.
          await world.pass(600_000)
          await quiet(world, resource, "Ten minutes later")
        },
        { asks: true }
      )
  },
  {
    numbers: [30],
    title: "a slow receiver stops the reading: pages are not fetched ahead without bound",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        needsRequests(world)
        const { log } = world.wire
        const asked: Array<number> = []
        world.hooks.listing = Stream.tap(() =>
          Effect.andThen(
            Effect.sleep("10 minutes"),
            Effect.sync(() => asked.push(log.length))
          )
        )
        const { requests } = complete(await world.sync(resource, "initial"), "A slow full listing")
        if (asked.length < 3) throw new Skipped("the listing has a single page")
        const first = asked[0]! - (log.length - requests.length)
        must(
          first < requests.length,
          `All ${requests.length} requests of the listing were sent while its first page was not taken yet.`
        )
      })
  },
  {
    numbers: [31],
    title: "cancellation closes everything: no request stays open and none follows",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        needsRequests(world)
        const { requests } = await world.sync(resource, "initial")
        const positions = [0, Math.floor(requests.length / 2), requests.length - 1]
        for (const position of new Set(positions)) {
          const begin = world.wire.log.length
          world.wire.rules = [
            (exchange) => (world.wire.since(begin).indexOf(exchange) >= position ? { kind: "hang" } : undefined)
          ]
          // The account's run is taken away: the engine's heartbeat notices and interrupts the reading.
          let ended = 0
          world.pace.time.after(2_000, () => {
            for (const [id, entry] of world.state.runs) {
              if (entry.run.status === "running") {
                world.state.runs.set(id, { ...entry, run: { ...entry.run, status: "cancelled" } })
                ended++
              }
            }
          })
          await world.sync(resource, "listing")
          must(ended === 1, `The run ended by itself although request ${position} was never answered.`)
          const after = world.wire.log.length
          must(world.wire.open === 0, `${world.wire.open} request(s) stayed open after the run was cancelled.`)
          await world.pass(3_600_000)
          must(world.wire.log.length === after, "Requests were sent after the run had been cancelled.")
          await world.heal()
        }
      })
  }
]
