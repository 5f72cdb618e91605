import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as ProviderHttp from "../../src/egress/ProviderHttp.ts"

const serve = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly stop: () => void }>((resume) => {
      const server = createServer(listener)
      server.listen(0, "127.0.0.1", () => {
        const stop = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }))
      })
    }),
    ({ stop }) => Effect.sync(stop)
  )

const client = (settings: Partial<EgressGuard.EgressSettings>) =>
  Effect.flatMap(
    Layer.build(ProviderHttp.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer(settings)))),
    (context) => Effect.provide(HttpClient.HttpClient, context)
  )

describe("ProviderHttp", () => {
  it.live("reads JSON, with the request's headers and no tracing headers", () =>
    Effect.gen(function* () {
      const { url } = yield* serve((request, response) => {
        response.setHeader("content-type", "application/json")
        response.end(JSON.stringify({ path: request.url, headers: request.headers }))
      })
      const http = yield* client({ allow: ["127.0.0.0/8"] })
      const request = HttpClientRequest.get(`${url}/v1/employees?page=2`).pipe(HttpClientRequest.bearerToken("secret"))
      const answer = yield* http.execute(request).pipe(Effect.withSpan("outer"))
      const seen = (yield* answer.json) as { path: string; headers: Record<string, string> }
      assert.strictEqual(seen.path, "/v1/employees?page=2")
      assert.strictEqual(seen.headers["authorization"], "Bearer secret")
      assert.notProperty(seen.headers, "traceparent")
      assert.notProperty(seen.headers, "b3")
    })
  )

  it.live("streams what is larger than any buffer of ours", () =>
    Effect.gen(function* () {
      const { url } = yield* serve((_, response) => response.end(Buffer.alloc(3_000_000, 1)))
      const http = yield* client({ allow: ["127.0.0.0/8"] })
      const answer = yield* http.get(url)
      const size = yield* Stream.runFold(
        answer.stream,
        () => 0,
        (sum, chunk) => sum + chunk.length
      )
      assert.strictEqual(size, 3_000_000)
    })
  )

  it.live("follows no redirect", () =>
    Effect.gen(function* () {
      let followed = 0
      const elsewhere = yield* serve((_, response) => {
        followed++
        response.end()
      })
      const { url } = yield* serve((request, response) => {
        if (request.url !== "/") followed++
        response.writeHead(302, { location: request.url === "/" ? elsewhere.url : "/same" }).end()
      })
      const http = yield* client({ allow: ["127.0.0.0/8"] })
      assert.strictEqual((yield* http.get(url)).status, 302)
      assert.strictEqual(followed, 0)
    })
  )

  it.live("refuses private addresses, literal or looked up, before a connection is made", () =>
    Effect.gen(function* () {
      let connections = 0
      const { url } = yield* serve((_, response) => {
        connections++
        response.end()
      })
      const resolve: EgressGuard.Resolve = (_, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }])
      const http = yield* client({ allowHttp: true, allowHighPorts: true, resolve })
      for (const target of [
        url,
        url.replace("127.0.0.1", "tenant.example"),
        url.replace("127.0.0.1", "[::ffff:7f00:1]")
      ]) {
        const error = yield* Effect.flip(http.get(target))
        assert.strictEqual(error.reason._tag, "InvalidUrlError", "nobody asks again for what is refused")
        assert.strictEqual(error.reason.description, new EgressGuard.EgressRefused({ refusal: "address" }).message)
      }
      assert.strictEqual(connections, 0)
    })
  )

  it.live("ignores proxy variables", () =>
    Effect.gen(function* () {
      let proxied = 0
      const proxy = yield* serve((_, response) => {
        proxied++
        response.end()
      })
      const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      for (const name of names) process.env[name] = proxy.url
      const { url } = yield* serve((_, response) => response.end("direct"))
      const http = yield* client({ allow: ["127.0.0.0/8"] })
      assert.strictEqual(yield* Effect.flatMap(http.get(url), (answer) => answer.text), "direct")
      for (const name of names) delete process.env[name]
      assert.strictEqual(proxied, 0)
    })
  )

  it.live("takes the allowed networks from CROCHET_EGRESS_ALLOW", () =>
    Effect.gen(function* () {
      const guardBy = (value?: string) =>
        Effect.provide(
          EgressGuard.EgressGuard,
          EgressGuard.EgressGuard.layerConfig.pipe(
            Layer.provide(
              ConfigProvider.layer(
                ConfigProvider.fromEnv({ env: value === undefined ? {} : { CROCHET_EGRESS_ALLOW: value } })
              )
            )
          )
        )
      assert.strictEqual((yield* guardBy()).check("http://127.0.0.1:3000/")?.refusal, "address")
      const allowing = yield* guardBy("10.0.0.0/8, 127.0.0.0/8")
      assert.isNull(allowing.check("http://127.0.0.1:3000/"))
      assert.isNull(allowing.check("http://10.1.1.1/"))
      const error = yield* Effect.flip(guardBy("10.0.0.0/99"))
      assert.include(error.message, `CROCHET_EGRESS_ALLOW: "10.0.0.0/99"`)
    })
  )
})
