import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { PacedTime } from "../../src/time/PacedTime.ts"

const hour = 3_600_000

/** A machine whose time can be set, and which can sleep. */
const machine = (start = 1_800_000_000_000) => {
  const now = { followed: start, elapsed: 5000, uptime: 90_000 }
  const time = new PacedTime({ followed: () => now.followed, elapsed: () => now.elapsed, uptime: () => now.uptime })
  return {
    time,
    now,
    pass: (millis: number) => {
      now.followed += millis
      now.elapsed += millis
      now.uptime += millis
    },
    set: (millis: number) => void (now.followed += millis),
    sleep: (millis: number) => {
      now.followed += millis
      now.uptime += millis
    }
  }
}

describe("PacedTime", () => {
  it("goes exactly with a time that goes evenly, and with one that is slewed", () => {
    const { now, pass, set, time } = machine()
    for (let second = 0; second < 3600; second++) {
      pass(1000)
      // As fast as NTP slews: 500 ppm.
      set(0.5)
      assert.strictEqual(time.read(), now.followed)
    }
    assert.strictEqual(time.takeStep(), 0)
  })

  for (const step of [hour, -hour]) {
    it(`keeps its pace when the time is set by ${step / hour} h, and says so once`, () => {
      const { now, pass, set, time } = machine()
      const before = time.read()
      set(step)
      let last = before
      for (let second = 1; second <= 30; second++) {
        pass(1000)
        const read = time.read()
        assert.closeTo(read - last, 1000, 1000 * PacedTime.rate + 1e-3)
        last = read
      }
      assert.closeTo(last - before, 30_000, 1500 + 1e-3)
      assert.closeTo(time.takeStep(), step, 1)
      assert.strictEqual(time.takeStep(), 0)
      // Twenty hours later it has caught up.
      for (let second = 0; second < 20 * 3600; second++) {
        pass(1000)
        time.read()
      }
      assert.strictEqual(time.read(), now.followed)
      assert.strictEqual(time.takeStep(), 0)
    })
  }

  it("takes the time that the machine slept for time that passed", () => {
    const { now, sleep, time } = machine()
    time.read()
    sleep(8 * hour)
    assert.strictEqual(time.read(), now.followed)
    assert.strictEqual(time.takeStep(), 0)
  })

  it("tells sleeping from setting when both happen at once", () => {
    const { now, set, sleep, time } = machine()
    time.read()
    sleep(8 * hour)
    set(-hour)
    assert.closeTo(time.read() - now.followed, hour, 1)
    assert.closeTo(time.takeStep(), -hour, 1)
  })

  it("begins anew with another time", () => {
    const { now, set, time } = machine()
    time.read()
    set(-5 * 60_000)
    time.restart()
    assert.strictEqual(time.read(), now.followed)
    assert.strictEqual(time.takeStep(), 0)
  })

  it("never goes back, nor faster or slower than its rate, whatever happens to the time", () => {
    const moment = fc.record({ pass: fc.integer({ min: 0, max: 120_000 }), set: fc.integer({ min: -hour, max: hour }) })
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 200 }), (moments) => {
        const { pass, set, time } = machine()
        let last = time.read()
        for (const { pass: passed, set: by } of moments) {
          set(by)
          pass(passed)
          const read = time.read()
          assert.isAtLeast(read, last)
          assert.closeTo(read - last, passed, passed * PacedTime.rate + 1)
          last = read
        }
      })
    )
  })
})
