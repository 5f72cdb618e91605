import { Transport } from "@crochet/core"
import { type Misbehaviour, misbehaviours, startDeafReceiver, startHostileReceiver } from "@crochet/simulators/network"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { channel } from "node:diagnostics_channel"
import type { Socket } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"

/** For those who never end; the others are given time, because this machine may be busy. */
const timeoutMillis = 300
const patience = 10_000
/** What an attempt comes to: a status, or the class of what went wrong. */
const outcomes: Readonly<Record<Misbehaviour, string | ReadonlyArray<string>>> = {
  "answers as it should": "200",
  "says nothing": "Timeout",
  "stops in the head": "Timeout",
  "drips the head": "Timeout",
  "stops after the head": "Timeout",
  "drips the body": "Timeout",
  "stops in the body": "Timeout",
  "stops in a chunk": "Timeout",
  "drips interim answers": "Timeout",
  "sends a gigabyte": "200",
  "sends a gzip bomb": "200",
  "sends chunks without end": "200",
  "sends an endless body that only the end of the connection ends": "200",
  "sends an endless chunk extension": "InvalidResponse",
  "sends trailers without end": "InvalidResponse",
  "sends interim answers without end": "InvalidResponse",
  "sends 10,000 headers": "InvalidResponse",
  "sends a header of 100 KB": "InvalidResponse",
  "sends an endless header": "InvalidResponse",
  "sends an endless status line": "InvalidResponse",
  "speaks SSH": "InvalidResponse",
  "sends noise": "InvalidResponse",
  "sends NULs": "InvalidResponse",
  "speaks HTTP/9.9": "InvalidResponse",
  "speaks HTTP/2 unasked": "InvalidResponse",
  "sends letters as status": "InvalidResponse",
  "sends a bad chunk": "InvalidResponse",
  "sends a chunk of impossible size": "InvalidResponse",
  "sends a negative length": "InvalidResponse",
  "sends a length of letters": "InvalidResponse",
  "sends two lengths": "InvalidResponse",
  "sends a length and chunks": "InvalidResponse",
  "sends a NUL in a header": "InvalidResponse",
  "sends a header without a colon": "InvalidResponse",
  "switches protocols unasked": "Connection",
  "speaks HTTP/1.0": "200",
  "sends more than announced": "200",
  "sends a second answer": "200",
  "sends less than announced": ["Connection", "InvalidResponse"],
  "ends before the answer": "Connection",
  "ends in the head": ["Connection", "InvalidResponse"],
  "ends in a chunk": ["Connection", "InvalidResponse"],
  "resets before the answer": "Connection",
  "resets in the head": "Connection",
  "resets in the body": "Connection",
  "refuses early and ends": "413",
  "ends the second time": "200",
  "never reads": "Timeout",
  "hangs up at once": "Connection",
  "resets at once": "Connection",
  "answers before it is asked": ["200", "Connection", "InvalidResponse"]
}

const transport = Effect.map(
  Layer.build(UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })))),
  (context) => {
    const post = (url: string, limit = patience, body: Uint8Array = new Uint8Array(1000)) =>
      Effect.flatMap(Transport.Transport, (service) =>
        Effect.match(
          service.post({ url, headers: { "content-type": "application/json" }, body, timeoutMillis: limit }),
          {
            onSuccess: ({ status }) => String(status),
            onFailure: ({ reason }) => reason._tag
          }
        )
      ).pipe(Effect.provide(context))
    return post
  }
)

const receiver = (misbehaviour: Misbehaviour) =>
  Effect.acquireRelease(
    Effect.promise(() => startHostileReceiver(misbehaviour, { everyMillis: 20 })),
    (running) => Effect.promise(running.close)
  )

/** The sockets that this process opens as a client from now on. */
const clientSockets = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => {
      const all: Array<Socket> = []
      const add = (message: unknown) => all.push((message as { socket: Socket }).socket)
      channel("net.client.socket").subscribe(add)
      return { all, stop: () => channel("net.client.socket").unsubscribe(add) }
    }),
    ({ stop }) => Effect.sync(stop)
  ),
  ({ all }): ReadonlyArray<Socket> => all
)

const gone = (sockets: ReadonlyArray<Socket>) =>
  Effect.gen(function* () {
    while (sockets.some((socket) => !socket.destroyed)) yield* Effect.sleep(5)
  }).pipe(
    Effect.timeoutOrElse({ duration: "10 seconds", orElse: () => Effect.die(new Error("Connections stay open")) })
  )

describe("a receiver that", () => {
  it.live.each(misbehaviours)("%s", (misbehaviour) =>
    Effect.gen(function* () {
      const sockets = yield* clientSockets
      const running = yield* receiver(misbehaviour)
      const post = yield* transport
      const body = misbehaviour === "never reads" ? new Uint8Array(16 * 1024 * 1024) : undefined
      const start = performance.now()
      const expected = outcomes[misbehaviour]
      const endless = expected === "Timeout"
      const outcome = yield* post(running.url, endless ? timeoutMillis : patience, body)
      const took = performance.now() - start
      assert.include(typeof expected === "string" ? [expected] : expected, outcome)
      if (endless) assert.isBelow(took, timeoutMillis + 5000, "costs a slot no longer than the timeout")
      const read = sockets.reduce((sum, socket) => sum + socket.bytesRead, 0)
      assert.isAtMost(read, 256 * 1024, "what is read is bounded")
      if (outcome !== "200") yield* gone(sockets)
    })
  )

  it.live("does not accept costs the timeout and no more", () =>
    Effect.gen(function* () {
      const deaf = yield* Effect.acquireRelease(
        Effect.promise(() => startDeafReceiver()),
        ({ close }) => Effect.promise(close)
      )
      const post = yield* transport
      const start = performance.now()
      const results = yield* Effect.all(
        Array.from({ length: 6 }, () => post(deaf.url, timeoutMillis)),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(new Set(results), new Set(["Timeout"]))
      assert.isBelow(performance.now() - start, timeoutMillis + 5000)
    })
  )

  it.live.each(["sends more than announced", "sends a second answer"] as const)(
    "%s spoils no later request",
    (misbehaviour) =>
      Effect.gen(function* () {
        const running = yield* receiver(misbehaviour)
        const post = yield* transport
        for (let i = 1; i <= 5; i++) {
          assert.strictEqual(yield* post(running.url), "200")
          assert.strictEqual(running.counts().requests, i)
        }
      })
  )

  it.live("is hit by a hundred requests at once, each with more than a gigabyte as its answer, costs no memory", () =>
    Effect.gen(function* () {
      const running = yield* receiver("sends a gigabyte")
      const post = yield* transport
      const sockets = yield* clientSockets
      const results = yield* Effect.all(
        Array.from({ length: 100 }, () => post(running.url)),
        { concurrency: "unbounded" }
      )
      assert.isAbove(results.filter((result) => result === "200").length, 90)
      const read = sockets.map((socket) => socket.bytesRead)
      assert.isAtMost(
        read.reduce((sum, bytes) => Math.max(sum, bytes), 0),
        128 * 1024
      )
      yield* gone(sockets)
    })
  )
})
