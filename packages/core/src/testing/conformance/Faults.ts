import type { AnyResource } from "../../connector/Resource.ts"
import type { Exchange, Fault, Rule } from "./Wire.ts"
import type { World } from "./World.ts"

const status = (code: number, body = `{"message":"no"}`) => ({ kind: "answer", status: code, body }) as const
const html =
  "<!doctype html><html><head><title>Gateway</title></head><body><h1>It will be right back</h1></body></html>"

/** What can come instead of an answer, by name. */
export const everyFault: ReadonlyArray<{
  readonly name: string
  readonly fault: () => Fault
  /** It may well be what the app means: there is nothing. */
  readonly genuine?: boolean
}> = [
  { name: "401", fault: () => status(401) },
  { name: "403", fault: () => status(403) },
  { name: "404", fault: () => status(404) },
  { name: "429", fault: () => status(429) },
  { name: "500", fault: () => status(500) },
  { name: "503", fault: () => status(503, "") },
  {
    name: "HTML with status 200",
    fault: () => ({ kind: "answer", status: 200, body: html, headers: { "content-type": "text/html" } })
  },
  { name: "an empty body", fault: () => status(200, "") },
  { name: "{}", fault: () => status(200, "{}") },
  { name: "[]", fault: () => status(200, "[]"), genuine: true },
  { name: "null", fault: () => status(200, "null") },
  { name: "half of the JSON", fault: () => ({ kind: "half" }) },
  { name: "a connection that breaks in the body", fault: () => ({ kind: "cut" }) },
  { name: "a connection that breaks at once", fault: () => ({ kind: "reset" }) },
  { name: "no answer at all", fault: () => ({ kind: "hang" }) }
]

/** The nth request for data from now on meets the fault, and so does each repetition of it. */
export const stays = (world: World, position: number, fault: () => Fault): Rule => {
  const begin = world.wire.log.length
  let key: string | undefined
  return (exchange) => {
    if (exchange.isToken) return undefined
    if (world.wire.since(begin).indexOf(exchange) === position) key = exchange.key
    return key === exchange.key ? fault() : undefined
  }
}

/**
 * Which requests of a run are worth a fault: of each endpoint the first, one in the middle and the last. Ids in a path,
 * whatever has a digit or is the id of a record that was read, are one endpoint. With many data types there is none in
 * the middle; and `turn`, the fault's number, says whether the first or the last is taken of the endpoints that are asked
 * row by row, so that each of them meets every fault, and faults at both ends.
 */
export const positionsOf = (
  requests: ReadonlyArray<Exchange>,
  { ids, resources, turn }: { readonly ids: Iterable<string>; readonly resources: number; readonly turn?: number }
): ReadonlyArray<number> => {
  const known = new Set([...ids].map(encodeURIComponent))
  const byEndpoint = new Map<string, Array<number>>()
  for (const [position, { method, url }] of requests.entries()) {
    const path = url.pathname.split("/").map((part) => (/\d/.test(part) || known.has(part) ? "#" : part))
    const name = `${method} ${path.join("/")}`
    byEndpoint.set(name, [...(byEndpoint.get(name) ?? []), position])
  }
  const chosen = new Set<number>()
  for (const positions of byEndpoint.values()) {
    const last = positions.length - 1
    const rowByRow = turn !== undefined && positions[0] !== 0
    const ends = rowByRow ? [turn % 2 === 0 ? 0 : last] : [0, last]
    for (const at of resources > 3 ? ends : [0, Math.floor(last / 2), last]) chosen.add(positions[at]!)
  }
  return [...chosen].sort((a, b) => a - b)
}

/** The positions worth a fault of a run in the world: see `positionsOf`. */
export const positionsIn = (
  world: World,
  resource: AnyResource,
  requests: ReadonlyArray<Exchange>,
  turn?: number
): ReadonlyArray<number> =>
  positionsOf(requests, {
    ids: world.replica.get(resource.dataType.id)?.keys() ?? [],
    resources: world.connector.resources.length,
    ...(turn === undefined ? {} : { turn })
  })

/** So many of the positions at most, spread over all of them, the first and the last among them. */
export const someOf = (positions: ReadonlyArray<number>, most = 6): ReadonlyArray<number> =>
  positions.length <= most
    ? positions
    : Array.from({ length: most }, (_, at) => positions[Math.round((at * (positions.length - 1)) / (most - 1))]!)
