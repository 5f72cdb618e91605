/** The other side of the delivery benchmark: a plain HTTP server in a process of its own that counts and answers 200. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

const ids = new Map<string, number>()
let requests = 0
let last = ""

const server = createServer((request, response) => {
  const id = request.headers["webhook-id"]
  request.on("data", (chunk: Buffer) => {
    if (chunk.includes(`"sync.events.allConsumed"`)) last = String(id)
  })
  request.on("end", () => {
    requests++
    if (typeof id === "string") ids.set(id, (ids.get(id) ?? 0) + 1)
    response.end()
  })
})

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }))

process.on("message", (message) => {
  if (message === "reset") {
    ids.clear()
    requests = 0
    last = ""
    process.send?.({})
  } else if (message === "report") {
    process.send?.({ requests, unique: ids.size, last })
  } else {
    process.exit(0)
  }
})
