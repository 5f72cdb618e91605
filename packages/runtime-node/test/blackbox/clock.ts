import { assert, describe, it } from "@effect/vitest"
import { until } from "@crochet/proof/Deadline"
import type { Arrival } from "@crochet/proof/Inbox"
import { activeIds } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

const settable = new URL("./settableClock.ts", import.meta.url).href
const hour = 3_600_000

describe.concurrent("a clock that is set (F-75)", () => {
  for (const step of [hour, -hour]) {
    it(`by ${step / hour} h moves no retry, no lease and no time in answers, and signatures carry the new time`, async () => {
      const simulator = await app({ employees: 3, seed: 75 })
      const receiver = await inbox()
      const host = await installation(simulator, {
        NODE_OPTIONS: `--import ${settable}`,
        CROCHET_CLOCK_STEP: String(step)
      })
      await host.register(receiver)
      const integrationId = await host.connect()
      await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")

      const [changed, other] = activeIds(simulator)
      const isOf = (recordId: string | undefined) => (arrival: Arrival) => arrival.event.recordId === recordId
      const modified = (recordId: string | undefined) =>
        receiver.arrivals.filter((one) => one.event.eventType === "record.modified" && isOf(recordId)(one))
      receiver.answer((arrival) => (isOf(changed)(arrival) && modified(changed).length < 2 ? 503 : 200))
      simulator.control.change(changed!, { mobilePhone: "303-555-0175" })
      const delta = await host.delta(integrationId)
      await until("it was refused", () => modified(changed).length === 1)
      const refusedAt = performance.now()

      host.program().child.kill("SIGUSR2")
      // The second attempt is due after 5 s with a jitter of a fifth: not at once, and not in an hour.
      await until("it comes again", () => modified(changed).length === 2)
      assert.isAtLeast(performance.now() - refusedAt, 3500)
      const signedAt = Number(modified(changed)[1]!.headers["webhook-timestamp"]) * 1000
      assert.closeTo(signedAt - Date.now(), step, 20_000)
      await host.reaches(delta, "completed")
      assert.match(host.log(), /The time of this machine was set (forward|back) by 360\d\.\d s/)

      // What comes after it is delivered at once, and has the time of before.
      simulator.control.change(other!, { mobilePhone: "303-555-0176" })
      const next = await host.delta(integrationId)
      await host.reaches(next, "completed")
      const { event } = await host.api().get("event.get", { eventId: modified(other)[0]!.event.eventId })
      assert.closeTo(Date.parse(event.createdAt) - Date.now(), 0, 20_000)
      assert.strictEqual(await host.stop(), 0)
    })
  }
})
