import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import type { Sign } from "../../delivery/Circuit.ts"
import type { ClaimedEvent, Outcome } from "../../store/OutboxStore.ts"
import * as Fixture from "./Fixtures.ts"
import { account, ports, take } from "./Setup.ts"

/** A second, in milliseconds. */
export const second = 1000
/** An hour, in milliseconds. */
export const hour = 3600 * second

/** The receiver could not be reached. */
export const away: Sign = { kind: "failure", error: "connection", unreachable: true }
/** The receiver answered that it cannot. */
export const refused: Sign = { kind: "failure", error: "http_5xx", unreachable: false }

/** A failed attempt, to be made again in an hour. */
export const failed = (event: ClaimedEvent, sign: Sign, at: number): Outcome => ({
  ...Fixture.outcome(event, { kind: "retry", at: at + hour }, at),
  sign
})
/** An attempt that was acknowledged. */
export const worked = (event: ClaimedEvent, at: number): Outcome => ({
  ...Fixture.outcome(event, { kind: "acknowledged" }, at),
  sign: { kind: "success" }
})
/** A probe that failed. */
export const probed = (event: ClaimedEvent): Outcome => ({
  event,
  attempt: null,
  result: { kind: "parked" },
  sign: away
})

/** How `dst_1` does. */
export const health = Effect.gen(function* () {
  const { outbox } = yield* ports
  const [found] = yield* outbox.health(["dst_1"])
  return found ?? assert.fail("the destination is known")
})

/** So many events of no run. */
export const loose = (count: number, prefix = "e") =>
  Array.from({ length: count }, (_, n) => Fixture.looseEvent(`${prefix}${n}`))

/** Events of which three could not be delivered: the circuit is open since `at`. */
export const opened = (count: number, at = 0) =>
  Effect.gen(function* () {
    const all = yield* account
    yield* all.outbox.enqueue(loose(count))
    yield* TestClock.setTime(at)
    const first = yield* take(3)
    const settlement = yield* all.outbox.settle(
      first.map((event) => failed(event, away, at)),
      Fixture.close
    )
    return { ...all, first, settlement }
  })
