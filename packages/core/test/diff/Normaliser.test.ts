import { assert, describe, it } from "vitest"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import * as VirtualFilter from "../../src/filter/VirtualFilter.ts"
import { normaliser, resource, type Row } from "./Rows.ts"

const row: Row = { mail: "a@example.test", id: "a", amount: 1, name: "A", address: { zip: "1", city: "X" } }
const of = (by: ReturnType<typeof normaliser>, raw: unknown) =>
  Result.getOrThrowWith(
    by.normalise(
      Result.getOrThrowWith(by.identify(raw), (why) => new Error(why)),
      0
    ),
    (why) => new Error(why)
  )
const text = (by: ReturnType<typeof normaliser>, raw: unknown = row) => JSON.parse(of(by, raw).text) as unknown

describe("what leaves", () => {
  it("is in the schema's order, whatever the row's", () => {
    const expected =
      '{"profile":{"id":"a","name":"A","mail":"a@example.test","address":{"city":"X","zip":"1"},"status":"ACTIVE"},"pay":{"amount":1}}'
    assert.strictEqual(of(normaliser(), row).text, expected)
    const shuffled = Object.fromEntries(Object.entries(row).reverse())
    assert.strictEqual(of(normaliser(), shuffled).text, expected)
    assert.strictEqual(of(normaliser(), shuffled).models, of(normaliser(), row).models)
  })

  it("has the subscribed models only; the core decides activity all the same", () => {
    const by = normaliser({ models: ["pay"] })
    assert.deepStrictEqual(text(by), { pay: { amount: 1 } })
    assert.strictEqual(of(by, { ...row, status: "INACTIVE" }).unwanted, "inactive")
    assert.isNull(of(normaliser({ includeInactive: true }), { ...row, status: "INACTIVE" }).unwanted)
  })

  it("has no excluded field, in body, fingerprint or identifiers, but the filter still sees it", () => {
    const filter = VirtualFilter.compile({
      type: "string_operator",
      data: "eq",
      left: { type: "key", data: "profile.mail" },
      right: { type: "value_string", data: "a@example.test" }
    })
    if (typeof filter !== "function") throw new Error(filter.message)
    const by = normaliser({ exclude: ["$.profile.mail", "$.profile.address.zip"], filter })
    assert.deepStrictEqual((text(by) as { profile: unknown }).profile, {
      id: "a",
      name: "A",
      address: { city: "X" },
      status: "ACTIVE"
    })
    assert.deepStrictEqual(of(by, row).identifiers, { employeeId: "a", mail: null })
    assert.isNull(of(by, row).unwanted)
    assert.strictEqual(of(by, { ...row, mail: "b" }).unwanted, "out_of_filter")
    assert.strictEqual(of(by, { ...row, mail: "b" }).models, of(by, row).models)
  })

  it("has nothing of a model that is excluded as a whole, not even in identifiers", () => {
    const by = normaliser({ exclude: ["$.profile"] })
    assert.deepStrictEqual(text(by), { pay: { amount: 1 } })
    assert.deepStrictEqual(of(by, row).identifiers, { employeeId: "a", mail: null })
  })
})

describe("fingerprints", () => {
  const changes = (by: ReturnType<typeof normaliser>, change: Row) =>
    of(by, row).models !== of(by, { ...row, ...change }).models

  it("ignore what is volatile", () => {
    const by = normaliser({ resource: resource({ volatile: { raw: ["at"], record: ["profile.mail"] } }) })
    assert.isFalse(changes(by, { mail: "other" }))
    assert.isTrue(changes(by, { name: "other" }))
    const raw = (at: number) => Result.getOrThrow(by.identify({ ...row, at })).raw
    assert.strictEqual(raw(1), raw(2))
  })

  it("look at watched fields only", () => {
    const by = normaliser({ watchFields: ["$.profile.address.city"] })
    assert.isFalse(changes(by, { name: "other", amount: 7 }))
    assert.isFalse(changes(by, { address: { city: "X", zip: "2" } }))
    assert.isTrue(changes(by, { address: { city: "Y", zip: "1" } }))
    assert.isTrue(changes(normaliser({ watchFields: ["$.pay"] }), { amount: 7 }))
  })

  it("change their mapper with the version and with every part of what is asked for", () => {
    const mappers = [
      {},
      { resource: resource({ mapperVersion: 2 }) },
      { models: ["profile"] },
      { exclude: ["$.pay"] },
      { watchFields: ["$.pay"] },
      { includeInactive: true },
      { filterText: "{}" }
    ].map((change) => normaliser(change).mapper)
    assert.strictEqual(new Set(mappers).size, mappers.length)
    assert.isTrue(mappers.every(Number.isSafeInteger))
  })

  it("are keyed", () => {
    assert.notStrictEqual(normaliser().key("a"), "a")
    assert.match(normaliser().key("a"), /^[A-Za-z0-9_-]{22}$/)
  })
})

describe("rows that cannot be read", () => {
  const canary = "canary-7f3a"
  const poison = fc.oneof(
    fc.constantFrom(canary, `${canary} `, 7, true, [canary], { [`x`]: canary }, { city: canary }, [[{ id: canary }]]),
    fc.anything().map((value) => [canary, value])
  )

  it("never give a value away in the sentence that says why", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            id: fc.oneof(fc.constant(canary), poison),
            name: poison,
            mail: poison,
            address: poison,
            status: poison,
            amount: poison
          },
          { requiredKeys: [] }
        ),
        (bad) => {
          const by = normaliser()
          const identified = by.identify(bad)
          const outcome: Result.Result<unknown, string> = Result.flatMap(identified, (incoming) =>
            by.normalise(incoming, 0)
          )
          if (Result.isFailure(outcome)) assert.notInclude(outcome.failure, canary)
        }
      ),
      { seed: 2, numRuns: 400 }
    )
  })

  it("say so when the connector's code throws, whatever it throws", () => {
    const throws = () => {
      throw new Error(canary)
    }
    assert.deepStrictEqual(
      normaliser({ resource: resource({ recordId: throws }) }).identify(row),
      Result.fail("its id cannot be read")
    )
    const by = normaliser({ resource: resource({ toRecord: throws }) })
    assert.deepStrictEqual(
      by.normalise(Result.getOrThrow(by.identify(row)), 0),
      Result.fail("the connector could not map it")
    )
    const undated = normaliser({ resource: resource({ updatedAt: throws }) })
    assert.isUndefined(
      Result.getOrThrow(undated.identify(row)).updatedAt,
      "a date that cannot be read is no reason to stop a run"
    )
  })
})
