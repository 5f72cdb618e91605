import * as Http from "node:http"
import type { Socket } from "node:net"
import { answering } from "./Answering.ts"
import { type Direct, directly } from "./Direct.ts"
import { Faults } from "./Fault.ts"
import type { Reply, Request } from "./Reply.ts"
import { RequestLog } from "./RequestLog.ts"

/** A command of the control interface: takes the JSON body (or the query of a GET), gives what is answered as JSON. */
export interface Command {
  /** Changes nothing, so a GET may run it. */
  readonly read?: true
  readonly summary: string
  readonly run: (input: Record<string, unknown>) => unknown
}

/** What an app's simulator gives to the shared server. */
export interface App {
  readonly name: string
  readonly now: () => number
  readonly handle: (request: Request) => Reply
  /** The same answer with nobody in it, as if the list were empty. */
  readonly emptied: (json: unknown) => unknown
  /** The same answer without this page's records, totals and next page untouched. */
  readonly withoutRecords: (json: unknown) => unknown
  /** How the app itself says that there were too many requests; `seconds` as the fault gives it. Default 429, Retry-After. */
  readonly throttled?: (seconds: number | undefined) => Reply
  readonly commands: Readonly<Record<string, Command>>
}

/** What can be changed about a server while it runs. */
export class Switches {
  readonly faults = new Faults()
  readonly log = new RequestLog()
  /** Whether JSON is written with keys in random order. */
  shuffled = false
}

/** A running server; `close` also breaks the connections that a `hang` holds open. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly answer: Direct
  readonly close: () => Promise<void>
}

const host = "127.0.0.1"
const maxBody = 5_000_000

const readBody = (incoming: Http.IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBody) return
      chunks.push(chunk)
    })
    incoming.on("end", () => resolve(size > maxBody ? "" : Buffer.concat(chunks).toString("utf8")))
    incoming.on("error", reject)
  })

/** Starts the server of one app on the loopback address; port 0 takes a free one. */
export const startServer = async (app: App, switches: Switches, port: number): Promise<RunningServer> => {
  const { answer, stop } = answering(app, switches)
  const sockets = new Set<Socket>()

  const onRequest = async (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse) => {
    const headers: Record<string, string | undefined> = {}
    for (const [name, value] of Object.entries(incoming.headers)) {
      headers[name] = Array.isArray(value) ? value.join(", ") : value
    }
    const given = await answer({
      method: incoming.method ?? "GET",
      target: incoming.url ?? "/",
      origin: `http://${host}:${incoming.socket.localPort}`,
      headers,
      body: await readBody(incoming)
    })
    if (outgoing.destroyed || given.silent === true) return
    if (given.broken === "before") return outgoing.socket?.resetAndDestroy()
    const body = Buffer.from(given.body, "utf8")
    outgoing.writeHead(given.status, { "content-length": String(body.length), ...given.headers })
    if (given.broken === undefined) return outgoing.end(body)
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      // Give the half that was written time to leave before the connection breaks.
      setImmediate(() => outgoing.socket?.destroy())
    })
  }

  const server = Http.createServer((incoming, outgoing) => {
    onRequest(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) return outgoing.destroy()
      // A defect of the simulator must not look like the app's own 500.
      outgoing.writeHead(500, { "content-type": "text/plain", "x-simulator-defect": "1" })
      outgoing.end(`Simulator defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    })
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  const url = `http://${host}:${address.port}`

  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= new Promise<void>((resolve) => {
      stop()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }))

  return { url, port: address.port, answer: directly(answer, url), close }
}
