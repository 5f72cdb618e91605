import * as Http from "node:http"
import type { Socket } from "node:net"
import { type Fault, Faults } from "./Fault.ts"
import { InvalidInput } from "./InvalidInput.ts"
import { Random } from "./Random.ts"
import type { Reply, Request } from "./Reply.ts"
import { shuffledJson } from "./Reply.ts"
import { type LoggedRequest, RequestLog } from "./RequestLog.ts"

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

const proxyPage =
  "<!DOCTYPE html>\n<html><head><title>We will be right back</title></head>" +
  "<body><h1>Down for maintenance</h1><p>Please try again in a few minutes.</p></body></html>\n"

/** Starts the server of one app on the loopback address; port 0 takes a free one. */
export const startServer = async (app: App, switches: Switches, port: number): Promise<RunningServer> => {
  const { faults, log } = switches
  const order = new Random(7)
  const waiting = new Set<NodeJS.Timeout>()
  const sockets = new Set<Socket>()
  let serial = 0

  const send = (outgoing: Http.ServerResponse, now: number, reply: Reply, truncate = false) => {
    const json =
      reply.json === undefined
        ? undefined
        : switches.shuffled
          ? shuffledJson(reply.json, order)
          : JSON.stringify(reply.json)
    const body = Buffer.from(json ?? reply.text ?? "", "utf8")
    outgoing.writeHead(reply.status, {
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      "cache-control": "no-cache, private",
      date: new Date(now).toUTCString(),
      "x-request-id": `sim-${++serial}`,
      "content-length": String(body.length),
      ...reply.headers
    })
    if (!truncate) return outgoing.end(body)
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      // Give the half that was written time to leave before the connection breaks.
      setImmediate(() => outgoing.socket?.destroy())
    })
  }

  const afflict = (fault: Fault, request: Request, entry: LoggedRequest, outgoing: Http.ServerResponse): void => {
    const retryAfter = fault.retryAfter ?? (fault.retryAfter === null || fault.kind !== "rate-limit" ? undefined : 1)
    const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }
    const answer = (reply: Reply, truncate = false) => {
      entry.status = reply.status
      send(outgoing, app.now(), reply, truncate)
    }
    const html = { ...headers, "content-type": "text/html; charset=UTF-8" }
    switch (fault.kind) {
      case "status":
        return answer({ status: fault.status ?? 500, headers: html, text: "" })
      case "rate-limit":
        return answer(app.throttled?.(fault.retryAfter ?? undefined) ?? { status: 429, headers: html, text: "" })
      case "html":
        return answer({ status: fault.status ?? 200, headers: html, text: proxyPage })
      case "hang":
        return
      case "reset":
        outgoing.socket?.resetAndDestroy()
        return
      case "truncate":
        return answer(app.handle(request), true)
      case "empty-list":
      case "drop-page": {
        const reply = app.handle(request)
        if (reply.json === undefined || reply.status !== 200) return answer(reply)
        const change = fault.kind === "empty-list" ? app.emptied : app.withoutRecords
        return answer({ ...reply, json: change(reply.json) })
      }
      case "slow": {
        const timer = setTimeout(() => {
          waiting.delete(timer)
          if (!outgoing.destroyed) answer(app.handle(request))
        }, fault.delayMillis ?? 1000)
        waiting.add(timer)
      }
    }
  }

  const control = (request: Request): Reply => {
    // A web page that a browser shows must not be able to steer the simulator.
    const origin = request.headers.origin
    if (origin !== undefined && !/^https?:\/\/(127\.|localhost|\[::1\])/.test(origin)) {
      return {
        status: 403,
        json: { error: { code: "Forbidden", message: "Only pages from this machine may call this" } }
      }
    }
    const name = request.path.replace(/^\/_control\/?/, "")
    if (name === "") {
      const commands = Object.entries(app.commands).map(([command, { summary }]) => ({ command, summary }))
      return { status: 200, json: { app: app.name, commands } }
    }
    const command = Object.hasOwn(app.commands, name) ? app.commands[name] : undefined
    if (command === undefined) {
      const known = Object.keys(app.commands).join(", ")
      return { status: 404, json: { error: { code: "NotFound", message: `No command "${name}"; known are ${known}` } } }
    }
    if (request.method !== "POST" && !(request.method === "GET" && command.read === true)) {
      return {
        status: 405,
        headers: { allow: "POST" },
        json: { error: { code: "MethodNotAllowed", message: "Use POST" } }
      }
    }
    try {
      let input: unknown = request.method === "GET" ? Object.fromEntries(request.query) : {}
      if (request.method === "POST" && request.body.trim() !== "") {
        try {
          input = JSON.parse(request.body)
        } catch {
          throw new InvalidInput("body", "is not JSON")
        }
      }
      if (typeof input !== "object" || input === null || Array.isArray(input)) {
        throw new InvalidInput("body", "must be a JSON object")
      }
      return { status: 200, json: command.run(input as Record<string, unknown>) ?? { ok: true } }
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      return { status: 400, json: { error: { code: "BadRequest", field: error.field, message: error.message } } }
    }
  }

  const onRequest = async (incoming: Http.IncomingMessage, outgoing: Http.ServerResponse) => {
    const target = incoming.url ?? "/"
    const url = new URL(target, `http://${host}`)
    const headers: Record<string, string | undefined> = {}
    for (const [name, value] of Object.entries(incoming.headers)) {
      headers[name] = Array.isArray(value) ? value.join(", ") : value
    }
    const method = incoming.method ?? "GET"
    let path = url.pathname
    try {
      path = decodeURIComponent(path)
    } catch {
      // A malformed escape stays as it was sent; no route will match it.
    }
    const body = await readBody(incoming)
    const request: Request = {
      method,
      path,
      query: url.searchParams,
      origin: `http://${host}:${incoming.socket.localPort}`,
      headers,
      body
    }
    if (path === "/_control" || path.startsWith("/_control/")) return send(outgoing, app.now(), control(request))
    const entry = log.add(new Date(app.now()), method, path, url.searchParams, headers.authorization)
    const fault = faults.take(method, target, path)
    if (fault !== undefined) {
      entry.fault = fault.kind
      return afflict(fault, request, entry, outgoing)
    }
    const reply = app.handle(request)
    entry.status = reply.status
    send(outgoing, app.now(), reply)
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
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }))

  return {
    url,
    port: address.port,
    close
  }
}
