import type { Expected, Words } from "./App.ts"
import type { Search } from "./Canaries.ts"
import type { Line } from "./Ledger.ts"
import type { Received } from "./Receiver.ts"

/** A claim and whether it held. */
export interface Check {
  readonly claim: string
  readonly holds: boolean
  /** What was found instead. */
  readonly found?: string
}

const check = (claim: string, holds: boolean, found?: () => string): Check => ({
  claim,
  holds,
  ...(holds || found === undefined ? {} : { found: found() })
})

const sorted = (ids: Iterable<string>) => [...ids].sort().join(",")

/** That exactly these records came with the event type, once each. */
const exactly = (
  claim: string,
  received: ReadonlyArray<Received>,
  runId: string,
  eventType: string,
  expected: Iterable<string>
): Check => {
  const ids = received
    .filter((event) => event.syncRunId === runId && event.eventType === eventType)
    .map(({ recordId }) => recordId ?? "?")
  const wanted = [...expected]
  return check(
    claim,
    sorted(ids) === sorted(wanted),
    () => `${ids.length} came instead of ${wanted.length}: ${sorted(ids).slice(0, 200)}`
  )
}

/** That `allConsumed` came after everything else of its run, and that its counts are those of what came. */
const barrierHeld = (received: ReadonlyArray<Received>, runId: string, name: string): Check => {
  const ofRun = received.filter((event) => event.syncRunId === runId)
  const records = ofRun.filter(({ eventType }) => eventType.startsWith("record.")).length
  const last = ofRun.at(-1)
  const { consumed, emitted } = last?.eventData ?? {}
  const counts = `emitted ${emitted}, consumed ${consumed}, received ${records}`
  return check(
    `sync.events.allConsumed was the last event of the ${name}, and its counts agree (${counts})`,
    last?.eventType === "sync.events.allConsumed" && emitted === records && consumed === records,
    () => `the last was ${last?.eventType}; ${counts}`
  )
}

const nowhere = (when: string, found: Search | undefined): Check => {
  const size = Math.round((found?.bytes ?? 0) / 1024).toLocaleString("en-US")
  return check(
    `${when}, database, WAL and log (${size} KiB) held none of ${found?.needles.toLocaleString("en-US")} personal values: ${found?.hits.size} hits`,
    found !== undefined && found.hits.size === 0,
    () =>
      found === undefined
        ? "the search was not made"
        : [...found.hits]
            .slice(0, 5)
            .map(([text, where]) => `${text} in ${where.join(", ")}`)
            .join("; ")
  )
}

/** Everything that the demo says about Crochet, held against what was seen. */
export const claims = (seen: {
  readonly words: Words
  readonly received: ReadonlyArray<Received>
  readonly books: ReadonlyArray<Line>
  readonly initial: { readonly runId: string; readonly expected: ReadonlySet<string> }
  readonly delta: { readonly runId: string; readonly expected: Expected }
  readonly refusesForgery: boolean
  readonly leftOvers: { readonly bodies: number; readonly runKeys: number }
  /** The same search in the events themselves, where it must find. */
  readonly control: Search
  readonly midway: Search | undefined
  readonly final: Search
}): ReadonlyArray<Check> => {
  const { books, control, delta, initial, received, words } = seen
  const { expected } = delta
  const reasons = received
    .filter(({ eventType }) => eventType === "record.deleted")
    .map(({ eventData, recordId }) => `${recordId} ${eventData.reason}`)
    .sort()
  const unsigned = received.filter(({ knit, standard }) => !knit || !standard).length
  return [
    exactly(
      `the initial sync sent record.new for each of ${initial.expected.size} ${words.present}`,
      received,
      initial.runId,
      "record.new",
      initial.expected
    ),
    exactly(
      `the delta sent record.new for each of ${expected.new.size} ${words.added}`,
      received,
      delta.runId,
      "record.new",
      expected.new
    ),
    exactly(
      `the delta sent record.modified for each of ${expected.modified.size} ${words.changed}`,
      received,
      delta.runId,
      "record.modified",
      expected.modified
    ),
    exactly(
      `the delta sent record.deleted for each of ${expected.deleted.size} ${words.gone}`,
      received,
      delta.runId,
      "record.deleted",
      expected.deleted.keys()
    ),
    check(
      `each record.deleted said why: ${[...new Set(expected.deleted.values())].join(" or ") || "there was none"}`,
      reasons.join() ===
        [...expected.deleted]
          .map(([id, reason]) => `${id} ${reason}`)
          .sort()
          .join(),
      () => reasons.join()
    ),
    check(
      `all ${received.length} requests carried both signatures; a changed body was refused by both checks`,
      unsigned === 0 && seen.refusesForgery,
      () => `${unsigned} without; forgery refused: ${seen.refusesForgery}`
    ),
    check(
      "everything that was sent was received once, and acknowledged",
      books.every((line) => line.sent === line.received && line.sent === line.acknowledged),
      () => "see the table"
    ),
    barrierHeld(received, initial.runId, "initial sync"),
    barrierHeld(received, delta.runId, "delta"),
    check(
      "after the acknowledgements no body is left, and the keys that sealed them are destroyed",
      seen.leftOvers.bodies === 0 && seen.leftOvers.runKeys === 0,
      () => JSON.stringify(seen.leftOvers)
    ),
    check(
      `the search finds people where they are: ${control.hits.size.toLocaleString("en-US")} of ${control.needles.toLocaleString("en-US")} values in the events`,
      control.hits.size > control.needles / 2,
      () => "too few for the search to mean anything"
    ),
    nowhere("in the middle of the initial sync", seen.midway),
    nowhere("at the end", seen.final)
  ]
}
