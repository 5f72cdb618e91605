import { assert, describe, it } from "@effect/vitest"
import { Dispatcher, Watchdog } from "@crochet/core"
import { Effect, Layer } from "effect"
import * as Runtime from "../src/Runtime.ts"
import { serve } from "../src/server/Serve.ts"
import { folder } from "./Program.ts"

describe("crochet serve", () => {
  it.effect("ends with an error when deliveries are stuck, so that a supervisor starts it again", () =>
    Effect.gen(function* () {
      const fault = new Watchdog.DispatcherStuck({ loop: "looking for due events", millis: 121_000 })
      const activity = Effect.succeed({ lanes: 0, sending: 0, held: 0, unsettled: 0 })
      const place = {
        directory: folder(),
        environment: { CROCHET_PORT: "0", CROCHET_LOG_LEVEL: "none" },
        configPath: undefined
      }
      const ending = serve(place, (options) =>
        Layer.merge(
          Runtime.layer(options),
          Layer.succeed(Dispatcher.Dispatcher, { activity, stuck: Effect.succeed(fault) })
        )
      )
      const error = yield* Effect.flip(ending)
      assert.instanceOf(error, Watchdog.DispatcherStuck)
      assert.include((error as Watchdog.DispatcherStuck).message, "looking for due events made no progress for 121 s")
    })
  )
})
