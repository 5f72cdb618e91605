import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { clientOn, ok, transport } from "./Fakes.ts"
import { get } from "./Answering.ts"

describe("Addresses", () => {
  const sends = (path: string, options: { readonly baseUrl?: string; readonly override?: string } = {}) =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app, {
        http: options.baseUrl === undefined ? {} : { baseUrl: () => options.baseUrl ?? "" },
        ...(options.override === undefined ? {} : { baseUrlOverride: options.override })
      })
      const exit = yield* Effect.result(client.request({ operation: "x", path }))
      if (exit._tag === "Failure") {
        assert.isEmpty(app.seen, "something was sent although the address is refused")
        return exit.failure.reason._tag
      }
      return [app.seen[0]?.url.href, exit.success.url]
    })
  const base = "https://acme.example.com/api/v1"

  it.effect("resolves paths and links", () =>
    Effect.gen(function* () {
      const at = (url: string) => [url, url]
      assert.deepStrictEqual(yield* sends("/a?b=c#d"), at(`${base}/a?b=c`))
      assert.deepStrictEqual(yield* sends("a/b"), at(`${base}/a/b`))
      assert.deepStrictEqual(yield* sends("//evil.example.org/a"), at(`${base}/evil.example.org/a`))
      assert.deepStrictEqual(
        yield* sends("https://acme.example.com/other?x=1"),
        at("https://acme.example.com/other?x=1")
      )
    })
  )

  it.effect("refuses to leave the base, before anything is sent", () =>
    Effect.gen(function* () {
      for (const path of [
        "/../admin",
        "/a/%2e%2e/%2e%2e/%2e%2e/admin",
        "https://evil.example.org/api/v1/a",
        "http://acme.example.com/api/v1/a",
        "https://acme.example.com:8443/api/v1/a",
        "https://acme.example.com@evil.example.org/",
        "https://user:pass@acme.example.com/api/v1/a",
        "ftp://acme.example.com/a"
      ]) {
        assert.strictEqual(yield* sends(path), "InvalidRequest", path)
      }
    })
  )

  it.effect("maps the connector's own links onto an operator's override, and refuses others", () =>
    Effect.gen(function* () {
      const override = "http://127.0.0.1:8080/sim/"
      assert.deepStrictEqual(yield* sends("/a", { override }), ["http://127.0.0.1:8080/sim/a", `${base}/a`])
      assert.deepStrictEqual(yield* sends(`${base}/a?page=2`, { override }), [
        "http://127.0.0.1:8080/sim/a?page=2",
        `${base}/a?page=2`
      ])
      assert.deepStrictEqual(
        (yield* sends("http://127.0.0.1:8080/sim/a", { override }))[0],
        "http://127.0.0.1:8080/sim/a"
      )
      assert.strictEqual(yield* sends("https://evil.example.org/a", { override }), "InvalidRequest")
    })
  )

  it.effect("says that a base URL is wrong", () =>
    Effect.gen(function* () {
      for (const baseUrl of ["", "acme", "ftp://acme.example.com", "https://user:pass@acme.example.com"]) {
        assert.strictEqual(yield* sends("/a", { baseUrl }), "InvalidRequest", baseUrl)
      }
    })
  )

  it.effect("gives up at once when the guard forbids the address", () =>
    Effect.gen(function* () {
      let asked = 0
      const client = yield* clientOn({
        client: HttpClient.make((request) => {
          asked += 1
          return Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.InvalidUrlError({ request, description: "The address is internal." })
            })
          )
        })
      })
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.strictEqual(error.reason.message, "The address is internal.")
      assert.strictEqual(asked, 1)
    })
  )
})
