import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net"
import { requireInteger } from "../server/InvalidInput.ts"
import { Random } from "../server/Random.ts"
import { Pipe, type PipeHost } from "./Pipe.ts"
import { type Direction, type Toxic, validated } from "./Toxic.ts"

/** Where a fault proxy leads and how it begins. */
export interface FaultProxyOptions {
  /** The server behind it. */
  readonly target: { readonly host?: string; readonly port: number }
  /** The port on 127.0.0.1 to listen at; 0, the default, takes a free one. */
  readonly port?: number
  /** Of the jitter. Default 1. */
  readonly seed?: number
}

/** What went through a proxy since it started. */
export interface FaultProxyCounts {
  /** Connections that clients made. */
  readonly connections: number
  /** Those that are open now. */
  readonly open: number
  /** Bytes that were given on to the server. */
  readonly up: number
  /** Bytes that were given on to clients. */
  readonly down: number
}

/** A TCP proxy on the loopback address that does to connections what networks do. */
export interface FaultProxy {
  readonly host: string
  readonly port: number
  readonly counts: () => FaultProxyCounts
  /** Disturbs connections, those that are open as well, until the function that is given back is called. */
  readonly add: (toxic: Toxic) => () => void
  /** Takes all toxics away. */
  readonly clear: () => void
  /** Breaks all connections with an RST; new ones are taken. */
  readonly reset: () => void
  /** The server is gone: open connections break, new ones are refused. */
  readonly down: () => Promise<void>
  /** The server is back, at the same port. */
  readonly up: () => Promise<void>
  readonly close: () => Promise<void>
}

const host = "127.0.0.1"

/** Starts a proxy before a TCP server: a database, a receiver, an app. */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  requireInteger("target.port", options.target.port, 1, 65_535)
  const targetHost = options.target.host ?? host
  const random = new Random(options.seed ?? 1)
  const toxics = new Set<Toxic>()
  const connections = new Set<Connection>()
  const counted = { connections: 0, up: 0, down: 0 }

  const accept = (client: Socket) => {
    counted.connections++
    const server = connect({ host: targetHost, port: options.target.port, allowHalfOpen: true, noDelay: true })
    const connection = new Connection(client, server, {
      random,
      toxics: () => toxics,
      passed: (direction, bytes) => (counted[direction] += bytes)
    })
    connections.add(connection)
    connection.onClose = () => connections.delete(connection)
    for (const toxic of toxics) connection.schedule(toxic)
  }

  const listen = (port: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
      server.once("error", reject)
      server.listen(port, host, () => resolve(server))
    })
  let listener: Server | undefined = await listen(requireInteger("port", options.port ?? 0, 0, 65_535))
  const { port } = listener.address() as AddressInfo

  const reset = () => {
    for (const connection of connections) connection.reset()
  }
  const down = async () => {
    const closing = listener
    listener = undefined
    const closed = new Promise<void>((resolve) => (closing === undefined ? resolve() : closing.close(() => resolve())))
    reset()
    await closed
  }
  const wake = () => {
    for (const connection of connections) connection.wake()
  }
  return {
    host,
    port,
    counts: () => ({ ...counted, open: connections.size }),
    add: (toxic) => {
      // A copy, so that the same toxic twice is two.
      const added = { ...validated(toxic) }
      toxics.add(added)
      for (const connection of connections) connection.schedule(added)
      return () => {
        toxics.delete(added)
        for (const connection of connections) connection.forget(added)
        wake()
      }
    },
    clear: () => {
      for (const toxic of toxics) for (const connection of connections) connection.forget(toxic)
      toxics.clear()
      wake()
    },
    reset,
    down,
    up: async () => {
      listener ??= await listen(port)
    },
    close: down
  }
}

/** A client and a server, with a pipe each way. */
class Connection {
  onClose: () => void = () => {}
  readonly #client: Socket
  readonly #server: Socket
  readonly #pipes: ReadonlyArray<Pipe>
  readonly #timers = new Map<Toxic, NodeJS.Timeout>()

  constructor(client: Socket, server: Socket, host: Omit<PipeHost, "close">) {
    this.#client = client
    this.#server = server
    const ends = { ...host, close: () => this.close() }
    const pipe = (from: Socket, to: Socket, direction: Direction) => new Pipe(from, to, direction, ends)
    this.#pipes = [pipe(client, server, "up"), pipe(server, client, "down")]
    let open = 2
    for (const socket of [client, server]) {
      // A broken end breaks the other: that is what a router in between would let through.
      socket.on("error", () => this.reset())
      socket.on("close", () => {
        if (--open > 0) return
        for (const timer of this.#timers.values()) clearTimeout(timer)
        for (const each of this.#pipes) each.close()
        this.onClose()
      })
    }
  }

  /** Starts the clock of a toxic that strikes later. */
  schedule(toxic: Toxic) {
    const strikes = toxic.kind === "reset-peer" ? () => this.reset() : () => this.close()
    const after = toxic.kind === "reset-peer" ? (toxic.afterMillis ?? 0) : undefined
    const millis = after ?? (toxic.kind === "timeout" ? toxic.afterMillis : undefined)
    // At once means at once: a timer would let through what is quick enough.
    if (millis === 0) strikes()
    else if (millis !== undefined) this.#timers.set(toxic, setTimeout(strikes, millis))
    this.wake()
  }

  forget(toxic: Toxic) {
    clearTimeout(this.#timers.get(toxic))
    this.#timers.delete(toxic)
  }

  wake() {
    for (const pipe of this.#pipes) pipe.wake()
  }

  reset() {
    for (const pipe of this.#pipes) pipe.close()
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
  }

  close() {
    for (const pipe of this.#pipes) pipe.close()
    this.#client.destroy()
    this.#server.destroy()
  }
}
