import { RetrySchedule, Transport } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as fc from "fast-check"
import { createServer, type AddressInfo } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"

// The same in every run of the tests; other seeds and more runs by hand: FUZZ_SEED=7 FUZZ_TIMES=100 npx vitest run …
const seed = Number(process.env["FUZZ_SEED"] ?? 1)
const times = Number(process.env["FUZZ_TIMES"] ?? 1)
const runs = { seed, numRuns: 500 * times }
const octet = fc.integer({ min: 0, max: 255 })

describe("fuzzing answers", { timeout: 120_000 * times }, () => {
  it("reads any Retry-After as a time to come or not at all", () => {
    const now = Date.UTC(2026, 10, 22)
    const date = fc.date({ noInvalidDate: true }).map((one) => one.toUTCString())
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer().map(String),
      fc.double().map(String),
      date,
      fc.string().map((one) => `Mon, ${one}`)
    )
    fc.assert(
      fc.property(header, (text) => {
        const read = RetrySchedule.parseRetryAfter(text, now)
        if (read !== undefined) assert.isTrue(Number.isSafeInteger(read) && read >= 0, `${text}: ${read}`)
        const next = RetrySchedule.next(1, now, now, 0.5, read)!
        assert.isAtLeast(next - now, 1000)
        assert.isAtMost(next - now, 6 * 3_600_000)
      }),
      runs
    )
  })

  it.live("ends every answer as a status or a class, in time, and keeps the transport in order", () =>
    Effect.gen(function* () {
      let answer: Buffer = Buffer.alloc(0)
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", () => socket.end(answer))
      })
      const port = yield* Effect.acquireRelease(
        Effect.callback<number>((resume) => {
          server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
        }),
        () => Effect.sync(() => server.close())
      )
      const guard = EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })
      const context = yield* Layer.build(UndiciTransport.layer().pipe(Layer.provide(guard)))
      const { post } = yield* Effect.provide(Transport.Transport, context)
      const send = () =>
        Effect.runPromise(
          Effect.match(
            post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: new Uint8Array([1]), timeoutMillis: 10_000 }),
            {
              onSuccess: ({ status }) => String(status),
              onFailure: ({ reason }) => reason._tag
            }
          )
        )
      const line = fc.oneof(
        fc.constantFrom(
          "content-length: 3",
          "content-length: -1",
          "transfer-encoding: chunked",
          "connection: close",
          "retry-after: 7",
          "upgrade: x",
          "x: y",
          ""
        ),
        fc
          .tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }))
          .map(([name, value]) => `${name}: ${value}`)
      )
      const valid = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nretry-after: 7\r\nx-y: z\r\n\r\nabc")
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
        // A true answer with some bytes changed.
        fc.array(fc.tuple(fc.nat(valid.length - 1), octet), { maxLength: 6 }).map((changes) => {
          const copy = Buffer.from(valid)
          for (const [at, value] of changes) copy[at] = value
          return copy
        }),
        fc
          .tuple(fc.integer({ min: 0, max: 1200 }), fc.array(line, { maxLength: 8 }), fc.string({ unit: "binary" }))
          .map(([status, lines, body]) => Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join("\r\n")}\r\n\r\n${body}`))
      )
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(bytes, async (given) => {
            answer = given
            assert.match(await send(), /^([2-9]\d\d|1\d{3}|InvalidResponse|Connection)$/)
          }),
          { ...runs, numRuns: 200 * times }
        )
      )
      answer = valid
      assert.strictEqual(yield* Effect.promise(send), "200", "after all that")
    })
  )
})
