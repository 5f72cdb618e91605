import { connect } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Scope } from "effect"
import { HttpServer } from "effect/http"
import * as HttpListener from "../src/server/HttpListener.ts"
import * as Fakes from "./ServiceFakes.ts"

let port = 0
const scope = Effect.runSync(Scope.make())
beforeAll(async () => {
  const listener = HttpListener.layer({
    port: 0,
    host: "127.0.0.1",
    patience: { headersMillis: 400, requestMillis: 800 },
    trustedProxies: ["127.0.0.0/8"]
  }).pipe(Layer.provide(Fakes.layer), Layer.provideMerge(Logger.layer([])))
  const context = await Effect.runPromise(Layer.buildWithScope(listener, scope))
  const { address } = await Effect.runPromise(Effect.provideContext(HttpServer.HttpServer, context))
  port = "port" in address ? address.port : 0
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** Sends bytes as they are and returns everything that comes back. */
const raw = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(request))
    socket.on("data", (chunk) => {
      answer += String(chunk)
    })
    socket.on("close", () => resolve(answer))
    socket.on("error", reject)
  })
const head = `Host: localhost\r\nAuthorization: Bearer ${Fakes.apiKey}\r\nConnection: close\r\n`

describe("over a real socket", () => {
  it.each([
    ["an empty path", "GET // HTTP/1.1", 404],
    ["a path that no URL can have", "GET /\\\\ HTTP/1.1", 404],
    ["a host in the path", "GET //evil.example/v1.0/apps.list HTTP/1.1", 404],
    ["broken percent encoding", "GET /%E0%A4%A HTTP/1.1", 404],
    ["broken percent encoding of a call", "GET /v1.0/%zz HTTP/1.1", 404],
    ["broken percent encoding in a query", "GET /v1.0/events.list?state=%E0%A4%A HTTP/1.1", 400],
    ["a very long path", `GET /v1.0/${"a".repeat(5000)} HTTP/1.1`, 404],
    ["another method", "PROPFIND /v1.0/apps.list HTTP/1.1", 405],
    ["options for everything", "OPTIONS * HTTP/1.1", 404]
  ])("%s answers in the envelope", async (_, line, status) => {
    const answer = await raw(`${line}\r\n${head}\r\n`)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), answer)
    assert.match(answer, /x-knit-execution-id: ex_[0-9a-f]{32}/i)
    assert.match(answer, /\{"success":false,"error":\{"msg":/)
  })
  it("a body that is announced as too large, and is", async () => {
    const body = JSON.stringify({ dataType: "x".repeat(2_000_000) })
    const response = await fetch(`http://127.0.0.1:${port}/v1.0/sync.start`, {
      method: "POST",
      headers: { authorization: `Bearer ${Fakes.apiKey}`, "x-knit-integration-id": "int_1" },
      body
    })
    assert.strictEqual(response.status, 413)
    assert.strictEqual(((await response.json()) as { error: { code: string } }).error.code, "request.too_large")
  })
  it("headers, or a body, that drip in are answered with 408, and the connection is closed", async () => {
    const drip = (first: string): Promise<{ readonly answer: string; readonly millis: number }> =>
      new Promise((resolve) => {
        const startedAt = performance.now()
        let answer = ""
        const socket = connect(port, "127.0.0.1", () => socket.write(first))
        const timer = setInterval(() => socket.write("a"), 50)
        socket.on("data", (chunk) => {
          answer += String(chunk)
        })
        // Writing to a socket that was closed in between is the point.
        socket.on("error", () => {})
        socket.on("close", () => {
          clearInterval(timer)
          resolve({ answer, millis: performance.now() - startedAt })
        })
      })
    const [headers, body] = await Promise.all([
      drip("GET /health/live HTTP/1.1\r\nX-Drip: "),
      drip(`POST /v1.0/sync.start HTTP/1.1\r\n${head}Content-Length: 100000\r\n\r\n{`)
    ])
    for (const [what, { answer, millis }] of Object.entries({ headers, body })) {
      assert.match(answer, /^HTTP\/1\.1 408 /, what)
      assert.include(answer, '"code":"request.timeout"', what)
      assert.isBelow(millis, 5000, what)
    }
  })
  it("headers that are too large, and what is no HTTP, are answered in the envelope", async () => {
    const large = await raw(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Large: ${"a".repeat(20_000)}\r\n\r\n`)
    assert.match(large, /^HTTP\/1\.1 431 /)
    assert.include(large, '"code":"request.headers_too_large"')
    const nonsense = await raw("this is not HTTP\r\n\r\n")
    assert.match(nonsense, /^HTTP\/1\.1 400 /)
    assert.include(nonsense, '"code":"request.malformed"')
  })
  it("wrong keys count for the address that a trusted proxy tells of, and it alone", async () => {
    const asked = (forwardedFor: string) =>
      fetch(`http://127.0.0.1:${port}/v1.0/keys.list`, {
        headers: { authorization: "Bearer wrong", "x-forwarded-for": forwardedFor }
      })
    // What stands before the proxy's own word is the caller's invention, and helps nobody.
    for (let i = 0; i < 20; i++) assert.strictEqual((await asked(`10.0.0.${i}, 198.51.100.7`)).status, 401)
    const limited = await asked("192.0.2.1, 198.51.100.7")
    assert.strictEqual(limited.status, 429)
    assert.isAbove(Number(limited.headers.get("retry-after")), 0)
    assert.strictEqual((await asked("198.51.100.8")).status, 401, "a neighbour")
  })
  it("HEAD answers as GET without a body", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health/live`, { method: "HEAD" })
    assert.strictEqual(response.status, 200)
    assert.isNotNull(response.headers.get("x-knit-execution-id"))
  })
  it("a call after an accepted one uses the same connection", async () => {
    const one = `GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n`
    const answer = await raw(one + one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
    assert.strictEqual(answer.match(/HTTP\/1\.1 200/g)?.length, 2)
  })
})
