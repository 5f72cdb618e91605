import { RetrySchedule, Transport } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createServer, type RequestListener } from "node:http"
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"

const transport = Effect.flatMap(
  Layer.build(UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })))),
  (context) => Effect.provide(Transport.Transport, context)
)

/** A server with what it counts: connections made, and the most that were open at once. */
const serving = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<{ port: number; total: number; open: Set<Socket>; most: number; stop: () => void }>((resume) => {
      const counted = { port: 0, total: 0, open: new Set<Socket>(), most: 0, stop: () => {} }
      server.on("connection", (socket: Socket) => {
        counted.total++
        counted.open.add(socket)
        counted.most = Math.max(counted.most, counted.open.size)
        socket.on("error", () => {})
        socket.on("close", () => counted.open.delete(socket))
      })
      counted.stop = () => {
        for (const socket of counted.open) socket.destroy()
        server.close()
      }
      server.listen(0, "127.0.0.1", () => {
        counted.port = (server.address() as AddressInfo).port
        resume(Effect.succeed(counted))
      })
    }),
    ({ stop }) => Effect.sync(stop)
  )
const http = (listener: RequestListener) => serving(createServer(listener))
const tcp = (answer: string) =>
  serving(createTcp((socket) => socket.once("data", () => socket.end(Buffer.from(answer, "latin1")))))

const request = (port: number): Transport.TransportRequest => ({
  url: `http://127.0.0.1:${port}/hook`,
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode("{}"),
  timeoutMillis: 10_000
})

describe("answers over real sockets", () => {
  it.live.each([
    200, 201, 204, 299, 304, 301, 302, 303, 307, 308, 400, 401, 404, 408, 410, 413, 418, 425, 429, 500, 502, 503, 504,
    599, 999
  ])("%s is told as it came, and a place to go is never gone to (F-20)", (status) =>
    Effect.gen(function* () {
      const elsewhere = yield* http((_, response) => response.end())
      const place = `http://127.0.0.1:${elsewhere.port}/`
      const answer = `HTTP/1.1 ${status} X\r\nlocation: ${place}\r\nrefresh: 0;url=${place}\r\nlink: <${place}>\r\n`
      const there = yield* tcp(`${answer}${status === 204 || status === 304 ? "" : "content-length: 0\r\n"}\r\n`)
      const { post } = yield* transport
      assert.deepStrictEqual(yield* post(request(there.port)), { status })
      assert.strictEqual(there.total, 1)
      assert.strictEqual(elsewhere.total, 0)
    })
  )

  const inAnHour = new Date(Date.now() + 3_600_000)
  const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
  const [, date = "", month = "", year = "", time = ""] = inAnHour.toUTCString().split(/,? /)
  const rfc850 = `${weekdays[inAnHour.getUTCDay()]}, ${date}-${month}-${year.slice(2)} ${time} GMT`
  it.live.each<[string, readonly [number, number] | null]>([
    ["0", [0, 0]],
    ["7", [7000, 7000]],
    [" 7 ", [7000, 7000]],
    ["000120", [120_000, 120_000]],
    ["1000000000", [1e12, 1e12]],
    ["999999999999", [999_999_999_999_000, 999_999_999_999_000]],
    [inAnHour.toUTCString(), [3_590_000, 3_600_000]],
    [rfc850, [3_590_000, 3_600_000]],
    ["-5", null],
    ["+5", null],
    ["1.5", null],
    ["1e9", null],
    ["0x10", null],
    ["9999999999999", null],
    ["9".repeat(4000), null],
    ["Infinity", null],
    ["NaN", null],
    ["7, 8", null],
    ["7;8", null],
    ["seven", null],
    ["", null],
    ["Thu, 01 Jan 1970 00:00:00 GMT", null],
    ["Mon, 99 Foo 2099 25:61:61 GMT", null],
    ["Mon", null],
    ["2099-01-01T00:00:00Z", null],
    ["\xff\xfe", null]
  ])("Retry-After: %s (F-21)", ([value, expected]) =>
    Effect.gen(function* () {
      const { port } = yield* tcp(`HTTP/1.1 429 X\r\nretry-after: ${value}\r\ncontent-length: 0\r\n\r\n`)
      const { post } = yield* transport
      const answer = yield* post(request(port))
      if (expected === null) return assert.deepStrictEqual(answer, { status: 429 })
      assert.isAtLeast(answer.retryAfterMillis!, expected[0])
      assert.isAtMost(answer.retryAfterMillis!, expected[1])
      const next = RetrySchedule.next(1, 0, 0, 0.5, answer.retryAfterMillis)!
      assert.isAtLeast(next, 1000)
      assert.isAtMost(next, 6 * 3_600_000, "clamped to six hours")
    })
  )

  it.live("two Retry-After headers are none (F-21)", () =>
    Effect.gen(function* () {
      const { port } = yield* tcp("HTTP/1.1 503 X\r\nretry-after: 1\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n")
      const { post } = yield* transport
      assert.deepStrictEqual(yield* post(request(port)), { status: 503 })
    })
  )

  it.live("connections are used again more than 95 times in 100, and are no more than requests at once (F-72)", () =>
    Effect.gen(function* () {
      const receivers = yield* Effect.all(
        Array.from({ length: 4 }, () =>
          http((incoming, response) => {
            incoming.resume()
            setImmediate(() => response.end("thank you"))
          })
        )
      )
      const { post } = yield* transport
      const each = 500
      const atOnce = 16
      yield* Effect.all(
        receivers.map(({ port }) =>
          Effect.all(
            Array.from({ length: each }, () => post(request(port))),
            { concurrency: atOnce, discard: true }
          )
        ),
        { concurrency: "unbounded" }
      )
      for (const { most, total } of receivers) {
        assert.isAbove(1 - total / each, 0.95)
        assert.isAtMost(most, atOnce)
      }
    })
  )

  it.live("connections that served ill are closed: churn leaves none behind (F-72)", () =>
    Effect.gen(function* () {
      let count = 0
      const churning = yield* serving(
        createTcp((socket) =>
          socket.on("data", () => {
            const turn = count++ % 5
            if (turn === 0) socket.resetAndDestroy()
            else if (turn === 1) socket.end()
            else if (turn === 2) socket.write("no HTTP\r\n\r\n")
            else if (turn === 3) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")
            else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
          })
        )
      )
      const { post } = yield* transport
      yield* Effect.all(
        Array.from({ length: 200 }, () => Effect.exit(post({ ...request(churning.port), timeoutMillis: 500 }))),
        { concurrency: 20, discard: true }
      )
      while (churning.open.size > 0) yield* Effect.sleep(5)
      assert.isAtMost(churning.most, 40)
      assert.isAtLeast(churning.total, 100)
    })
  )
})
