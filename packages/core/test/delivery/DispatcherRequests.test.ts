import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import { DestinationStore } from "../../src/store/DestinationStore.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { minute, settle, start } from "./Dispatching.ts"

describe("What a dispatcher sends", () => {
  it.effect("takes every 2xx where the destination says so, and nothing else", () =>
    Effect.gen(function* () {
      const { control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.text.includes(`"recordId":"a"`) ? 204 : 302 })
      yield* World.setUp
      yield* World.destination("d1", { ack: "2xx" })
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }], { end: false })
      yield* start(layer)
      yield* settle
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).state, "acknowledged")
      assert.strictEqual((yield* World.eventOf(events[1]!.id)).state, "pending")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("honours Retry-After", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.succeed({ status: 429, retryAfterMillis: 5 * minute })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* TestClock.adjust("299 seconds")
      assert.lengthOf(seen, 1)
      yield* TestClock.adjust("3 seconds")
      assert.lengthOf(seen, 2)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends a retry to the URL that the destination has by then", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.url.includes("new") ? 200 : 500 })
      yield* World.setUp
      const { saved } = yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* settle
      const store = yield* DestinationStore
      yield* store.save({ ...saved, url: "https://new.example/hook", updatedAt: saved.updatedAt + 1 })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        seen.map((one) => one.url),
        ["https://d1.example/hook", "https://new.example/hook"]
      )
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends no Knit signature in standard mode, and never lets extra headers replace ours", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination(
        "d1",
        { mode: "standard", apiKeyId: "none" },
        {
          Authorization: "Bearer abc",
          "webhook-id": "forged",
          "X-Knit-Signature": "forged",
          Host: "forged",
          "content-type": "text/plain",
          "bad name": "x",
          "x-bad": "a\r\nb: c"
        }
      )
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* settle
      const names = Object.keys(seen[0]!.headers).map((name) => name.toLowerCase())
      assert.strictEqual(new Set(names).size, names.length)
      assert.notInclude(names, "x-knit-signature")
      assert.notInclude(names, "host")
      assert.notInclude(names, "x-bad")
      assert.strictEqual(seen[0]!.headers["authorization"], "Bearer abc")
      assert.strictEqual(seen[0]!.headers["webhook-id"], events[0]!.id)
      assert.notInclude(JSON.stringify(seen[0]!.headers), "forged")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends an event type under its alias, signed as sent", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let failures = 1
      control.script = () => Effect.succeed({ status: failures-- > 0 ? 500 : 200 })
      yield* World.setUp
      const { secret } = yield* World.destination("d1", { aliases: { "record.modified": "record.changed" } })
      yield* World.run("run_1", "d1", [{ record: "a", type: "record.modified" }], { end: false })
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(seen, 2)
      assert.strictEqual(seen[0]!.event.eventType, "record.changed")
      assert.strictEqual(seen[0]!.text, seen[1]!.text)
      assert.strictEqual(JSON.stringify(JSON.parse(seen[0]!.text)), seen[0]!.text)
      const at = new Date(Number(seen[1]!.headers["webhook-timestamp"]) * 1000)
      assert.strictEqual(
        new Webhook(Redacted.value(secret)).sign(seen[1]!.event.eventId, at, seen[1]!.text),
        seen[1]!.headers["webhook-signature"]
      )
    }).pipe(Effect.provide(World.layer))
  )
})
