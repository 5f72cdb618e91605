import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Logger, Schema, Tracer } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { CredentialsSource, Paginator, ProviderClients } from "../../src/index.ts"
import { connector, keyCredentials, readAll, SECRET } from "./Fakes.ts"

/** A real server on a free loopback port for as long as the scope lasts. */
const serve = (handler: Http.RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<Http.Server>((resolve) => {
          const server = Http.createServer(handler).listen(0, "127.0.0.1", () => resolve(server))
        })
    ),
    (server) =>
      Effect.promise(
        () =>
          new Promise<void>((resolve) => {
            server.closeAllConnections()
            server.close(() => resolve())
          })
      )
  ).pipe(Effect.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`))

const clientOf = (baseUrlOverride: string, http: Parameters<typeof connector>[0] = {}) =>
  ProviderClients.make({
    connector: connector(http),
    settings: {},
    credentials: CredentialsSource.memory(keyCredentials),
    baseUrlOverride
  })
const get = { operation: "employee.list", path: "/employees" }
const once = { ...get, idempotent: false }

const transports: { readonly [name: string]: Layer.Layer<HttpClient.HttpClient> } = {
  fetch: FetchHttpClient.layer,
  undici: NodeHttpClient.layerUndici,
  "node:http": NodeHttpClient.layerNodeHttp
}

describe.each(Object.entries(transports))("On a real transport: %s", (_, transport) => {
  it.live("talks to a server and adds no headers of ours", () =>
    Effect.gen(function* () {
      let seen: Http.IncomingHttpHeaders = {}
      const url = yield* serve((request, response) => {
        seen = request.headers
        response.setHeader("content-type", "application/json")
        response.end(JSON.stringify({ path: request.url, method: request.method }))
      })
      const client = yield* clientOf(`${url}/base`)
      const body = yield* client.json({ ...get, query: { "page[limit]": 2 } }).pipe(Effect.withSpan("a traced run"))
      assert.deepStrictEqual(body, { path: "/base/employees?page%5Blimit%5D=2", method: "GET" })
      assert.strictEqual(seen["authorization"], `Basic ${btoa(`${SECRET}:x`)}`)
      assert.isUndefined(seen["traceparent"])
      assert.isUndefined(seen["b3"])
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("does not carry credentials to where a redirect leads", () =>
    Effect.gen(function* () {
      let reached = false
      const elsewhere = yield* serve((_, response) => {
        reached = true
        response.end("{}")
      })
      const url = yield* serve((_, response) => {
        response.writeHead(302, { location: elsewhere }).end()
      })
      const error = yield* Effect.flip((yield* clientOf(url)).json(get))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.isFalse(reached)
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("reads a body that was cut off again, and calls it Unavailable when it stays so", () =>
    Effect.gen(function* () {
      let calls = 0
      const url = yield* serve((request, response) => {
        calls += 1
        const cut = calls === 1 || request.url === "/always"
        response.writeHead(200, { "content-length": "100" })
        if (!cut) return void response.end('{"ok":true}'.padEnd(100))
        response.write('{"ok":')
        setImmediate(() => request.socket.destroy())
      })
      const client = yield* clientOf(url)
      assert.deepStrictEqual(yield* client.json(get), { ok: true })
      const error = yield* Effect.flip(client.json({ ...once, path: "/always" }))
      assert.strictEqual(error.reason._tag, "Unavailable")
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("calls a refused connection Unavailable, without address or key", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(serve((_, response) => void response.end()))
      const error = yield* Effect.flip((yield* clientOf(url)).json(once))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.notInclude(`${error.message}${error.stack}${JSON.stringify(error)}`, "canary")
      assert.notInclude(error.message, "127.0.0.1")
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("ends the request when the caller is interrupted or time is up", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        response.writeHead(200)
        response.write("{")
      })
      const client = yield* clientOf(url, { timeoutMillis: 50 })
      const error = yield* Effect.flip(client.json(once))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.include(error.message, "50 ms")
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("pages through a server whose links carry the server's own address", () =>
    Effect.gen(function* () {
      const url = yield* serve((request, response) => {
        const at = Number(new URL(request.url ?? "", "http://host").searchParams.get("at") ?? 0)
        if (at < 4) response.setHeader("link", `<http://${request.headers.host}/employees?at=${at + 2}>; rel="next"`)
        response.end(JSON.stringify([at, at + 1]))
      })
      const pager = Paginator.linkHeader({
        request: () => get,
        answer: Schema.Array(Schema.Finite),
        items: (rows) => rows,
        paging: "offset"
      })
      const all = yield* readAll(pager, yield* clientOf(url))
      assert.deepStrictEqual(all.records, [0, 1, 2, 3, 4, 5])
      assert.lengthOf(all.ends, 1)
    }).pipe(Effect.scoped, Effect.provide(transport))
  )

  it.live("leaves no secret in logs or spans", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const spans: Array<Tracer.Span> = []
      const url = yield* serve((request, response) => {
        response.writeHead(request.url === "/bad" ? 403 : 200, { "set-cookie": `session=${SECRET}` }).end("{}")
      })
      const tracer = Tracer.make({
        span(options) {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* Effect.gen(function* () {
        const client = yield* clientOf(url)
        yield* client.json(get)
        const error = yield* Effect.flip(client.json({ ...get, path: "/bad" }))
        yield* Effect.logError("failed", error, client)
      }).pipe(
        Effect.withTracer(tracer),
        Effect.provide(Logger.layer([Logger.map(Logger.formatJson, (line) => void logged.push(line))]))
      )
      assert.isNotEmpty(spans)
      assert.lengthOf(logged, 1)
      const shown = JSON.stringify(logged) + JSON.stringify(spans.map((span) => [span.name, [...span.attributes]]))
      assert.notInclude(shown, "canary")
      assert.notInclude(shown, btoa(SECRET).slice(0, 12))
      assert.include(shown, "employee.list")
    }).pipe(Effect.scoped, Effect.provide(transport))
  )
})
