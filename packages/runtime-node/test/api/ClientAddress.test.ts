import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as AuthFailures from "../../src/api/AuthFailures.ts"
import * as ClientAddress from "../../src/api/ClientAddress.ts"

describe("the address of a caller", () => {
  it("is the peer's, whatever X-Forwarded-For says, unless a proxy is trusted", () => {
    const of = ClientAddress.make([])
    assert.strictEqual(of("203.0.113.5", "198.51.100.1"), "203.0.113.5")
    assert.strictEqual(of("::ffff:203.0.113.5", undefined), "203.0.113.5")
    assert.strictEqual(of("", "198.51.100.1"), "")
  })
  it("is the last one before the trusted proxies", () => {
    const of = ClientAddress.make(["10.0.0.0/8", "fd00::/8", "192.0.2.1"])
    const cases: ReadonlyArray<readonly [peer: string, forwarded: string | undefined, client: string]> = [
      ["10.0.0.1", "198.51.100.1", "198.51.100.1"],
      ["10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
      ["192.0.2.1", "198.51.100.1", "198.51.100.1"],
      ["203.0.113.5", "198.51.100.1", "203.0.113.5"],
      ["10.0.0.1", undefined, "10.0.0.1"],
      ["10.0.0.1", "", "10.0.0.1"],
      ["10.0.0.1", "unknown", "10.0.0.1"],
      ["10.0.0.1", "1.1.1.1, <script>, 10.0.0.2", "10.0.0.2"],
      ["10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
      ["fd00::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"]
    ]
    for (const [peer, forwarded, client] of cases)
      assert.strictEqual(of(peer, forwarded), client, `${peer} ${forwarded}`)
  })
  it("is a network of IPv6: its owner has every address in it", () => {
    const of = ClientAddress.make([])
    assert.strictEqual(of("2001:db8:1:2::1", undefined), of("2001:db8:1:2:ffff::9", undefined))
    assert.notStrictEqual(of("2001:db8:1:2::1", undefined), of("2001:db8:1:3::1", undefined))
    assert.strictEqual(of("::1", undefined), "0:0:0:0::/64")
  })
})

describe("calls with wrong keys", () => {
  it.effect("wait from the 21st within a minute on, as long as is told, and are forgotten then", () =>
    Effect.gen(function* () {
      const failures = AuthFailures.make()
      for (let i = 0; i < 20; i++) assert.isUndefined(yield* failures.note("a"))
      assert.strictEqual(yield* failures.note("a"), 60)
      assert.isUndefined(yield* failures.note("b"))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(yield* failures.note("a"), 1)
      yield* TestClock.adjust("1 seconds")
      assert.isUndefined(yield* failures.note("a"))
    })
  )
  it.effect("are remembered for the last 10,000 addresses, no more", () =>
    Effect.gen(function* () {
      const failures = AuthFailures.make()
      for (let i = 0; i < 25; i++) yield* failures.note("first")
      for (let i = 0; i < 9_999; i++) yield* failures.note(`other ${i}`)
      assert.isDefined(yield* failures.note("first"), "still known")
      for (let i = 0; i < 10_000; i++) yield* failures.note(`another ${i}`)
      assert.isUndefined(yield* failures.note("first"), "memory is bounded: the oldest goes")
    })
  )
})
