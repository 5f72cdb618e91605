import * as Base64 from "effect/encoding/Base64"
import * as Base64Url from "effect/encoding/Base64Url"
import type { TransportRequest } from "../../delivery/Transport.ts"
import type { Destination } from "../../destination/Destination.ts"
import * as Barrier from "../../store/Barrier.ts"
import { isThrough, type Known } from "./Known.ts"
import type { Ledger } from "./Ledger.ts"
import type { Hmac } from "./SimulatedCrypto.ts"
import type { SimulatedProcess } from "./SimulatedProcess.ts"

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const window = 96 * 3_600_000

/** What is known of a destination: where it was, and which secrets and keys were valid, since when. */
export interface Place {
  readonly id: string
  readonly workspaceId: string
  /** A word that is in every record of its organisation and in none of another's. */
  readonly marker: string
  /** The bytes of the API key's text. */
  readonly apiKey: Uint8Array
  readonly ack: Destination["ack"]
  readonly ordering: Destination["ordering"]
  readonly coalesce: boolean
  /** The bytes that the secrets stand for. */
  readonly secrets: Array<{ readonly key: Uint8Array; readonly from: number }>
  readonly urls: Array<{ readonly url: string; readonly from: number }>
  /** For how long an operator has paused it, so far. */
  paused: { total: number; since: number | null }
}

/** Under which a request is made. */
export interface Circumstances {
  readonly now: number
  readonly mostSkew: number
  /** Whether the process may act on what it read long ago, because it was paused or the store is slow. */
  readonly stale: boolean
}

/** Judges every request at the moment in which it is made. */
export class Observer {
  readonly places: ReadonlyMap<string, Place>
  requests = 0
  readonly #ledger: Ledger
  readonly #hmac: Hmac

  constructor(ledger: Ledger, hmac: Hmac, places: ReadonlyMap<string, Place>) {
    this.#ledger = ledger
    this.#hmac = hmac
    this.places = places
  }

  /** Checks the request; answers with the event that it carries, if it is a known one. */
  judge(process: SimulatedProcess, request: TransportRequest, around: Circumstances): Known | undefined {
    this.requests++
    const text = decoder.decode(request.body)
    const id = request.headers["webhook-id"] ?? ""
    const body = JSON.parse(text) as { readonly eventId: string; readonly eventData: Record<string, unknown> }
    const known = this.#ledger.events.get(id)
    if (known === undefined) {
      this.#ledger.violate("I2 no phantom", `${process.name} sent an event that no transaction committed`, id)
      return undefined
    }
    known.requests++
    const { requestsTo } = this.#ledger
    requestsTo.set(known.event.destinationId, (requestsTo.get(known.event.destinationId) ?? 0) + 1)
    if (body.eventId !== id) this.#ledger.violate("I3 identity", `the body says ${body.eventId}`, id)
    if (known.text === null) known.text = text
    else if (known.text !== text) this.#ledger.violate("I3 identity", "the body differs from the one sent before", id)
    this.#destination(known, request, text, around)
    if (Barrier.isClosing(known.event.type)) {
      this.#barrier(known, body.eventData)
    } else if (known.event.type === "sync.events.processed" && known.event.runId !== null) {
      this.#emitted(known, body.eventData)
    }
    this.#order(known)
    this.#window(known, around)
    return known
  }

  /** Checks that an event that expired had its window; while its destination is paused, the clock stands still. */
  judgeExpiry(id: string, { mostSkew, now }: Circumstances): void {
    const known = this.#ledger.events.get(id)
    if (known === undefined || known.windowFrom === null) return
    const place = this.places.get(known.event.destinationId)
    const paused = place === undefined ? 0 : pausedFor(place, now) - known.pausedBefore
    const had = now - known.windowFrom - paused
    if (had >= window - 2 * mostSkew - 60_000) return
    this.#ledger.violate("I11 window", `expired ${(had / 3_600_000).toFixed(2)} h after its window began`, id)
  }

