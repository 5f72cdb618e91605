import { Transport } from "@crochet/core"
import { type FaultProxy, startFaultProxy, type Toxic } from "@crochet/simulators/network"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"

/** A receiver that acknowledges, behind a network that can be disturbed, and what it got. */
const world = Effect.gen(function* () {
  const bodies: Array<string> = []
  const server = createServer((incoming, response) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString())
      response.end("x".repeat(4000))
    })
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const proxy: FaultProxy = yield* Effect.acquireRelease(
    Effect.promise(() => startFaultProxy({ target: { port } })),
    ({ close }) => Effect.promise(close)
  )
  const guard = EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })
  const context = yield* Layer.build(UndiciTransport.layer().pipe(Layer.provide(guard)))
  const { post } = yield* Effect.provide(Transport.Transport, context)
  const send = (text: string, timeoutMillis = 10_000) =>
    Effect.match(
      post({
        url: `http://127.0.0.1:${proxy.port}/`,
        headers: {},
        body: new TextEncoder().encode(text),
        timeoutMillis
      }),
      { onSuccess: ({ status }) => String(status), onFailure: ({ reason }) => reason._tag }
    )
  return { bodies, proxy, send }
})

describe("the transport over a network that", () => {
  it.live.each<[string, Toxic, string, number?]>([
    ["is late", { kind: "latency", millis: 100, jitterMillis: 50 }, "200"],
    ["is too late", { kind: "latency", millis: 2000 }, "Timeout", 300],
    ["is slow", { kind: "bandwidth", bytesPerSecond: 40_000 }, "200"],
    ["is too slow", { kind: "bandwidth", direction: "down", bytesPerSecond: 100 }, "Timeout", 300],
    ["comes in crumbs", { kind: "slicer", bytes: 7 }, "200"],
    ["is half-open", { kind: "timeout" }, "Timeout", 300],
    ["loses the way back", { kind: "timeout", direction: "down" }, "Timeout", 300],
    ["breaks in the answer's head", { kind: "limit-data", direction: "down", bytes: 20 }, "broken"],
    ["breaks in the answer's body", { kind: "limit-data", direction: "down", bytes: 1000 }, "broken"],
    ["breaks in the request", { kind: "limit-data", direction: "up", bytes: 100 }, "broken"],
    ["resets", { kind: "reset-peer" }, "broken"],
    ["closes late", { kind: "slow-close", millis: 500 }, "200"]
  ])("%s", ([, toxic, expected, timeoutMillis]) =>
    Effect.gen(function* () {
      const { bodies, proxy, send } = yield* world
      const heal = proxy.add(toxic)
      const text = "Ä".repeat(1000)
      assert.include(
        expected === "broken" ? ["Connection", "InvalidResponse"] : [expected],
        yield* send(text, timeoutMillis)
      )
      for (const body of bodies) assert.strictEqual(body, text, "whole or not at all")
      heal()
      assert.strictEqual(yield* send("healed"), "200", "nothing of the trouble stays")
      assert.strictEqual(bodies.at(-1), "healed")
    })
  )

  it.live("goes down and comes up again", () =>
    Effect.gen(function* () {
      const { bodies, proxy, send } = yield* world
      assert.strictEqual(yield* send("before"), "200")
      yield* Effect.promise(proxy.down)
      assert.strictEqual(yield* send("within"), "Connection")
      yield* Effect.promise(proxy.up)
      assert.strictEqual(yield* send("after"), "200")
      assert.deepStrictEqual(bodies, ["before", "after"])
    })
  )

  it.live("drops idle connections: the next request does not pay for it", () =>
    Effect.gen(function* () {
      const { bodies, proxy, send } = yield* world
      assert.strictEqual(yield* send("first"), "200")
      proxy.reset()
      // Until this end has heard of it, too: a request that was under way by then would rightly fail.
      do yield* Effect.sleep(50)
      while (proxy.counts().open > 0)
      assert.strictEqual(yield* send("second"), "200")
      assert.deepStrictEqual(bodies, ["first", "second"])
    })
  )
})
