import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { atTheEnd } from "./CleanUp.ts"

/** How often an event came, and how often it was answered with 200. */
export interface Count {
  came: number
  acknowledged: number
}

/** A receiver for very many events and any number of addresses: it counts, and looks into no body. */
export const tally = async () => {
  const counts = new Map<string, Count>()
  let active = 0
  let requests = 0
  let answer: (path: string) => number | "hang" | Promise<number | "hang"> = () => 200
  let arrived: (id: string, path: string) => void = () => {}

  const server = createServer((request, response) => {
    const id = String(request.headers["webhook-id"])
    const path = request.url ?? "/"
    active++
    requests++
    response.once("close", () => active--)
    request.on("error", () => {})
    request.on("end", async () => {
      const count = counts.get(id) ?? { came: 0, acknowledged: 0 }
      count.came++
      counts.set(id, count)
      arrived(id, path)
      const status = await answer(path)
      if (status === "hang") return
      if (status === 200) count.acknowledged++
      response.writeHead(status).end()
    })
    request.resume()
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  atTheEnd(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    counts,
    trust: () => undefined,
    requests: () => requests,
    active: () => active,
    answer: (how: typeof answer) => void (answer = how),
    onArrival: (listener: typeof arrived) => void (arrived = listener),
    /** Events that came more than once. */
    repeated: () => [...counts.values()].filter(({ came }) => came > 1).length
  }
}

/** A running receiver. */
export type Tally = Awaited<ReturnType<typeof tally>>
