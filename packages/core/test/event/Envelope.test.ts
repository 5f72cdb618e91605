import { assert, describe, it } from "vitest"
import * as fc from "fast-check"
import * as Envelope from "../../src/event/Envelope.ts"

const envelope = (
  text: string
): Envelope.EnvelopeOfSync & { readonly recordId: string; readonly sequence: number } => ({
  eventId: "ev_1",
  eventType: "record.new",
  syncType: "delta_sync",
  syncDataType: text,
  syncJobId: "sj_1",
  syncRunId: "sr_1",
  appId: text,
  originOrgId: text,
  occurredAt: Date.UTC(2026, 0, 1),
  recordId: text,
  sequence: 3
})

describe("envelopes", () => {
  it("have Knit's fields first, in Knit's order, then ours", () => {
    assert.deepStrictEqual(Object.keys(JSON.parse(Envelope.ofRecord(envelope("x"), "{}")) as object), [
      "eventId",
      "eventType",
      "eventData",
      "syncType",
      "syncDataType",
      "syncJobId",
      "syncRunId",
      "recordId",
      "sequence",
      "occurredAt",
      "appId",
      "originOrgId"
    ])
    assert.deepStrictEqual(Object.keys(JSON.parse(Envelope.ofSync(envelope("x"), {})) as object), [
      "eventId",
      "eventType",
      "eventData",
      "syncType",
      "syncDataType",
      "syncJobId",
      "syncRunId",
      "occurredAt",
      "appId",
      "originOrgId"
    ])
    assert.deepStrictEqual(Object.keys(JSON.parse(Envelope.plain(envelope("x"), {})) as object), [
      "eventId",
      "eventType",
      "eventData",
      "occurredAt",
      "appId",
      "originOrgId"
    ])
  })

  it("say the sequence as digits and the time in RFC 3339 with milliseconds", () => {
    assert.deepInclude(JSON.parse(Envelope.ofRecord(envelope("x"), "{}")) as object, {
      sequence: "3",
      occurredAt: "2026-01-01T00:00:00.000Z"
    })
  })

  it("are fixed points of parsing and serialising again, whatever is in them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.dictionary(fc.string(), fc.jsonValue()), (text, data) => {
        const bodies = [
          Envelope.ofRecord(envelope(text), JSON.stringify(data)),
          Envelope.ofSync(envelope(text), data),
          Envelope.plain(envelope(text), data)
        ]
        for (const body of bodies) {
          assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
          const bytes = new TextDecoder().decode(new TextEncoder().encode(body))
          assert.strictEqual(bytes, body, "and survive UTF-8")
        }
      }),
      { seed: 5, numRuns: 500, examples: [["\ud800 \u2028 \0", { __proto__x: 1, 2: 1, a: 1e21, b: -0 }]] }
    )
  })
})
