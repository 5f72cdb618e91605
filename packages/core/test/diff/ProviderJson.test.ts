import { DataType, Field } from "@crochet/core"
import { Effect, Result, Schema } from "effect"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { identify } from "../../src/diff/PageDiff.ts"
import * as Envelope from "../../src/event/Envelope.ts"
import { jsonOf } from "../../src/provider/JsonAnswer.ts"
import { normaliser, resource } from "./Rows.ts"

/** A record of which one field is text, one a number, and the rest whatever the app has. */
const Thing = DataType.make({
  id: "employee",
  category: "HRIS",
  title: "Thing",
  models: {
    thing: DataType.model({
      id: "thing",
      title: "Thing",
      schema: Schema.Struct({ text: Field.text(), number: Field.number(), extra: Field.openMap() })
    })
  },
  core: ["thing"],
  isActive: () => true,
  identifiers: (recordId) => ({ employeeId: recordId })
})

type Row = { readonly id: string; readonly text?: unknown; readonly number?: unknown; readonly extra?: unknown }
const by = normaliser({
  models: ["thing"],
  resource: resource({
    dataType: Thing,
    recordId: (row) => (row as Row).id,
    toRecord: (row) => {
      const { extra, number, text } = row as Row
      return { thing: { text, number, extra: extra ?? {} } } as never
    }
  })
})
const canary = "canary-4f1b"

interface Delivered {
  readonly body: string
  readonly thing: { readonly text: unknown; readonly number: unknown; readonly extra: unknown }
}

/** What becomes of an answer with one record: the body that would be sent, or why not. */
const through = (answer: string): { readonly delivered: Delivered } | { readonly reason: string } => {
  const parsed = Effect.runSync(
    Effect.result(jsonOf({ status: 200, headers: {}, text: answer }) as Effect.Effect<unknown, { message?: string }>)
  )
  if (Result.isFailure(parsed)) return { reason: parsed.failure.message ?? "" }
  const { incoming, quarantined } = identify([parsed.success], by)
  const [first] = incoming.values()
  if (first === undefined) return { reason: [...quarantined.keys()].join() }
  const normalised = by.normalise(first, 0)
  if (Result.isFailure(normalised)) return { reason: normalised.failure }
  const body = Envelope.ofRecord(
    {
      eventId: "ev_1",
      eventType: "record.new",
      syncType: "delta_sync",
      syncDataType: "employee",
      syncJobId: "job_1",
      syncRunId: "run_1",
      appId: "app",
      originOrgId: "org",
      occurredAt: 0,
      recordId: first.recordId,
      sequence: 1
    },
    normalised.success.text
  )
  const { eventData } = JSON.parse(body) as { eventData: { thing: Delivered["thing"] } }
  return { delivered: { body, thing: eventData.thing } }
}

/** A body is what any receiver can parse, print and get the same bytes of, and what survives UTF-8. */
const isSound = (body: string) => {
  assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
  assert.strictEqual(new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(body)), body)
}
const isReason = (reason: string) => {
  assert.match(reason, /^[^\p{Cc}]{5,300}$/u)
  assert.isTrue(reason.isWellFormed())
  assert.notInclude(reason, canary)
}

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)

