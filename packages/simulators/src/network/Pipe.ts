import type { Socket } from "node:net"
import type { Random } from "../server/Random.ts"
import type { Direction, Toxic, ToxicKind } from "./Toxic.ts"

/** What a pipe asks of the connection that it is half of. */
export interface PipeHost {
  readonly random: Random
  readonly toxics: () => Iterable<Toxic>
  readonly passed: (direction: Direction, bytes: number) => void
  /** Ends the whole connection. */
  readonly close: () => void
}

/** Bytes that may lie in a pipe; the sender is held back beyond. */
const room = 1024 * 1024

/** One direction of a connection: takes bytes as they come, gives them on as the toxics of the moment let it. */
export class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  readonly #direction: Direction
  readonly #host: PipeHost
  readonly #queue: Array<{ readonly chunk: Buffer | null; readonly at: number }> = []
  readonly #waiting = new Set<() => void>()
  #held = 0
  #passed = 0
  #closed = false

  constructor(from: Socket, to: Socket, direction: Direction, host: PipeHost) {
    this.#from = from
    this.#to = to
    this.#direction = direction
    this.#host = host
    from.on("data", (chunk: Buffer) => this.#put(chunk))
    from.on("end", () => this.#put(null))
    void this.#run()
  }

  /** Forgets what lies in the pipe. */
  close() {
    this.#closed = true
    this.wake()
  }

  /** Looks at the toxics again, because they changed. */
  wake() {
    for (const resume of this.#waiting) resume()
  }

  #put(chunk: Buffer | null) {
    this.#queue.push({ chunk, at: performance.now() })
    this.#held += chunk?.length ?? 0
    if (this.#held >= room) this.#from.pause()
    this.wake()
  }

  /** The toxic of a kind that is in force here, the newest of several. */
  #find<K extends ToxicKind>(kind: K): Extract<Toxic, { kind: K }> | undefined {
    let found: Extract<Toxic, { kind: K }> | undefined
    for (const toxic of this.#host.toxics()) {
      const applies = !("direction" in toxic) || toxic.direction === undefined || toxic.direction === this.#direction
      if (toxic.kind === kind && applies) found = toxic as Extract<Toxic, { kind: K }>
    }
    return found
  }

  /** Waits for the time to pass, or without one for something to change. */
  #pause(millis?: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const resume = () => {
        clearTimeout(timer)
        this.#waiting.delete(resume)
        resolve()
      }
      if (millis !== undefined) timer = setTimeout(resume, millis)
      this.#waiting.add(resume)
    })
  }

  async #until(at: number) {
    for (;;) {
      const left = at - performance.now()
      if (this.#closed || left <= 0) return
      await this.#pause(left)
    }
  }

  async #run() {
    while (!this.#closed) {
      const item = this.#queue[0]
      if (item === undefined || this.#find("timeout") !== undefined) {
        await this.#pause()
        continue
      }
      const latency = this.#find("latency")
      if (latency !== undefined) {
        const jitter = (latency.jitterMillis ?? 0) * (2 * this.#host.random.next() - 1)
        await this.#until(item.at + latency.millis + jitter)
        // The world may have changed meanwhile: a partition that begins now holds this piece, too.
        if (this.#closed || this.#find("timeout") !== undefined) continue
      }
      this.#queue.shift()
      if (item.chunk === null) {
        const late = this.#find("slow-close")
        if (late !== undefined) await this.#until(performance.now() + late.millis)
        if (!this.#closed) this.#to.end()
        return
      }
      await this.#pass(item.chunk)
      this.#held -= item.chunk.length
      if (this.#held < room) this.#from.resume()
    }
  }

  async #pass(chunk: Buffer) {
    for (let start = 0; start < chunk.length && !this.#closed;) {
      const slicer = this.#find("slicer")
      const bandwidth = this.#find("bandwidth")
      const limit = this.#find("limit-data")
      // A tenth of a second's worth at a time keeps a slow line even.
      const even = bandwidth === undefined ? chunk.length : Math.max(1, Math.floor(bandwidth.bytesPerSecond / 10))
      const left = limit === undefined ? chunk.length : Math.max(0, limit.bytes - this.#passed)
      const slice = chunk.subarray(start, start + Math.min(slicer?.bytes ?? chunk.length, even, left))
      start += slice.length
      this.#passed += slice.length
      if (slice.length > 0) {
        this.#host.passed(this.#direction, slice.length)
        await new Promise<void>((resolve) => this.#to.write(slice, () => resolve()))
      }
      if (limit !== undefined && this.#passed >= limit.bytes) {
        this.#closed = true
        this.#to.end(() => this.#host.close())
        return
      }
      if (bandwidth !== undefined) {
        await this.#until(performance.now() + (slice.length * 1000) / bandwidth.bytesPerSecond)
      }
      if (slicer?.pauseMillis !== undefined) await this.#until(performance.now() + slicer.pauseMillis)
    }
  }
}
