import { createServer, type AddressInfo, type Socket } from "node:net"
import { Worker } from "node:worker_threads"
import { actionsOf, type Misbehaviour, misbehaviours, type Stage } from "./Misbehaviour.ts"
import { requireOneOf } from "../server/InvalidInput.ts"

/** A receiver that does not behave, on the loopback address. */
export interface HostileReceiver {
  readonly url: string
  readonly port: number
  readonly counts: () => {
    /** Connections that it took since the start. */
    readonly connections: number
    /** Those that are open now. */
    readonly open: number
    /** Requests that began to arrive. */
    readonly requests: number
    /** Bytes that the network took of what it wrote. */
    readonly written: number
  }
  readonly close: () => Promise<void>
}

const host = "127.0.0.1"

/** Starts a receiver that misbehaves in this way. */
export const startHostileReceiver = async (
  misbehaviour: Misbehaviour,
  options: { readonly everyMillis?: number } = {}
): Promise<HostileReceiver> => {
  const actions = actionsOf(requireOneOf("misbehaviour", misbehaviour, misbehaviours))
  const everyMillis = options.everyMillis ?? 1000
  const sockets = new Set<Socket>()
  const counted = { connections: 0, requests: 0, written: 0 }
  const server = createServer({ noDelay: true }, (socket) => {
    counted.connections++
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => {
      counted.written += socket.bytesWritten
      sockets.delete(socket)
    })
    let before = 0
    const stage = (): Stage => stageOf(socket, before++, everyMillis)
    actions.connection?.(stage())
    if (actions.connection !== undefined) return
    let asked = false
    socket.on("data", () => {
      if (!asked) {
        asked = true
        counted.requests++
        actions.request?.(stage())
        // The next piece after this one was read to its end is the next request.
        setImmediate(() => (asked = false))
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/hook`,
    port,
    counts: () => ({
      ...counted,
      open: sockets.size,
      written: [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, counted.written)
    }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}

const stageOf = (socket: Socket, before: number, everyMillis: number): Stage => {
  const write = (text: string | Buffer) => {
    if (socket.writable) socket.write(text)
  }
  return {
    socket,
    before,
    everyMillis,
    write,
    flood: (piece, bytes = Number.POSITIVE_INFINITY) => {
      const chunk = Buffer.from(piece.length < 8192 ? piece.toString().repeat(Math.ceil(8192 / piece.length)) : piece)
      let left = bytes
      const more = () => {
        while (socket.writable && left > 0) {
          left -= chunk.length
          if (!socket.write(chunk)) return void socket.once("drain", more)
        }
      }
      more()
    },
    drip: (piece) => {
      write(piece)
      const timer = setInterval(() => write(piece), everyMillis)
      socket.once("close", () => clearInterval(timer))
    }
  }
}

/**
 * Starts a receiver that never accepts: its thread stands still, and the system takes connections for it only until the
 * queue is full.
 */
export const startDeafReceiver = async (): Promise<Pick<HostileReceiver, "url" | "port" | "close">> => {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads")
     const server = require("node:net").createServer()
     server.listen({ port: 0, host: "${host}", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       const never = new Int32Array(new SharedArrayBuffer(4))
       setImmediate(() => { for (;;) Atomics.wait(never, 0, 0, 50) })
     })`,
    { eval: true }
  )
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve)
    worker.once("error", reject)
  })
  return {
    url: `http://${host}:${port}/hook`,
    port,
    close: async () => {
      await worker.terminate()
    }
  }
}
