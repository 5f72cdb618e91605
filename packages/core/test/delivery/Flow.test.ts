import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Control from "../../src/delivery/Control.ts"
import * as FairGate from "../../src/delivery/FairGate.ts"
import * as Hint from "../../src/delivery/Hint.ts"
import * as SlowStart from "../../src/delivery/SlowStart.ts"
import * as TokenBucket from "../../src/delivery/TokenBucket.ts"

describe("TokenBucket", () => {
  it("gives a tenth more than the rate at most in any second, and the rate over time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.record({ after: fc.nat(400), wanted: fc.nat(3000) }), { minLength: 1, maxLength: 200 }),
        (rate, asks) => {
          let bucket = 0
          let now = 1_700_000_000_000
          const given: Array<{ readonly at: number; readonly tokens: number }> = []
          for (const { after, wanted } of asks) {
            now += after
            const taken = TokenBucket.take(bucket, rate, wanted, now)
            assert.isAtLeast(taken.tokens, 0)
            assert.isAtMost(taken.tokens, wanted)
            bucket = taken.bucket
            given.push({ at: now, tokens: taken.tokens })
          }
          for (const { at } of given) {
            const inSecond = given
              .filter((one) => one.at > at - 1000 && one.at <= at)
              .reduce((sum, one) => sum + one.tokens, 0)
            assert.isAtMost(inSecond, rate + TokenBucket.capacity(rate))
          }
        }
      )
    )
  })

  it("is never empty for longer than its patience, and forgives a clock that goes back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10_000_000), (rate, jump) => {
        const now = 1_700_000_000_000
        let { bucket } = TokenBucket.take(0, rate, 1e9, now)
        assert.strictEqual(TokenBucket.take(bucket, rate, 1e9, now).tokens, 0)
        assert.isAtLeast(TokenBucket.take(bucket, rate, 1e9, now + TokenBucket.patience(rate)).tokens, 1)
        bucket = TokenBucket.take(bucket, rate, 1, now - jump).bucket
        assert.isAtLeast(TokenBucket.take(bucket, rate, 1, now - jump + 2 * TokenBucket.patience(rate)).tokens, 1)
      })
    )
  })
})

describe("SlowStart", () => {
  it("lets 1, 2, 4, 8 … requests under way until there is no limit of its own", () => {
    const limits = [SlowStart.begin.limit]
    let state = SlowStart.begin
    for (let n = 0; n < 40; n++) {
      state = SlowStart.succeeded(state, 16)
      if (state.limit !== limits.at(-1)) limits.push(state.limit)
    }
    assert.deepStrictEqual(limits, [1, 2, 4, 8, 16, Number.POSITIVE_INFINITY])
  })
})

describe("FairGate", () => {
  const party = fc.record({
    workspaceId: fc.constantFrom("w1", "w2", "w3"),
    destinationId: fc.constantFrom("d1", "d2", "d3", "d4")
  })
  const action = fc.oneof(
    fc.record({ kind: fc.constant("enter" as const), party }),
    fc.record({ kind: fc.constantFrom("leave" as const, "withdraw" as const), pick: fc.nat() })
  )

  it("never lets more pass than its limit, and forgets nobody", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(action, { maxLength: 200 }), (limit, actions) => {
        const gate = FairGate.make(limit)
        let inside = 0
        const waiting = new Map<() => void, FairGate.Party>()
        for (const one of actions) {
          if (one.kind === "enter") {
            const pass = () => {
              assert.isTrue(waiting.delete(pass), "passed twice")
              inside++
            }
            if (gate.enter(one.party, pass)) inside++
            else waiting.set(pass, one.party)
          } else if (one.kind === "leave") {
            if (inside === 0) continue
            inside--
            gate.leave()
          } else {
            const some = [...waiting][one.pick % Math.max(1, waiting.size)]
            if (some === undefined) continue
            assert.isTrue(gate.withdraw(some[1], some[0]))
            waiting.delete(some[0])
            assert.isFalse(gate.withdraw(some[1], some[0]))
          }
          assert.isAtMost(inside, limit)
          assert.deepStrictEqual([gate.size(), gate.waiting()], [inside, waiting.size])
          if (waiting.size > 0) assert.strictEqual(inside, limit, "somebody waits beside a free place")
        }
        while (inside > 0) {
          inside--
          gate.leave()
        }
        assert.deepStrictEqual([gate.size(), gate.waiting(), waiting.size], [0, 0, 0])
      })
    )
  })

  it("gives turns to workspaces, then to destinations, however many wait for one of them", () => {
    const gate = FairGate.make(1)
    gate.tryEnter()
    const order: Array<string> = []
    const queue = (workspaceId: string, destinationId: string, count: number) => {
      for (let n = 0; n < count; n++) {
        gate.enter({ workspaceId, destinationId }, () => order.push(`${workspaceId}/${destinationId}`))
      }
    }
    queue("big", "hangs", 1000)
    queue("big", "other", 2)
    queue("small", "only", 2)
    for (let n = 0; n < 7; n++) gate.leave()
    assert.deepStrictEqual(order, [
      "big/hangs",
      "small/only",
      "big/other",
      "small/only",
      "big/hangs",
      "big/other",
      "big/hangs"
    ])
  })
})

describe("Control", () => {
  it("reads pause with and without a time, and nothing else", () => {
    assert.deepStrictEqual(Control.parse("pause"), { kind: "pause" })
    assert.deepStrictEqual(Control.parse(" Pause ; seconds = 600 "), { kind: "park", millis: 600_000 })
    for (const other of [undefined, "", "paused", "pause;", "pause; seconds=-1", "pause; minutes=1", "resume", "1"]) {
      assert.isUndefined(Control.parse(other), String(other))
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const control = Control.parse(text)
        if (control !== undefined) assert.match(text, /pause/i)
      })
    )
  })
})

describe("Hint", () => {
  it("says something about answers that look right and are not", () => {
    for (const status of [201, 204, 301, 308, 401, 403, 410]) assert.isNotNull(Hint.hintOf(status, false), `${status}`)
    for (const status of [null, 400, 404, 500, 503]) assert.isNull(Hint.hintOf(status, false), `${status}`)
    assert.isNull(Hint.hintOf(204, true))
  })
})
