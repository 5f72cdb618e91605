import { Transport } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { createServer as createHttp, type IncomingMessage, type RequestListener } from "node:http"
import { createServer as createHttps } from "node:https"
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"
import * as Tls from "./TlsFixture.ts"

const loopback = { allow: ["127.0.0.0/8"] }

/** Builds the transport with the guard on. */
const transport = (settings: Partial<EgressGuard.EgressSettings> = loopback) =>
  Effect.flatMap(
    Layer.build(UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer(settings)))),
    (context) => Effect.provide(Transport.Transport, context)
  )

const listening = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
    }),
    () =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
        server.close()
      })
  )
const sockets = new Set<Socket>()
const track = (server: Server) => {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
  })
  return server
}

const http = (listener: RequestListener) => listening(track(createHttp(listener)))
const tcp = (answer: (socket: Socket) => void) =>
  listening(
    track(
      createTcp((socket) => {
        socket.once("data", () => answer(socket))
      })
    )
  )

const text = async (request: IncomingMessage) => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const request = (port: number, patch: Partial<Transport.TransportRequest> = {}): Transport.TransportRequest => ({
  url: `http://127.0.0.1:${port}/hook?x=1`,
  headers: { "Content-Type": "application/json", "webhook-id": "ev_1" },
  body: new TextEncoder().encode(`{"a":"é"}`),
  timeoutMillis: 5000,
  ...patch
})

const reasonOf = (effect: Effect.Effect<unknown, Transport.DeliveryFailure>) =>
  Effect.map(Effect.flip(effect), (failure) => failure.reason._tag)

