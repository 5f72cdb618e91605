import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { type Keys, knitSignatureFits, standardSignatureFits } from "../../../demo/Receiver.ts"

/** The body of an event, as far as these tests look. */
export interface Body {
  readonly eventId: string
  readonly eventType: string
  readonly eventData: Record<string, unknown>
  readonly syncType?: string
  readonly syncJobId?: string
  readonly syncRunId?: string
  readonly recordId?: string
  readonly sequence?: string
}

/** One request, in the order in which they came. */
export interface Arrival {
  readonly event: Body
  readonly text: string
  readonly headers: IncomingHttpHeaders
  /** Header names and values as they stood on the wire. */
  readonly rawHeaders: ReadonlyArray<string>
  /** By `performance.now()`. */
  readonly at: number
  /** Which process of the installation sent it: the one that was alive when the connection was made. */
  readonly generation: number
  /** Which signatures the request's body satisfied. */
  readonly knit: boolean
  readonly standard: boolean
  /** Status and time of the answer; null while there is none, or when it was withheld. */
  answered: { readonly status: number; readonly at: number } | null
}

/** What a receiver does with a request: a status, nothing ever, or a broken connection. */
export type Answer = number | "hang" | "reset"

/** A receiver that checks both signatures of everything, remembers everything, and answers as it is told. */
export const startInbox = async () => {
  const arrivals: Array<Arrival> = []
  let keys: Keys = { apiKey: "", secret: "" }
  let generation = 0
  let answer: (arrival: Arrival) => Answer | Promise<Answer> = () => 200
  let answered: (arrival: Arrival) => void = () => {}
  let active = 0
  /** What a killed process had sent is read when the next one is alive already: its connections tell whose it was. */
  const generations = new WeakMap<Socket, number>()

  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    active++
    response.once("close", () => active--)
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    // A sender that is killed breaks off in the middle of a request: there is nothing to answer then.
    request.on("error", () => {})
    request.on("end", async () => {
      const text = Buffer.concat(chunks).toString("utf8")
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      const arrival: Arrival = {
        event: JSON.parse(text) as Body,
        text,
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        at: performance.now(),
        generation: generations.get(request.socket) ?? generation,
        knit: knitSignatureFits(keys, headers, text),
        standard: standardSignatureFits(keys, headers, text),
        answered: null
      }
      arrivals.push(arrival)
      const status = await answer(arrival)
      if (status === "hang") return
      if (status === "reset") return void request.socket.resetAndDestroy()
      response.writeHead(status).end(() => {
        arrival.answered = { status, at: performance.now() }
        answered(arrival)
      })
    })
  })
  server.on("connection", (socket) => void generations.set(socket, generation))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    arrivals,
    /** Those that were answered with 200. */
    acknowledged: () => arrivals.filter((arrival) => arrival.answered?.status === 200),
    ofRun: (syncRunId: string) => arrivals.filter(({ event }) => event.syncRunId === syncRunId),
    trust: (given: Keys) => void (keys = given),
    /** From now on. */
    answer: (how: (arrival: Arrival) => Answer | Promise<Answer>) => void (answer = how),
    /** Called when an answer has left. */
    onAnswered: (listener: (arrival: Arrival) => void) => void (answered = listener),
    nextGeneration: () => void generation++,
    /** Requests that are not answered and not broken off. */
    active: () => active,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}

/** A running receiver. */
export type Inbox = Awaited<ReturnType<typeof startInbox>>
