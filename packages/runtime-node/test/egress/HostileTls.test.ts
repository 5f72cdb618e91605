import { Transport } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net"
import { createServer as createTls, type TlsOptions } from "node:tls"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"
import * as Certificates from "./Certificates.ts"
import * as SelfSigned from "./TlsFixture.ts"

/** For those who never end; the others are given time, because this machine may be busy. */
const timeoutMillis = 400
const patience = 10_000

const listening = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly stop: () => void }>((resume) => {
      const sockets = new Set<Socket>()
      server.on("connection", (socket: Socket) => {
        sockets.add(socket)
        socket.on("error", () => {})
      })
      server.on("tlsClientError", () => {})
      server.listen(0, "127.0.0.1", () => {
        const stop = () => {
          for (const socket of sockets) socket.destroy()
          server.close()
        }
        resume(Effect.succeed({ port: (server.address() as AddressInfo).port, stop }))
      })
    }),
    ({ stop }) => Effect.sync(stop)
  )

/** A receiver over TLS; counts what it decrypts. */
const receiver = Effect.fnUntraced(function* (options: TlsOptions) {
  const got = { bytes: 0 }
  const server = createTls(options, (socket) => {
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      got.bytes += chunk.length
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    })
  })
  return { port: (yield* listening(server)).port, got }
})

const post = Effect.fnUntraced(function* (
  port: number,
  certificates: ReadonlyArray<string> = [Certificates.authority],
  limit = patience
) {
  const guard = EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })
  const context = yield* Layer.build(UndiciTransport.layer({ certificates }).pipe(Layer.provide(guard)))
  const { post: send } = yield* Effect.provide(Transport.Transport, context)
  return yield* Effect.match(
    send({ url: `https://127.0.0.1:${port}/`, headers: {}, body: new Uint8Array([1]), timeoutMillis: limit }),
    { onSuccess: ({ status }) => String(status), onFailure: ({ reason }) => reason._tag }
  )
})

const good: TlsOptions = { key: Certificates.key, cert: Certificates.good }
const old = { ciphers: "DEFAULT@SECLEVEL=0" } as const

describe("a receiver whose TLS (F-26)", () => {
  it.live.each<[string, TlsOptions, string]>([
    ["is as it should be", good, "200"],
    ["is 1.2", { ...good, maxVersion: "TLSv1.2" }, "200"],
    ["is 1.0", { ...good, ...old, minVersion: "TLSv1", maxVersion: "TLSv1" }, "Tls"],
    ["is 1.1", { ...good, ...old, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" }, "Tls"],
    ["has expired", { ...good, cert: Certificates.expired }, "Tls"],
    ["has not begun", { ...good, cert: Certificates.future }, "Tls"],
    ["is another host's", { ...good, cert: Certificates.other }, "Tls"],
    ["is signed by itself", { key: SelfSigned.key, cert: SelfSigned.certificate }, "Tls"],
    [
      "has a huge chain",
      { ...good, cert: [Certificates.good, ...Array.from({ length: 400 }, () => Certificates.authority)].join("") },
      "Tls"
    ],
    [
      "wants a certificate of ours",
      { ...good, requestCert: true, rejectUnauthorized: true, ca: Certificates.authority },
      "Tls or Connection"
    ]
  ])("%s", ([, options, expected]) =>
    Effect.gen(function* () {
      const { got, port } = yield* receiver(options)
      assert.include(expected.split(" or "), yield* post(port))
      if (expected !== "200") assert.strictEqual(got.bytes, 0, "nothing was sent")
    })
  )

  it.live("is signed by an authority that nobody knows", () =>
    Effect.gen(function* () {
      const { got, port } = yield* receiver(good)
      assert.strictEqual(yield* post(port, [SelfSigned.certificate]), "Tls")
      assert.strictEqual(got.bytes, 0)
    })
  )

  it.live("is bad stays refused when the environment says that anything goes", () =>
    Effect.gen(function* () {
      const { got, port } = yield* receiver({ ...good, cert: Certificates.expired })
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"]
          process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0"
          return before
        }),
        (before) =>
          Effect.sync(() => {
            if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]
            else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before
          })
      )
      assert.strictEqual(yield* post(port), "Tls")
      assert.strictEqual(got.bytes, 0)
    })
  )

  it.live.each<[string, (socket: Socket) => void, string]>([
    ["never begins", () => {}, "Timeout"],
    ["drips", (socket) => void setInterval(() => socket.write("\x16"), 20).unref(), "Tls"],
    ["is plain HTTP", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), "Tls"],
    ["is noise", (socket) => socket.write(Buffer.alloc(100_000, 0x41)), "Tls"],
    ["announces a record and stops", (socket) => socket.write(Buffer.from([0x16, 3, 3, 0x40, 0, 2])), "Timeout"],
    ["ends in the handshake", (socket) => socket.end(), "Connection"],
    ["resets in the handshake", (socket) => socket.resetAndDestroy(), "Connection"]
  ])("%s", ([, answer, expected]) =>
    Effect.gen(function* () {
      const { port } = yield* listening(createTcp((socket) => socket.once("data", () => answer(socket))))
      const start = performance.now()
      const limit = expected === "Timeout" ? timeoutMillis : patience
      assert.strictEqual(yield* post(port, [Certificates.authority], limit), expected)
      assert.isBelow(performance.now() - start, limit + 5000)
    })
  )
})
