import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { type AuthScheme, ConnectorError } from "../../src/index.ts"
import { clientOn, connector, failing, keyScheme, ok, SECRET, transport } from "./Fakes.ts"
import { get, eventually } from "./Answering.ts"

describe("Secrets", () => {
  it.effect("never leave in an error, whatever the app echoes", () =>
    Effect.gen(function* () {
      const basic = btoa(`${SECRET}:x`)
      const echoes = [
        SECRET,
        `Basic ${basic}`,
        basic,
        encodeURIComponent(SECRET),
        btoa(SECRET),
        "x".repeat(295) + SECRET
      ]
      for (const echo of echoes) {
        for (const status of [400, 401, 403, 404, 429, 500]) {
          const client = yield* clientOn(
            transport(() => failing(status, JSON.stringify({ message: `You sent ${echo}` })))
          )
          const error = yield* eventually(Effect.flip(client.json(get)))
          const shown = `${error.message} ${JSON.stringify(error)} ${JSON.stringify(Schema.encodeSync(ConnectorError.ConnectorError)(error))} ${error.stack} ${String(error)}`
          assert.notInclude(shown, "canary", `${status} ${echo}`)
          assert.notInclude(shown, basic.slice(0, 12), `${status} ${echo}`)
          assert.isAtMost(error.reason.message?.length ?? 0, 300)
        }
      }
    })
  )

  it.effect("never leave in a transport's error or in what a connector says itself", () =>
    Effect.gen(function* () {
      const client = yield* clientOn({
        client: HttpClient.make((request) =>
          Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.TransportError({
                request,
                description: SECRET,
                cause: new Error(JSON.stringify(request.headers))
              })
            })
          )
        )
      })
      const error = yield* eventually(Effect.flip(client.json(get)))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.notInclude(`${error.message} ${JSON.stringify(error)} ${error.stack}`, "canary")
      const own = client.fail("validate", new ConnectorError.Unauthorized({ message: `Bad key ${SECRET}` }))
      assert.strictEqual(own.reason.message, "Bad key ***")
    })
  )

  it.effect("says what is wrong with a key that cannot be sent, without the key", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app, {
        connector: connector({}, [
          { ...keyScheme, headers: (values: AuthScheme.Values) => ({ "x-key": `${values["apiKey"] ?? ""}\n` }) }
        ])
      })
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.include(error.message, "line break")
      assert.notInclude(error.message, "canary")
      assert.isEmpty(app.seen)
    })
  )
})
