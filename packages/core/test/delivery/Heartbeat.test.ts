import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { TestClock } from "effect/testing"
import * as Heartbeat from "../../src/delivery/Heartbeat.ts"
import * as HeldEvents from "../../src/delivery/HeldEvents.ts"
import * as Signal from "../../src/delivery/Signal.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"

const leaseMillis = 10_000
const heartbeatMillis = 3000

/** A heartbeat over claimed events, with a clock that a test may let jump as a stopped process sees it. */
const world = (options: { readonly renew: "all" | "none" | "hangs" | "slow" }) =>
  Effect.gen(function* () {
    const outbox = yield* OutboxStore
    yield* World.setUp
    yield* World.destination("d1")
    yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }], { end: false })
    const claimed = yield* outbox.claim({ destinationId: "d1", owner: "me", limit: 10, leaseMillis })
    let jumped = 0
    let virtual = 0
    const clock = yield* TestClock.testClockWith((testClock) => Effect.succeed(testClock))
    const now = () => {
      virtual = Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
      return virtual + jumped
    }
    const some = Signal.make()
    const held = HeldEvents.make(some.give)
    const cut: Array<string> = []
    let renewals = 0
    yield* Effect.forkScoped(
      Heartbeat.run({
        held,
        outbox: {
          ...outbox,
          renew: (events, lease) =>
            Effect.suspend(() => {
              renewals++
              return options.renew === "hangs"
                ? Effect.never
                : options.renew === "none"
                  ? Effect.succeed([])
                  : Effect.delay(outbox.renew(events, lease), options.renew === "slow" ? 1000 : 0)
            })
        },
        leaseMillis,
        heartbeatMillis,
        some,
        now,
        pulse: () => undefined
      })
    )
    for (const event of claimed) {
      held.add({
        event,
        lane: {
          abandon: () => undefined,
          cut: (one) => {
            cut.push(one.event.id)
            one.state = "gone"
            held.remove(one)
          }
        },
        opener: null,
        until: now() + leaseMillis,
        state: "sending",
        lost: false,
        startedAt: 0,
        interrupt: () => undefined
      })
    }
    return {
      held,
      cut,
      renewals: () => renewals,
      jump: (millis: number) => {
        jumped += millis
      }
    }
  })

describe("Heartbeat", () => {
  it.effect("keeps leases for as long as requests take, and rests afterwards", () =>
    Effect.gen(function* () {
      const { cut, held, renewals } = yield* world({ renew: "all" })
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(cut, [])
      const made = renewals()
      assert.isAtLeast(made, 150)
      for (const one of held.byId.values()) held.remove(one)
      assert.strictEqual(held.bytes(), 0)
      yield* TestClock.adjust("10 minutes")
      assert.isAtMost(renewals(), made + 1)
    }).pipe(Effect.scoped, Effect.provide(World.layer))
  )

  it.effect("breaks requests off exactly when their leases end, even while the store hangs", () =>
    Effect.gen(function* () {
      const { cut } = yield* world({ renew: "hangs" })
      yield* TestClock.adjust(leaseMillis - 1)
      assert.deepStrictEqual(cut, [])
      yield* TestClock.adjust(1)
      assert.lengthOf(cut, 2)
    }).pipe(Effect.scoped, Effect.provide(World.layer))
  )

  it.effect("renews the others while one is broken off, when the store is slow", () =>
    Effect.gen(function* () {
      const { cut, held } = yield* world({ renew: "slow" })
      const [first, second] = [...held.byId.values()]
      // Claimed long before the other: its lease ends in the middle of the renewal.
      first!.until -= leaseMillis - heartbeatMillis - 500
      yield* TestClock.adjust(heartbeatMillis + 2000)
      assert.deepStrictEqual(cut, [first!.event.id])
      assert.strictEqual(second!.until, heartbeatMillis + leaseMillis, "renewed by the same heartbeat")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(cut, [first!.event.id])
      assert.isTrue(held.byId.has(second!.event.id))
    }).pipe(Effect.scoped, Effect.provide(World.layer))
  )

  it.effect("gives up what it held when the process stood still for longer than a lease, and says so", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => {
      lines.push(String(message))
    })
    return Effect.gen(function* () {
      const { cut, jump } = yield* world({ renew: "all" })
      yield* TestClock.adjust("1 second")
      jump(20_000)
      yield* TestClock.adjust("2 seconds")
      assert.lengthOf(cut, 2)
      assert.match(lines.join("\n"), /stood still for 20000 ms/)
    }).pipe(Effect.scoped, Effect.provide(World.layer), Effect.provide(Logger.layer([logger])))
  })
})
