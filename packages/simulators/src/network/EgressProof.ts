import { channel } from "node:diagnostics_channel"
import { createServer, type AddressInfo, isIP, type Socket } from "node:net"
import type { EgressVector } from "./EgressVectors.ts"

/** A vector as a client gets it. */
export interface PreparedVector {
  readonly url: string
  readonly settings: {
    readonly allow: ReadonlyArray<string>
    readonly allowHttp: boolean
    readonly allowHighPorts: boolean
    readonly ownPorts: () => ReadonlySet<number>
    /** As `dns.lookup` with `all`; knows the name of the URL and no other. */
    readonly resolve: (
      hostname: string,
      callback: (error: Error | null, addresses: ReadonlyArray<{ address: string; family: number }>) => void
    ) => void
  }
}

/** What became of one vector. */
export interface VectorResult {
  readonly vector: EgressVector
  /** What the client said; `Blocked` for a refusal. */
  readonly outcome: string
  /** Sockets that this process opened, to wherever, and connections that the listener took. */
  readonly connections: number
  /** Bytes that were written to or arrived at any of them. */
  readonly bytes: number
}

/**
 * Runs vectors one after another against a real listener on all addresses of this machine, which answers every request.
 *
 * Two counts, independent of the client: what arrives at the listener, and every client socket that this process opens,
 * by Node's diagnostics channel; so a request to an address elsewhere shows, too.
 */
export const runEgressVectors = async (
  vectors: ReadonlyArray<EgressVector>,
  send: (vector: PreparedVector) => Promise<string>
): Promise<ReadonlyArray<VectorResult>> => {
  const opened: Array<Socket> = []
  const onSocket = (message: unknown) => opened.push((message as { socket: Socket }).socket)
  const sockets = channel("net.client.socket")
  let taken = 0
  let arrived = 0
  const server = createServer((socket) => {
    taken++
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      arrived += chunk.length
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    })
  })
  await new Promise<void>((resolve, reject) => {
    // A machine without IPv6 has no "::".
    server.once("error", () => server.listen(0, "0.0.0.0", resolve).once("error", reject))
    server.listen(0, "::", resolve)
  })
  const { port } = server.address() as AddressInfo
  sockets.subscribe(onSocket)
  const results: Array<VectorResult> = []
  try {
    for (const vector of vectors) {
      opened.length = 0
      taken = 0
      arrived = 0
      const outcome = await send(prepared(vector, port))
      const written = opened.reduce((sum, socket) => sum + socket.bytesWritten, 0)
      results.push({
        vector,
        outcome,
        connections: Math.max(opened.length, taken),
        bytes: Math.max(written, arrived)
      })
    }
  } finally {
    sockets.unsubscribe(onSocket)
    await new Promise((resolve) => server.close(resolve))
  }
  return results
}

const prepared = ({ answers, settings, url }: EgressVector, port: number): PreparedVector => ({
  url: url.replaceAll("{port}", String(port)),
  settings: {
    allow: settings.allow,
    allowHttp: settings.allowHttp,
    allowHighPorts: settings.allowHighPorts,
    ownPorts: () => new Set(settings.own ? [port] : []),
    resolve: (_, callback) =>
      answers.length === 0
        ? callback(new Error("ENOTFOUND"), [])
        : callback(
            null,
            answers.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }))
          )
  }
})

/** Whether a result is what its vector demands: a refusal without a connection or a byte, or an arrival. */
export const holds = ({ bytes, connections, outcome, vector }: VectorResult): boolean =>
  vector.reason === null ? outcome === "200" && bytes > 0 : outcome === "Blocked" && connections === 0 && bytes === 0
