import type { Fault } from "./Fault.ts"
import { InvalidInput } from "./InvalidInput.ts"
import { Random } from "./Random.ts"
import { type Reply, type Request, shuffledJson } from "./Reply.ts"
import type { LoggedRequest } from "./RequestLog.ts"
import type { App, Switches } from "./Server.ts"

/** A request as it was sent, over a socket or from this process. */
export interface Incoming {
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  /** The simulator's own address. */
  readonly origin: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** What is sent back; `broken` says where the connection breaks, `silent` that nothing is ever sent. */
export interface Outgoing {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly broken?: "before" | "within"
  readonly silent?: true
}

/** Answers requests, and can be stopped: what waits to be answered late is dropped then. */
export interface Answering {
  readonly answer: (incoming: Incoming) => Promise<Outgoing>
  readonly stop: () => void
}

const proxyPage =
  "<!DOCTYPE html>\n<html><head><title>We will be right back</title></head>" +
  "<body><h1>Down for maintenance</h1><p>Please try again in a few minutes.</p></body></html>\n"

/** All that a server does but the sockets: routes, faults, the control interface and the log. */
export const answering = (app: App, switches: Switches): Answering => {
  const { faults, log } = switches
  const order = new Random(7)
  const waiting = new Set<NodeJS.Timeout>()
  let serial = 0

  const outgoing = (reply: Reply): Outgoing => {
    const json =
      reply.json === undefined
        ? undefined
        : switches.shuffled
          ? shuffledJson(reply.json, order)
          : JSON.stringify(reply.json)
    return {
      status: reply.status,
      headers: {
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        "cache-control": "no-cache, private",
        date: new Date(app.now()).toUTCString(),
        "x-request-id": `sim-${++serial}`,
        ...reply.headers
      },
      body: json ?? reply.text ?? ""
    }
  }

  const afflicted = async (fault: Fault, request: Request, entry: LoggedRequest): Promise<Outgoing> => {
    const retryAfter = fault.retryAfter ?? (fault.retryAfter === null || fault.kind !== "rate-limit" ? undefined : 1)
    const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }
    const given = (reply: Reply): Outgoing => {
      entry.status = reply.status
      return outgoing(reply)
    }
    const html = { ...headers, "content-type": "text/html; charset=UTF-8" }
    switch (fault.kind) {
      case "status":
        return given({ status: fault.status ?? 500, headers: html, text: "" })
      case "rate-limit":
        return given(app.throttled?.(fault.retryAfter ?? undefined) ?? { status: 429, headers: html, text: "" })
      case "html":
        return given({ status: fault.status ?? 200, headers: html, text: proxyPage })
      case "hang":
        return { status: 0, headers: {}, body: "", silent: true }
      case "reset":
        return { status: 0, headers: {}, body: "", broken: "before" }
      case "truncate":
        return { ...given(app.handle(request)), broken: "within" }
      case "empty-list":
      case "drop-page": {
        const reply = app.handle(request)
        if (reply.json === undefined || reply.status !== 200) return given(reply)
        const change = fault.kind === "empty-list" ? app.emptied : app.withoutRecords
        return given({ ...reply, json: change(reply.json) })
      }
      case "slow":
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            waiting.delete(timer)
            resolve()
          }, fault.delayMillis ?? 1000)
          waiting.add(timer)
        })
        return given(app.handle(request))
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

  const answer = async ({ body, headers, method, origin, target }: Incoming): Promise<Outgoing> => {
    const url = new URL(target, origin)
    let path = url.pathname
    try {
      path = decodeURIComponent(path)
    } catch {
      // A malformed escape stays as it was sent; no route will match it.
    }
    const request: Request = { method, path, query: url.searchParams, origin, headers, body }
    if (path === "/_control" || path.startsWith("/_control/")) return outgoing(control(request))
    const entry = log.add(new Date(app.now()), method, path, url.searchParams, headers.authorization)
    const fault = faults.take(method, target, path)
    if (fault !== undefined) {
      entry.fault = fault.kind
      return afflicted(fault, request, entry)
    }
    const reply = app.handle(request)
    entry.status = reply.status
    return outgoing(reply)
  }

  return {
    answer,
    stop: () => {
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
    }
  }
}
