import type { AnyResource } from "../../connector/Resource.ts"
import { type Check, complete, fresh, idsOf, inWorld, must, mustEqual, replicaOf, told } from "./Check.ts"
import * as Baseline from "./Baseline.ts"
import { positionsIn, someOf } from "./Faults.ts"
import type { Fault, Rule } from "./Wire.ts"
import type { World } from "./World.ts"

/** Only the nth request for data from now on meets the fault. */
const once = (world: World, position: number, fault: Fault): Rule => {
  const begin = world.wire.log.length
  return (exchange) => (world.wire.since(begin).indexOf(exchange) === position ? fault : undefined)
}

const passing: ReadonlyArray<{ readonly name: string; readonly fault: Fault }> = [
  { name: "500", fault: { kind: "answer", status: 500, body: "{}" } },
  { name: "502 with HTML", fault: { kind: "answer", status: 502, body: "<html>Bad Gateway</html>" } },
  { name: "503", fault: { kind: "answer", status: 503, body: "" } },
  { name: "a connection that breaks at once", fault: { kind: "reset" } },
  { name: "a connection that breaks in the body", fault: { kind: "cut" } },
  { name: "no answer in time", fault: { kind: "hang" } }
]

const throttled = (retryAfter: string | null): Fault => ({
  kind: "answer",
  status: 429,
  body: `{"message":"slow down"}`,
  ...(retryAfter === null ? {} : { headers: { "retry-after": retryAfter } })
})

const first = async (world: World, resource: AnyResource) => (await Baseline.first(world, resource)).requests

/** Faults that pass, throttling, and how often is tried again. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [56],
    title: "5xx, time-outs and connections that break are tried again, and nothing is lost",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = await first(world, resource)
        const expected = replicaOf(world, resource)
        let turn = 0
        for (const position of someOf(positionsIn(world, resource, requests))) {
          // The first request meets all of them, the others one each, in turn.
          for (const { fault, name } of position === 0 ? passing : [passing[turn++ % passing.length]!]) {
            const where = `${requests[position]!.method} ${requests[position]!.url.pathname}`
            world.wire.rules = [once(world, position, fault)]
            const outcome = await world.sync(resource, "initial")
            world.wire.rules = []
            complete(outcome, `${name}, once, for ${where}`)
            mustEqual(
              resource,
              new Map(outcome.changes.map(({ data, recordId }) => [recordId, data])),
              expected,
              `${name}, once, for ${where}`
            )
          }
        }
      })
  },
  {
    numbers: [55],
    title: "429 is obeyed: nobody asks before Retry-After has passed, and the run goes on then",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = await first(world, resource)
        const date = () => new Date(Math.ceil(world.pace.now() / 1000) * 1000 + 40_000).toUTCString()
        let turn = 0
        for (const position of someOf(positionsIn(world, resource, requests))) {
          const kinds = ["seconds", "date", "none"]
          for (const kind of position === 0 ? kinds : [kinds[turn++ % kinds.length]!]) {
            const retryAfter = kind === "seconds" ? "37" : kind === "date" ? date() : null
            const begin = world.wire.log.length
            world.wire.rules = [once(world, position, throttled(retryAfter))]
            const outcome = await world.sync(resource, "initial")
            world.wire.rules = []
            const where = `429 ${retryAfter === null ? "without Retry-After" : `with Retry-After ${retryAfter}`} for ${requests[position]!.url.pathname}`
            complete(outcome, where)
            if (retryAfter === null) continue
            const sent = world.wire.since(begin)
            const hit = sent.findIndex(({ fault }) => fault === "HTTP 429")
            const next = sent.slice(hit + 1).find(({ at }) => at > sent[hit]!.at)
            const early = sent.slice(hit + 1).filter(({ at }) => at < sent[hit]!.at + 36_000)
            // Requests that were under way already are not to blame.
            const atOnce = subject.connector.http.concurrency ?? 4
            must(
              early.length < atOnce && (next === undefined || next.at - sent[hit]!.at >= 36_000),
              `${where}: the next request came ${((next?.at ?? 0) - sent[hit]!.at) / 1000} s later, ${early.length} too early.`
            )
          }
        }
      })
  },
  {
    numbers: [55, 56],
    title: "an app that answers nothing but 429, or nothing but 503, meets no storm",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = (await first(world, resource)).length
        // From the first request on, from the second, and from the last.
        for (const [from, fault] of [
          [0, throttled(null)],
          [1, throttled(null)],
          [requests - 1, throttled(null)],
          [0, throttled("1")],
          [requests - 1, passing[2]!.fault]
        ] as const) {
          // A listing of one request is over before the second.
          if (from >= requests) continue
          const begin = world.wire.log.length
          world.wire.rules = [(exchange) => (world.wire.since(begin).indexOf(exchange) < from ? undefined : fault)]
          const outcome = await world.sync(resource, "listing")
          // A listing of a single request has no second one.
          if (!outcome.requests.some((exchange) => exchange.fault !== null)) continue
          const most = from + 5 * (subject.connector.http.concurrency ?? 4)
          must(
            outcome.requests.length <= most,
            `${outcome.requests.length} requests in one run to an app that does not answer; at most ${most} are in order.`
          )
          must(outcome.run.resumeAt !== null, `An app that does not answer now: ${told(outcome)}; it must go on later.`)
          must(idsOf(outcome, "record.deleted").length === 0, "An app that does not answer: records were deleted.")
          await world.heal()
        }
        const replica = replicaOf(world, resource)
        mustEqual(resource, replica, await fresh(world, resource), "After an app that did not answer")
      })
  },
  {
    numbers: [56],
    title: "a request that may write is not sent twice",
    of: "resource",
    run: (subject, resource) =>
      inWorld(subject, async (world) => {
        const requests = await first(world, resource)
        for (const [position, { method, url }] of requests.entries()) {
          if (["GET", "HEAD", "POST"].includes(method)) continue
          world.wire.rules = [once(world, position, { kind: "reset" })]
          const outcome = await world.sync(resource, "initial")
          const again = outcome.requests.filter((one) => one.method === method && one.url.pathname === url.pathname)
          must(again.length <= 1, `${method} ${url.pathname} was sent again after the connection had broken.`)
          await world.heal()
        }
      })
  }
]