describe("a provider's JSON (F-40)", () => {
  it.each<[string, string, Partial<Delivered["thing"]>]>([
    ["NUL", `{"id":"1","text":"a\\u0000b"}`, { text: "a\0b" }],
    ["a lone surrogate", `{"id":"1","text":"a\\ud800b"}`, { text: "a\ud800b" }],
    ["a reversed pair", `{"id":"1","text":"\\udc00\\ud800"}`, { text: "\udc00\ud800" }],
    ["an emoji", `{"id":"1","text":"\u{1f9f6}"}`, { text: "\u{1f9f6}" }],
    ["line separators", `{"id":"1","text":"\u2028\u2029\\u0085"}`, { text: "\u2028\u2029\u0085" }],
    ["a byte order mark inside", `{"id":"1","text":"\ufeffx"}`, { text: "\ufeffx" }],
    ["markup", `{"id":"1","text":"</script>\\"\\\\"}`, { text: `</script>"\\` }],
    ["the last of a doubled key", `{"id":"1","text":"a","text":"b"}`, { text: "b" }],
    ["the largest number", `{"id":"1","number":1.7976931348623157e308}`, { number: Number.MAX_VALUE }],
    ["the smallest number", `{"id":"1","number":5e-324}`, { number: 5e-324 }],
    [
      "keys of prototypes",
      `{"id":"1","extra":{"__proto__":{"a":1},"constructor":2,"toString":3,"hasOwnProperty":4}}`,
      { extra: { constructor: 2, field___proto__: { a: 1 }, hasOwnProperty: 4, toString: 3 } as object }
    ],
    ["a key of prototypes at the top", `{"id":"1","__proto__":{"text":"stolen"},"text":"own"}`, { text: "own" }],
    ["keys like numbers", `{"id":"1","extra":{"2":1,"10":2}}`, { extra: { field_10: 2, field_2: 1 } }],
    ["an empty key", `{"id":"1","extra":{"":0}}`, { extra: { "": 0 } }],
    ["a key with a lone surrogate", `{"id":"1","extra":{"\\ud800":0}}`, { extra: { "\ud800": 0 } }]
  ])("delivers %s as it came", (_, answer, expected) => {
    const result = through(answer)
    assert.property(result, "delivered")
    if (!("delivered" in result)) return
    isSound(result.delivered.body)
    for (const [key, value] of Object.entries(expected)) {
      assert.deepStrictEqual(result.delivered.thing[key as keyof Delivered["thing"]], value)
    }
  })

  it("delivers 10 MB as they came", () => {
    const text = "Ärger ".repeat(1_700_000)
    const result = through(JSON.stringify({ id: "1", text }))
    assert.property(result, "delivered")
    if (!("delivered" in result)) return
    assert.isTrue(result.delivered.thing.text === text, "not one character differs")
    isSound(result.delivered.body)
  })

  it.each([
    ["NaN", `{"id":"1","number":NaN}`],
    ["Infinity", `{"id":"1","number":-Infinity}`],
    ["a number that no number holds", `{"id":"1","number":1e400}`],
    ["such a number among what the app has besides", `{"id":"1","extra":{"shoe":1e400}}`],
    ["such a number deeper", `{"id":"1","extra":{"a":[{"b":-1e999}]}}`],
    ["a text for a number", `{"id":"1","number":"${canary}"}`],
    ["an object for a text", `{"id":"1","text":{"${canary}":1}}`],
    ["a bad value under a key with NUL", `{"id":"1","extra":{"${canary}\\u0000":1e400}}`],
    ["a bad value under a huge key", `{"id":"1","extra":{"${canary.repeat(1000)}":1e400}}`],
    ["a cut-off answer", `{"id":"1","text":"${canary}`],
    ["a trailing comma", `{"id":"1",}`],
    ["a comment", `{"id":"1" /* ${canary} */}`],
    ["a raw control character", `{"id":"1","text":"a\nb"}`],
    ["a bad escape", `{"id":"1","text":"\\x41"}`],
    ["a scalar", `"${canary}"`],
    ["a list", `["${canary}"]`],
    ["null", `null`],
    ["no id", `{"text":"${canary}"}`],
    ["an empty id", `{"id":""}`],
    ["an id that is no text", `{"id":{"a":"${canary}"}}`],
    ["nesting in lists", `{"id":"1","extra":{"a":${nested(200_000, "[", "]")}}}`],
    ["nesting in objects", `{"id":"1","extra":${`{"a":`.repeat(200_000)}1${"}".repeat(200_000)}}`],
    ["nesting in what is not mapped", `{"id":"1","other":${nested(200_000, "[", "]")}}`],
    ["nesting without an end", `{"id":"1","extra":${"[".repeat(200_000)}`]
  ])("quarantines %s with a reason that tells nothing of it", (_, answer) => {
    const result = through(answer)
    assert.property(result, "reason")
    if ("reason" in result) isReason(result.reason)
  })

  it("keeps records apart whose ids UTF-8 cannot tell apart", () => {
    const ids = ["\ud800", "\ud801", "\udfff", "\ufffd", "a\ud800", "a\ufffd", `"\\ud800"`]
    const { duplicates, incoming } = identify(
      ids.map((id) => ({ id, text: "x" })),
      by
    )
    assert.strictEqual(duplicates, 0)
    assert.strictEqual(incoming.size, ids.length)
  })

  it("delivers or quarantines anything, and never throws", () => {
    const value = fc.oneof(
      fc.jsonValue({ stringUnit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.bigInt().map(String),
      fc.constantFrom("\ud800", "\udfff", "\0", "__proto__", "constructor", -0, 1e21, 2 ** 53 + 2)
    )
    const row = fc.record(
      { id: fc.oneof(fc.string({ unit: "binary" }), value), text: value, number: value, extra: value },
      { requiredKeys: [] }
    )
    const changed = fc.tuple(row, fc.nat(), fc.string({ maxLength: 3 })).map(([one, at, piece]) => {
      const text = JSON.stringify(one)
      const place = at % (text.length + 1)
      return text.slice(0, place) + piece + text.slice(place + piece.length)
    })
    fc.assert(
      fc.property(
        fc.oneof(
          row.map((one) => JSON.stringify(one)),
          changed
        ),
        (answer) => {
          const result = through(answer)
          if ("reason" in result) return isReason(result.reason)
          isSound(result.delivered.body)
          const given = JSON.parse(answer) as Row
          assert.strictEqual(result.delivered.thing.text, given.text ?? null)
          if (given.number !== undefined) assert.equal(result.delivered.thing.number, given.number)
        }
      ),
      { seed: Number(process.env["FUZZ_SEED"] ?? 1), numRuns: 3000 }
    )
  })
})
