import assert from "node:assert/strict"
import { Dispatcher } from "@crochet/core"
import type { BambooHRSimulator } from "@crochet/simulators"
import type { Arrival, Inbox } from "./Inbox.ts"

/** Answers that the sender may have got and not yet written when it dies: a group, and the one that gathers meanwhile. */
const unwritten = 2 * Dispatcher.defaults.groupSize
/** So many events at most come again after a kill: those, and the requests that are under way to one destination. */
export const mostRepeated = Dispatcher.defaults.concurrency + unwritten

/** Everything that must hold of what a receiver saw, whatever happened to the sender. */
export const assertDelivered = (inbox: Inbox): void => {
  const byId = new Map<string, Array<Arrival>>()
  for (const arrival of inbox.arrivals) {
    const { eventId } = arrival.event
    assert.ok(arrival.knit && arrival.standard, `both signatures of ${eventId}`)
    assert.equal(arrival.headers["webhook-id"], eventId)
    assert.equal(JSON.stringify(JSON.parse(arrival.text)), arrival.text, "the body is a fixed point")
    byId.set(eventId, [...(byId.get(eventId) ?? []), arrival])
  }
  for (const [eventId, [first, ...again]] of byId) {
    for (const { text } of again) assert.equal(text, first!.text, `the body of ${eventId} is the same each time`)
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
    assert.deepEqual(seen, gapless, `sequences of record ${record}`)
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
    assert.deepEqual(numeric(ids), numeric(expected[eventType] ?? []), `${eventType} of ${syncRunId}`)
  }
  const [closing, ...more] = events.filter(({ event }) => event.eventType === "sync.events.allConsumed")
  assert.ok(closing !== undefined, "sync.events.allConsumed came")
  assert.equal(more.length, 0, "one allConsumed for a run")
  assert.equal(closing.event.eventData["emitted"], records)
  assert.equal(closing.event.eventData["consumed"], records)
  assert.equal(closing.event.eventData["complete"], true)
  const acknowledged = new Set<string>()
  for (const { answered, event } of inbox.ofRun(syncRunId)) {
    if (answered?.status === 200 && answered.at <= closing.at) acknowledged.add(event.eventId)
  }
  for (const { event } of events) {
    if (event.eventId === closing.event.eventId) continue
    assert.ok(
      acknowledged.has(event.eventId),
      `${event.eventType} ${event.eventId} was acknowledged before allConsumed`
    )
  }
  for (const eventType of ["sync.events.processed", "sync.events.allEmitted"]) {
    const [one, ...others] = events.filter(({ event }) => event.eventType === eventType)
    assert.ok(one !== undefined, `${eventType} came`)
    assert.equal(others.length, 0, `one ${eventType} for a run`)
    assert.equal(one.event.eventData["emitted"], records)
  }
}

/**
 * Repetitions, by the process that had delivered the event before. None within one process; of what a killed one was
 * answered, only the very last answers, which it had no time to write.
 */
export const repetitions = (
  inbox: Inbox,
  kills: number,
  /** Told of what a living process sent again, which is its right when its leases passed. */
  again: (what: string) => void = (what) => assert.fail(what)
): ReadonlyArray<number> => {
  const counts = Array.from({ length: kills }, () => 0)
  const last = new Map<string, Arrival>()
  /** The place of each acknowledgement among those of its process, counted from the last. */
  const fromLast = new Map<Arrival, number>()
  for (const generation of counts.keys()) {
    const answered = inbox.acknowledged().filter((arrival) => arrival.generation === generation)
    answered.sort((a, b) => b.answered!.at - a.answered!.at)
    for (const [at, arrival] of answered.entries()) fromLast.set(arrival, at)
  }
  for (const arrival of inbox.arrivals) {
    const { eventId } = arrival.event
    const earlier = last.get(eventId)
    last.set(eventId, arrival)
    // What was refused is tried again, by whatever process.
    if (earlier === undefined || (earlier.answered !== null && earlier.answered.status !== 200)) continue
    const apart = `after ${(arrival.at - earlier.at).toFixed(0)} ms, answered ${JSON.stringify(earlier.answered)}`
    if (earlier.generation >= arrival.generation) {
      again(`${eventId} came twice from one process, ${apart}`)
      continue
    }
    counts[earlier.generation]!++
    assert.ok(
      (fromLast.get(earlier) ?? 0) < unwritten,
      `${eventId} was acknowledged long before the kill and came again`
    )
  }
  for (const [at, count] of counts.entries()) {
    assert.ok(count <= mostRepeated, `repetitions after kill ${at + 1}`)
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
    assert.ok(data !== undefined, `employee ${person.id} came`)
    const pay = data.compensation.fixed.find((one) => one["isCurrent"] === "TRUE")
    assert.deepEqual(
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
