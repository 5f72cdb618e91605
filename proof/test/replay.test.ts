import { assert, describe, it } from "@effect/vitest"
import { type Found, linesOf } from "../src/sections/replay.ts"

const right: Found = {
  events: 1000,
  replay: { replayId: "rp_1", state: "completed", replayed: 1000, examined: 1000, events: { acknowledged: 1000 } },
  pacedSeconds: 10,
  pacedEvents: 500,
  busiestSecond: 55,
  freeSeconds: 1,
  freeEvents: 500,
  liveBefore: Array.from({ length: 100 }, () => 50),
  liveBeside: Array.from({ length: 100 }, () => 60),
  answerMillis: Array.from({ length: 40 }, () => 30),
  residentMegabytes: [300, 300, 300],
  made: 1000,
  repeatedOriginals: 0,
  unacknowledged: 0,
  repeated: 0,
  unbalanced: 0
}
const broken = (found: Partial<Found>) =>
  linesOf({ ci: false }, { ...right, ...found })
    .filter(({ holds }) => !holds)
    .map(({ what }) => what)

describe("what a replay of everything says", () => {
  it("holds when each event came once, at the pace", () => {
    assert.deepStrictEqual(broken({}), [])
  })
  it("names a pace that is not kept, or not used", () => {
    assert.deepStrictEqual(broken({ pacedEvents: 520 }), ["their rate"])
    assert.deepStrictEqual(broken({ pacedEvents: 450 }), ["of the rate that is used, percent"])
    assert.deepStrictEqual(broken({ busiestSecond: 61 }), ["busiest second"])
  })
  it("names live events that come late, and looks at it that take longer and longer", () => {
    const late = Array.from({ length: 100 }, (_, at) => (at < 97 ? 60 : 500))
    assert.deepStrictEqual(broken({ liveBeside: late }), ["their p99, later"])
    const growing = Array.from({ length: 40 }, (_, at) => 10 + 3 * at)
    assert.deepStrictEqual(broken({ answerMillis: growing }), ["at the end, of the beginning"])
  })
  it("names events that are missing, left over or too many", () => {
    for (const found of [
      { made: 999 },
      { repeatedOriginals: 1 },
      { unacknowledged: 1 },
      { repeated: 1 },
      { unbalanced: 1 },
      { replay: { ...right.replay, events: { acknowledged: 999 } } }
    ])
      assert.lengthOf(broken(found), 1)
  })
})
