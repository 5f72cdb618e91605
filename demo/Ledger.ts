import type { makeApi } from "./CrochetApi.ts"
import type { Received } from "./Receiver.ts"

type Api = ReturnType<typeof makeApi>

/** One line of the books: an event type of a run, as Crochet's log has it and as the receiver saw it. */
export interface Line {
  readonly run: string
  readonly eventType: string
  readonly sent: number
  readonly received: number
  readonly knit: number
  readonly standard: number
  readonly acknowledged: number
}

/** Crochet's event log beside what the receiver got. */
export const booksOf = async (
  api: Api,
  integrationId: string,
  runs: ReadonlyMap<string, string>,
  received: ReadonlyArray<Received>
): Promise<ReadonlyArray<Line>> => {
  const log = await api.all("events.list", "events", {}, integrationId)
  const lines = new Map<string, { -readonly [K in keyof Line]: Line[K] }>()
  const lineOf = (runId: unknown, eventType: unknown) => {
    const run = runs.get(String(runId)) ?? "(none)"
    const key = `${run} ${eventType}`
    const line = lines.get(key) ?? {
      run,
      eventType: String(eventType),
      sent: 0,
      received: 0,
      knit: 0,
      standard: 0,
      acknowledged: 0
    }
    lines.set(key, line)
    return line
  }
  // Newest first: the books read better from the beginning.
  for (const event of log.reverse()) {
    const line = lineOf(event.syncRunId, event.eventType)
    line.sent++
    if (event.state === "acknowledged") line.acknowledged++
  }
  for (const event of received) {
    const line = lineOf(event.syncRunId, event.eventType)
    line.received++
    if (event.knit) line.knit++
    if (event.standard) line.standard++
  }
  return [...lines.values()]
}
