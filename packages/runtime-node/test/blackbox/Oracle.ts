import type { BambooHRSimulator } from "@crochet/simulators"
import { assert } from "@effect/vitest"
import type { Arrival, Inbox } from "./Inbox.ts"

/** How long before a kill an acknowledged event may have been acknowledged and still come again: a group's commit. */
const commitMillis = 1000

/** Everything that must hold of what a receiver saw, whatever happened to the sender. */
export const assertDelivered = (inbox: Inbox): void => {
  const byId = new Map<string, Array<Arrival>>()
  for (const arrival of inbox.arrivals) {
    const { eventId } = arrival.event
    assert.isTrue(arrival.knit && arrival.standard, `both signatures of ${eventId}`)
    assert.strictEqual(arrival.headers["webhook-id"], eventId)
    assert.strictEqual(JSON.stringify(JSON.parse(arrival.text)), arrival.text, "the body is a fixed point")
    byId.set(eventId, [...(byId.get(eventId) ?? []), arrival])
  }
  for (const [eventId, [first, ...again]] of byId) {
    for (const { text } of again) assert.strictEqual(text, first!.text, `the body of ${eventId} is the same each time`)
  }
  // Of each record, in the order of first arrival: 1, 2, 3 …, because a later event waits for the earlier one.
  const sequences = new Map<string, Array<string>>()
  for (const [first] of byId.values()) {
    const { recordId, sequence } = first!.event
    if (recordId === undefined) continue
    const key = `${first!.headers["x-knit-integration-id"]} ${recordId}`
    sequences.set(key, [...(sequences.get(key) ?? []), String(sequence)])
  }
  for (const [record, seen] of sequences) {
    const gapless = seen.map((_, at) => String(at + 1))
    assert.deepStrictEqual(seen, gapless, `sequences of record ${record}`)
  }
}

/** The events of a run by their first arrival, each once. */
export const eventsOf = (inbox: Inbox, syncRunId: string): ReadonlyArray<Arrival> => {
  const found = new Map<string, Arrival>()
  for (const arrival of inbox.ofRun(syncRunId)) {
    if (!found.has(arrival.event.eventId)) found.set(arrival.event.eventId, arrival)
  }
  return [...found.values()]
}

/** That the run sent exactly these record events, and then, once everything was acknowledged, the one that closes it. */
export const assertRun = (
  inbox: Inbox,
  syncRunId: string,
  expected: { readonly [eventType: string]: Iterable<string> }
): void => {
  const events = eventsOf(inbox, syncRunId)
  const numeric = (ids: Iterable<string>) => [...ids].sort((a, b) => Number(a) - Number(b))
  let records = 0
  for (const eventType of ["record.new", "record.modified", "record.deleted"]) {
    const ids = events.filter(({ event }) => event.eventType === eventType).map(({ event }) => String(event.recordId))
    records += ids.length
    assert.deepStrictEqual(numeric(ids), numeric(expected[eventType] ?? []), `${eventType} of ${syncRunId}`)
  }
  const [closing, ...more] = events.filter(({ event }) => event.eventType === "sync.events.allConsumed")
  assert.isDefined(closing, "sync.events.allConsumed came")
  assert.lengthOf(more, 0, "one allConsumed for a run")
  assert.strictEqual(closing.event.eventData["emitted"], records)
  assert.strictEqual(closing.event.eventData["consumed"], records)
  assert.strictEqual(closing.event.eventData["complete"], true)
  for (const { event } of events) {
    if (event.eventId === closing.event.eventId) continue
    const acknowledged = inbox.arrivals.some(
      (arrival) =>
        arrival.event.eventId === event.eventId && arrival.answered?.status === 200 && arrival.answered.at <= closing.at
    )
    assert.isTrue(acknowledged, `${event.eventType} ${event.eventId} was acknowledged before allConsumed`)
  }
  for (const eventType of ["sync.events.processed", "sync.events.allEmitted"]) {
    const [one, ...others] = events.filter(({ event }) => event.eventType === eventType)
    assert.isDefined(one, `${eventType} came`)
    assert.lengthOf(others, 0, `one ${eventType} for a run`)
    assert.strictEqual(one.event.eventData["emitted"], records)
  }
}

/**
 * Repetitions, by the process that was alive for the earlier delivery. None within one process, and of what was
 * acknowledged only what was so at the very moment of the kill.
 */
export const repetitions = (inbox: Inbox, diedAt: ReadonlyArray<number>): ReadonlyArray<number> => {
  const counts = diedAt.map(() => 0)
  const last = new Map<string, Arrival>()
  for (const arrival of inbox.arrivals) {
    const { eventId } = arrival.event
    const earlier = last.get(eventId)
    last.set(eventId, arrival)
    if (earlier === undefined) continue
    const died = diedAt[earlier.generation]
    assert.isTrue(
      died !== undefined && earlier.generation < arrival.generation,
      `${eventId} came twice from one process`
    )
    counts[earlier.generation]!++
    const since = died! - (earlier.answered?.at ?? earlier.at)
    assert.isBelow(since, commitMillis, `${eventId} was acknowledged ${since} ms before the kill and came again`)
  }
  return counts
}

/** Ids of everybody who works there. */
export const activeIds = ({ control }: BambooHRSimulator): Array<string> =>
  control.list({ status: "Active" }).map(({ id }) => id)

const midnight = (date: string | null) => (date === null || date === "" ? null : `${date}T00:00:00.000Z`)

/** That the newest event of each active employee says what the app says. */
export const assertContent = (inbox: Inbox, { control }: BambooHRSimulator): void => {
  const newest = new Map<string, Arrival>()
  for (const arrival of inbox.arrivals) {
    const { recordId, sequence } = arrival.event
    if (recordId === undefined) continue
    if (Number(sequence) >= Number(newest.get(recordId)?.event.sequence ?? 0)) newest.set(recordId, arrival)
  }
  for (const person of control.list({ status: "Active" })) {
    const data = newest.get(person.id)?.event.eventData as {
      readonly profile: Record<string, unknown>
      readonly orgStructure: Record<string, unknown> & { readonly manager: { readonly id: string } | null }
      readonly compensation: { readonly fixed: ReadonlyArray<Record<string, unknown>> }
    }
    assert.isDefined(data, `employee ${person.id} came`)
    const pay = data.compensation.fixed.find((one) => one["isCurrent"] === "TRUE")
    assert.deepStrictEqual(
      {
        firstName: data.profile["firstName"],
        lastName: data.profile["lastName"],
        workEmail: data.profile["workEmail"],
        startDate: data.profile["startDate"],
        status: data.profile["employmentStatus"],
        title: data.orgStructure["designation"],
        department: data.orgStructure["department"],
        manager: data.orgStructure.manager?.id ?? null,
        pay: pay === undefined ? null : `${Number(pay["amount"]).toFixed(2)} ${pay["currency"]}`
      },
      {
        firstName: person.firstName,
        lastName: person.lastName,
        workEmail: person.workEmail,
        startDate: midnight(person.hireDate),
        status: "ACTIVE",
        title: person.jobTitle,
        department: person.department,
        manager: person.managerId,
        pay: person.payRate
      },
      `employee ${person.id}`
    )
  }
}
