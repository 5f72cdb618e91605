import { createSocket } from "node:dgram"
import { createServer, type AddressInfo, type Socket } from "node:net"
import {
  type DnsRecord,
  parseQuery,
  type Question,
  type RecordType,
  response,
  type responseCodes
} from "./DnsMessage.ts"

/** What the server does with one question. */
export type DnsAnswer =
  | {
      readonly records?: ReadonlyArray<DnsRecord>
      /** Default `NOERROR`. */
      readonly code?: keyof typeof responseCodes
      /** Over UDP only the note that there is more, so that the resolver asks again over TCP. */
      readonly truncated?: boolean
      readonly delayMillis?: number
    }
  /** Never answers. */
  | "silence"
  /** Bytes that are no DNS message. */
  | "garbage"

/** A question as a script sees it. */
export interface DnsQuestion {
  readonly name: string
  readonly type: RecordType | number
  /** How often this name and type was asked for before. */
  readonly before: number
  readonly over: "udp" | "tcp"
}

/** A name server on the loopback address that answers as it is told, with a time to live of 0 unless told. */
export interface DnsServer {
  /** For `setServers` of Node's resolver. */
  readonly address: string
  readonly questions: ReadonlyArray<DnsQuestion>
  readonly close: () => Promise<void>
}

const host = "127.0.0.1"

/** Starts a name server; `answer` is asked for every question, and names that it does not know do not exist. */
export const startDnsServer = async (answer: (question: DnsQuestion) => DnsAnswer | undefined): Promise<DnsServer> => {
  const asked = new Map<string, number>()
  const questions: Array<DnsQuestion> = []
  const timers = new Set<NodeJS.Timeout>()
  const sockets = new Set<Socket>()

  const reply = (question: Question, over: "udp" | "tcp", send: (message: Buffer) => void) => {
    const { name, type } = question
    const key = `${name} ${type}`
    const before = asked.get(key) ?? 0
    asked.set(key, before + 1)
    const seen = { name, type, before, over }
    questions.push(seen)
    const given = answer(seen) ?? { code: "NXDOMAIN" }
    if (given === "silence") return
    if (given === "garbage") return send(Buffer.from("no DNS message"))
    const truncated = given.truncated === true && over === "udp"
    const message = response(question, {
      records: truncated ? [] : (given.records ?? []),
      code: given.code ?? "NOERROR",
      truncated
    })
    if (given.delayMillis === undefined) return send(message)
    const timer = setTimeout(() => {
      timers.delete(timer)
      send(message)
    }, given.delayMillis)
    timers.add(timer)
  }

  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => {})
    let pending = Buffer.alloc(0)
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const question = parseQuery(pending.subarray(2, 2 + pending.readUInt16BE(0)))
        pending = pending.subarray(2 + pending.readUInt16BE(0))
        if (question === null) continue
        reply(question, "tcp", (message) => {
          const length = Buffer.alloc(2)
          length.writeUInt16BE(message.length, 0)
          if (!socket.destroyed) socket.write(Buffer.concat([length, message]))
        })
      }
    })
  })
  const udp = createSocket("udp4")
  udp.on("message", (message, { address, port }) => {
    const question = parseQuery(message)
    if (question !== null) reply(question, "udp", (sent) => udp.send(sent, port, address))
  })
  // Both at the same port: resolvers ask there again over TCP.
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    const attempt = (left: number) => {
      tcp.listen(0, host, () => {
        const address = tcp.address() as AddressInfo
        const taken = (error: Error) => {
          if (left === 0) return reject(error)
          tcp.close(() => attempt(left - 1))
        }
        udp.once("error", taken)
        udp.bind(address.port, host, () => {
          udp.off("error", taken)
          resolve(address)
        })
      })
    }
    tcp.once("error", reject)
    attempt(5)
  })
  return {
    address: `${host}:${port}`,
    questions,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      await new Promise<void>((resolve) => tcp.close(() => resolve()))
    }
  }
}