describe("UndiciTransport", () => {
  it.live("posts the very bytes with the headers, and uses the connection again", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      let connections = 0
      const server = createHttp(async (incoming, response) => {
        seen.push(`${incoming.method} ${incoming.url} ${incoming.headers["webhook-id"]} ${await text(incoming)}`)
        response.end("thank you")
      })
      server.on("connection", () => connections++)
      const port = yield* listening(track(server))
      const { post } = yield* transport()
      for (let i = 0; i < 5; i++) assert.deepStrictEqual(yield* post(request(port)), { status: 200 })
      assert.deepStrictEqual(new Set(seen), new Set([`POST /hook?x=1 ev_1 {"a":"é"}`]))
      assert.lengthOf(seen, 5)
      assert.strictEqual(connections, 1)
    })
  )

  it.live.each([201, 204, 301, 302, 303, 307, 308, 404, 410, 500, 503])("reports %s and goes nowhere else", (status) =>
    Effect.gen(function* () {
      let requests = 0
      const port = yield* http((_, response) => {
        requests++
        response.writeHead(status, { location: "/elsewhere" }).end()
      })
      const { post } = yield* transport()
      assert.deepStrictEqual(yield* post(request(port)), { status })
      assert.strictEqual(requests, 1)
    })
  )

  it.live("reads Retry-After", () =>
    Effect.gen(function* () {
      const port = yield* http((_, response) => response.writeHead(429, { "retry-after": "7" }).end())
      const { post } = yield* transport()
      assert.deepStrictEqual(yield* post(request(port)), { status: 429, retryAfterMillis: 7000 })
    })
  )

  it.live("reads X-Crochet-Control from any answer, and ignores what it does not know", () =>
    Effect.gen(function* () {
      const answers = ["pause", "pause; seconds=30", "stop"]
      const port = yield* http((_, response) => response.writeHead(200, { "X-Crochet-Control": answers.shift() }).end())
      const { post } = yield* transport()
      assert.deepStrictEqual(yield* post(request(port)), { status: 200, control: { kind: "pause" } })
      assert.deepStrictEqual(yield* post(request(port)), { status: 200, control: { kind: "park", millis: 30_000 } })
      assert.deepStrictEqual(yield* post(request(port)), { status: 200 })
    })
  )

  it.live("limits the whole answer, not the pause between bytes", () =>
    Effect.gen(function* () {
      const port = yield* http((_, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write("x"), 20)
        response.on("close", () => clearInterval(timer))
      })
      const { post } = yield* transport()
      assert.strictEqual(yield* reasonOf(post(request(port, { timeoutMillis: 300 }))), "Timeout")
    })
  )

  it.live.each([
    ["takes the connection and says nothing", ""],
    ["sends half a head", "HTTP/1.1 200 OK\r\nContent-"],
    ["sends a head and no body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"]
  ])("gives up on a receiver that %s", ([, bytes]) =>
    Effect.gen(function* () {
      const port = yield* tcp((socket) => socket.write(bytes!))
      const { post } = yield* transport()
      assert.strictEqual(yield* reasonOf(post(request(port, { timeoutMillis: 200 }))), "Timeout")
    })
  )

  it.live("reads 16 KiB of a huge answer and drops the connection", () =>
    Effect.gen(function* () {
      let written = 0
      const port = yield* http((_, response) => {
        response.writeHead(200)
        const chunk = Buffer.alloc(64 * 1024)
        const more = () => {
          while (!response.destroyed && written < 2 ** 30) {
            written += chunk.length
            if (!response.write(chunk)) return void response.once("drain", more)
          }
        }
        more()
      })
      const { post } = yield* transport()
      assert.deepStrictEqual(yield* post(request(port)), { status: 200 })
      assert.isBelow(written, 64 * 2 ** 20)
    })
  )

  it.live.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n", "InvalidResponse"],
    ["a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "InvalidResponse"],
    ["a head of 100 KB", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(100_000)}\r\n\r\n`, "InvalidResponse"],
    ["10,000 headers", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(10_000)}\r\n`, "InvalidResponse"]
  ] as const)("tells %s", ([, bytes, reason]) =>
    Effect.gen(function* () {
      const port = yield* tcp((socket) => socket.end(bytes))
      const { post } = yield* transport()
      assert.strictEqual(yield* reasonOf(post(request(port))), reason)
    })
  )

  it.live("tells a broken connection, before and within the answer", () =>
    Effect.gen(function* () {
      const { post } = yield* transport()
      const reset = yield* tcp((socket) => socket.resetAndDestroy())
      assert.strictEqual(yield* reasonOf(post(request(reset))), "Connection")
      const half = yield* tcp((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))
      assert.include(["Connection", "InvalidResponse"], yield* reasonOf(post(request(half))))
      const server = createTcp()
      const closed = yield* Effect.scoped(listening(server))
      assert.strictEqual(yield* reasonOf(post(request(closed))), "Connection")
    })
  )

  it.live("tells TLS trouble", () =>
    Effect.gen(function* () {
      const port = yield* tcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
      const { post } = yield* transport()
      assert.strictEqual(yield* reasonOf(post(request(port, { url: `https://127.0.0.1:${port}/` }))), "Tls")
    })
  )

  it.live("speaks TLS over the judged connection, to the host that the certificate names, and to no other", () =>
    Effect.gen(function* () {
      const hosts: Array<string | undefined> = []
      let connections = 0
      const server = createHttps({ key: Tls.key, cert: Tls.certificate }, (incoming, response) => {
        hosts.push(incoming.headers.host)
        response.end()
      })
      server.on("secureConnection", () => connections++)
      const port = yield* listening(track(server))
      const resolve: EgressGuard.Resolve = (_, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }])
      const guard = EgressGuard.EgressGuard.layer({ ...loopback, resolve })
      const trusting = UndiciTransport.layer({ certificates: [Tls.certificate] }).pipe(Layer.provide(guard))
      const { post } = yield* Effect.flatMap(Layer.build(trusting), (context) =>
        Effect.provide(Transport.Transport, context)
      )
      for (const host of ["127.0.0.1", "receiver.example", "receiver.example"]) {
        assert.deepStrictEqual(yield* post(request(port, { url: `https://${host}:${port}/` })), { status: 200 })
      }
      assert.deepStrictEqual(hosts, [`127.0.0.1:${port}`, `receiver.example:${port}`, `receiver.example:${port}`])
      assert.strictEqual(connections, 2)
      assert.strictEqual(yield* reasonOf(post(request(port, { url: `https://other.example:${port}/` }))), "Tls")
      const usual = yield* transport({ ...loopback, resolve })
      assert.strictEqual(
        yield* reasonOf(usual.post(request(port, { url: `https://receiver.example:${port}/` }))),
        "Tls"
      )
      assert.lengthOf(hosts, 3)
    })
  )

  it.live("cancels the request with its fiber", () =>
    Effect.gen(function* () {
      let closed: () => void
      const gone = new Promise<void>((resolve) => (closed = resolve))
      let arrived: () => void
      const begun = new Promise<void>((resolve) => (arrived = resolve))
      const port = yield* http((incoming) => {
        arrived()
        incoming.socket.on("close", closed)
      })
      const { post } = yield* transport()
      const fiber = yield* Effect.forkChild(post(request(port)))
      yield* Effect.promise(() => begun)
      yield* Fiber.interrupt(fiber)
      yield* Effect.promise(() => gone)
    })
  )

  it.live("writes nothing to a refused address, literal or looked up", () =>
    Effect.gen(function* () {
      let connections = 0
      const server = createTcp(() => connections++)
      const port = yield* listening(server)
      const resolve: EgressGuard.Resolve = (_, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }])
      const strict = yield* transport({ allowHttp: true, allowHighPorts: true, resolve })
      for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1", "0", "rebind.example", "localhost"]) {
        assert.strictEqual(
          yield* reasonOf(strict.post(request(port, { url: `http://${host}:${port}/` }))),
          "Blocked",
          host
        )
        assert.strictEqual(
          yield* reasonOf(strict.post(request(port, { url: `https://${host}:${port}/` }))),
          "Blocked",
          host
        )
      }
      assert.strictEqual(connections, 0)
    })
  )

  it.live("is not fooled by a name that changes its address after the check", () =>
    Effect.gen(function* () {
      let connections = 0
      const port = yield* listening(createTcp(() => connections++))
      let lookups = 0
      const resolve: EgressGuard.Resolve = (_, callback) => {
        lookups++
        callback(null, [{ address: lookups === 1 ? "93.184.215.14" : "127.0.0.1", family: 4 }])
      }
      const settings = { allowHttp: true, allowHighPorts: true, resolve }
      const guard = EgressGuard.make(settings)
      yield* guard.verify(`http://rebind.example:${port}/`)
      const { post } = yield* transport(settings)
      assert.strictEqual(yield* reasonOf(post(request(port, { url: `http://rebind.example:${port}/` }))), "Blocked")
      assert.strictEqual(connections, 0)
    })
  )

  it.live("connects to the address that was judged, with the name as Host", () =>
    Effect.gen(function* () {
      const hosts: Array<string | undefined> = []
      const port = yield* http((incoming, response) => {
        hosts.push(incoming.headers.host)
        response.end()
      })
      let lookups = 0
      const resolve: EgressGuard.Resolve = (_, callback) => {
        lookups++
        callback(null, [{ address: "127.0.0.1", family: 4 }])
      }
      const { post } = yield* transport({ ...loopback, resolve })
      assert.deepStrictEqual(yield* post(request(port, { url: `http://receiver.example:${port}/` })), { status: 200 })
      assert.deepStrictEqual(hosts, [`receiver.example:${port}`])
      assert.strictEqual(lookups, 1)
    })
  )

  it.live("judges the socket's own address again, whatever the look-up said", () =>
    Effect.gen(function* () {
      let bytes = 0
      const port = yield* listening(createTcp((socket) => socket.on("data", (chunk) => (bytes += chunk.length))))
      const real = EgressGuard.make(loopback)
      const lying = Layer.succeed(EgressGuard.EgressGuard, { ...real, permits: () => false })
      const context = yield* Layer.build(UndiciTransport.layer().pipe(Layer.provide(lying)))
      const { post } = yield* Effect.provide(Transport.Transport, context)
      assert.strictEqual(yield* reasonOf(post(request(port))), "Blocked")
      assert.strictEqual(yield* reasonOf(post(request(port, { url: `https://127.0.0.1:${port}/` }))), "Blocked")
      assert.strictEqual(bytes, 0)
    })
  )
})