  #destination(known: Known, request: TransportRequest, text: string, around: Circumstances): void {
    const { event } = known
    const host = new URL(request.url).hostname.split(".")[0]!
    const place = this.places.get(event.destinationId)
    if (place === undefined || host !== place.id || place.workspaceId !== event.workspaceId) {
      return this.#ledger.violate("I7 isolation", `an event of ${event.destinationId} went to ${host}`, event.id)
    }
    for (const other of this.places.values()) {
      if (other.marker !== place.marker && text.includes(other.marker)) {
        this.#ledger.violate("I7 isolation", `${event.id} has data of ${other.workspaceId}`, event.id)
      }
    }
    const current = latest(place.urls, around)
    if (!current.some(({ url }) => url === request.url)) {
      this.#ledger.violate("F-43 url", `sent to ${request.url} instead of ${current.at(-1)?.url}`, event.id)
    }
    // Verifying costs more than all the rest: the first attempt of each event, and every third of the others.
    if (known.requests === 1 || this.requests % 3 === 0) this.#verify(place, request, event.id, around)
  }

  #verify(place: Place, request: TransportRequest, id: string, around: Circumstances): void {
    const { headers, body } = request
    const stamp = headers["webhook-timestamp"] ?? ""
    const head = encoder.encode(`${id}.${stamp}.`)
    const content = new Uint8Array(head.length + body.length)
    content.set(head)
    content.set(body, head.length)
    const sent = (headers["webhook-signature"] ?? "").split(" ")
    const verifies = latest(place.secrets, around).some(({ key }) =>
      sent.includes(`v1,${Base64.encode(this.#hmac(key, content))}`)
    )
    if (!verifies) this.#ledger.violate("I12 verifiable", "no Standard Webhooks signature verifies", id)
    const knit = Base64Url.encode(this.#hmac(place.apiKey, body))
    if (headers["X-Knit-Signature"] !== knit) {
      this.#ledger.violate("I12 verifiable", "X-Knit-Signature does not verify", id)
    }
    const late = Math.abs(Number(stamp) * 1000 - around.now)
    if (!/^\d+$/.test(stamp) || late > around.mostSkew + 2000) {
      this.#ledger.violate("I12 verifiable", `webhook-timestamp ${stamp} is ${late} ms off`, id)
    }
  }

  #barrier({ books, event }: Known, data: Record<string, unknown>): void {
    const runId = event.runId ?? event.origin?.runId ?? ""
    const run = this.#ledger.runs.get(runId)
    if (run === undefined) return this.#ledger.violate("I4 barrier", "it closes a run that there is not", event.id)
    const others = run.events.filter((one) => !Barrier.isClosing(one.event.type))
    const whole = event.type === "sync.events.allConsumed"
    const about = [event.id, runId]
    if (run.ended !== "processed")
      this.#ledger.violate("I4 barrier", `sent for a run that ended as ${run.ended}`, ...about)
    if (
      (event.origin?.eventId ?? null) === null &&
      run.events.filter((one) => one.event.type === event.type).length > 1
    )
      this.#ledger.violate("I4 barrier", "two events close one run", ...about)
    for (const one of others) {
      if (isThrough(one) || (!whole && one.settled !== null)) continue
      this.#ledger.violate(
        "I4 barrier",
        `${event.type} was sent while ${one.event.id} is ${one.settled ?? "pending"}`,
        ...about,
        one.event.id
      )
    }
    if (data["emitted"] !== books?.emitted || data["consumed"] !== books?.consumed) {
      const told = `emitted ${String(data["emitted"])}, consumed ${String(data["consumed"])}`
      this.#ledger.violate("I9 books balance", `${told}, but it was ${books?.emitted} and ${books?.consumed}`, ...about)
    }
  }

  #emitted({ event }: Known, data: Record<string, unknown>): void {
    const records = this.#ledger.run(event.runId ?? "").events.filter((one) => one.event.record !== null).length
    if (data["emitted"] !== records) {
      this.#ledger.violate("I9 books balance", `emitted ${String(data["emitted"])}, but it is ${records}`, event.id)
    }
  }

  #order({ event }: Known): void {
    const ordering = this.places.get(event.destinationId)?.ordering
    if (ordering === "none") return
    if (ordering === "run" && event.runId !== null && !Barrier.isClosing(event.type)) {
      for (const one of this.#ledger.run(event.runId).events) {
        if (one.event.id === event.id) break
        if (one.settled !== null) continue
        this.#ledger.violate("order", `sent before ${one.event.id} of the same run was settled`, event.id, one.event.id)
      }
    }
    if (event.record === null || event.sequence === null) return
    const earlier = this.#ledger.records.get(`${event.jobId}/${event.record}`)
    for (const [sequence, one] of earlier ?? []) {
      if (sequence >= event.sequence || one.settled !== null) continue
      this.#ledger.violate(
        "order",
        `sent before ${one.event.id} of the same record was settled`,
        event.id,
        one.event.id
      )
    }
  }

  #window(known: Known, around: Circumstances): void {
    const { id, destinationId } = known.event
    const place = this.places.get(destinationId)
    if (known.windowBy === null || known.attempts < 5) return
    const paused = place === undefined ? 0 : pausedFor(place, around.now) - known.pausedBefore
    // A minute of grace, and what passes between a claim and its request.
    const end = known.windowBy + window + paused + 2 * around.mostSkew + 120_000
    if (around.now <= end) return
    const hours = ((around.now - known.windowBy) / 3_600_000).toFixed(2)
    this.#ledger.violate("I11 window", `attempt ${known.attempts + 1} was made ${hours} h after the first`, id)
  }
}

/** How long an operator has paused the destination until now. */
export const pausedFor = ({ paused }: Place, now: number): number =>
  paused.total + (paused.since === null ? 0 : now - paused.since)

/** The values that may be in use: the latest, those of the last half minute, all for a process that may be behind. */
const latest = <A extends { readonly from: number }>(values: ReadonlyArray<A>, { now, stale }: Circumstances) =>
  stale ? values : values.filter((_, at) => at === values.length - 1 || values[at + 1]!.from > now - 30_000)
