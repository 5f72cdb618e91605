import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ofType, withAccount, type Account } from "./Account.ts"

const rename = ({ app }: Account, id: string, name: string) => {
  app.people = app.people.map((person) => (person.id === id ? { ...person, name } : person))
}

describe("coalescing", () => {
  it.effect("sends the newest of several waiting states, and every run's books still balance", () =>
    withAccount(
      (account) =>
        Effect.gen(function* () {
          const { books, inbox, received, state } = account
          yield* account.sync()
          inbox.answer = () => 500
          const runs: Array<string> = []
          for (const name of ["A", "B", "C"]) {
            rename(account, "p1", name)
            runs.push(yield* account.sync({ syncType: "delta_sync" }))
          }
          const waiting = [...state.events.values()].filter(({ record }) => record.type === "record.modified")
          assert.deepStrictEqual(
            waiting.map(({ record }) => record.state),
            ["coalesced", "coalesced", "pending"]
          )
          assert.strictEqual(waiting[1]!.record.replacedBy, waiting[2]!.record.id)
          inbox.answer = () => 200
          yield* TestClock.adjust("3 minutes")
          yield* account.run
          assert.deepStrictEqual(
            received().filter((one) => one.includes("/p1/")),
            ["record.new/p1/1", "record.modified/p1/4"],
            "the gap in the sequence is what was coalesced"
          )
          assert.deepStrictEqual(books(runs[0]!), ["completed", 1, 0, 1, 0, 0])
          assert.deepStrictEqual(books(runs[2]!), ["completed", 1, 1, 0, 0, 0])
          const said = ofType(account, "sync.events.allConsumed").map((event) => [
            event.syncRunId,
            event.eventData["consumed"],
            event.eventData["coalesced"]
          ])
          assert.deepStrictEqual(
            said.filter(([id]) => runs.includes(String(id))).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
            [
              [runs[0], 0, 1],
              [runs[1], 0, 1],
              [runs[2], 1, undefined]
            ]
          )
        }),
      {},
      { coalesce: true }
    )
  )

  it.effect("lets a deletion take the place of a change, but nothing that of a new record", () =>
    withAccount(
      (account) =>
        Effect.gen(function* () {
          const { app, inbox, received } = account
          inbox.answer = (event) => (event.recordId === "p0" ? 500 : 200)
          yield* account.sync()
          rename(account, "p0", "Changed")
          yield* account.sync({ syncType: "delta_sync" })
          app.people = app.people.filter(({ id }) => id !== "p0")
          yield* account.sync({ syncType: "delta_sync" })
          inbox.answer = () => 200
          yield* TestClock.adjust("10 minutes")
          yield* account.run
          assert.deepStrictEqual(
            received().filter((one) => one.includes("/p0/")),
            ["record.new/p0/1", "record.deleted/p0/3"]
          )
        }),
      {},
      { coalesce: true }
    )
  )

  it.effect("is off unless the destination asks for it", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { inbox, received } = account
        yield* account.sync()
        inbox.answer = () => 500
        for (const name of ["A", "B"]) {
          rename(account, "p1", name)
          yield* account.sync({ syncType: "delta_sync" })
        }
        inbox.answer = () => 200
        yield* TestClock.adjust("10 minutes")
        assert.deepStrictEqual(
          received().filter((one) => one.includes("/p1/")),
          ["record.new/p1/1", "record.modified/p1/2", "record.modified/p1/3"]
        )
      })
    )
  )
})

describe("order by run", () => {
  it.effect(
    "sends a run's events one after the other, the last one last, and what waits follows the mode at once",
    () =>
      withAccount(
        (account) =>
          Effect.gen(function* () {
            const { destinationId, destinations, inbox, principal } = account
            inbox.answer = (event) => (event.recordId === "p0" ? 500 : 200)
            yield* account.sync()
            assert.deepStrictEqual(
              inbox.events.filter((event) => event.eventType !== "app.integration.activate"),
              []
            )
            yield* destinations.update(principal, { destinationId, ordering: "record" })
            yield* account.run
            assert.deepStrictEqual([...account.received()].sort(), ["record.new/p1/1", "record.new/p2/1"])
            yield* destinations.update(principal, { destinationId, ordering: "run" })
            inbox.answer = () => 200
            inbox.events.length = 0
            yield* account.sync()
            yield* TestClock.adjust("5 minutes")
            yield* account.run
            const second = inbox.events.filter((event) => event.syncRunId !== undefined).map((event) => event.eventType)
            assert.strictEqual(second.at(-1), "sync.events.allConsumed")
          }),
        {},
        { ordering: "run" }
      )
  )
})
