import { assert, describe, it } from "@effect/vitest"
import type { Connector, Credentials } from "@crochet/core"
import { LiveDrift, Recording, type Sandbox, Scrub, Shape } from "@crochet/core/testing"
import { Effect, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { startTinyApp } from "../conformance/TinyApp.ts"
import { tiny } from "../conformance/TinyConnector.ts"

const connector = tiny()
const salt = Redacted.make("a salt of this test")
const now = () => Date.UTC(2026, 8, 1)

const withApp = async <A>(test: (app: Sandbox.RunningApp, live: LiveDrift.Live) => Promise<A>): Promise<A> => {
  const app = await startTinyApp({ now, records: 6, seed: 3 })
  const credentials: Credentials.Credentials = {
    kind: "key",
    scheme: "key",
    values: { apiKey: Redacted.make(app.access!.values["apiKey"]!) }
  }
  const client = FetchHttpClient.layer
  try {
    return await test(app, { settings: app.settings, credentials, baseUrl: app.baseUrl!, salt, client })
  } finally {
    await app.close()
  }
}

const recorded = ({ client, ...live }: LiveDrift.Live, more: Partial<Recording.Options> = {}) =>
  Effect.runPromise(Recording.record({ connector, ...live, ...more }).pipe(Effect.provide(client)))

describe("a recording", () => {
  it("has no value of anybody, no secret and no header, and the shape of what came", () =>
    withApp(async (_, live) => {
      const cassette = await recorded(live)
      const text = JSON.stringify(cassette)
      for (const value of [
        "person-1@tiny.example",
        "Given-3-1",
        "tiny-key-3",
        "signature",
        "Tiny 3",
        "authorization"
      ]) {
        assert.notInclude(text, value)
      }
      assert.deepStrictEqual(
        cassette.entries.map(({ method, status }) => `${method} ${status}`),
        ["GET 200", "GET 200", "GET 200"]
      )
      const shape = Shape.of(cassette)
      assert.deepStrictEqual([...shape.get("GET /v1/people.people[].mail")!.kinds], ["e-mail"])
      assert.deepStrictEqual([...shape.get("GET /v1/people.people[].left")!.kinds], ["boolean"])
      assert.deepStrictEqual([...shape.get("GET /v1/people.people[].photo")!.kinds], ["URL"])
    }))

  it("is the same every time, and another one with another salt", () =>
    withApp(async (_, live) => {
      const one = await recorded(live)
      assert.deepStrictEqual(await recorded(live), one)
      assert.notDeepEqual(await recorded(live, { salt: Redacted.make("another") }), one)
    }))

  it("gives nothing when something is left, and does not say what", () => {
    const cassette = { app: "tiny", keep: [], entries: [{ method: "GET", target: "/", status: 200, body: "canary" }] }
    assert.throws(() => Recording.mustNotLeak(cassette, ["harmless", "canary"]), /Text 2 of those/)
  })

  it("is refused when a kept key holds the credentials", () =>
    withApp(async (_, live) => {
      const echo: Connector.Connector = {
        ...connector,
        resources: [],
        validate: (client) =>
          Effect.as(client.request({ operation: "validate", path: "/v1/me", query: { key: "tiny-key-3" } }), {
            name: "Tiny",
            subject: "me"
          })
      }
      const outcome = await recorded(live, { connector: echo, keep: ["key"] }).catch((error: unknown) => error)
      assert.match(String(outcome), /nothing is written/)
    }))
})

describe("a scrub", () => {
  const scrub = Scrub.make({ salt, keep: ["status"] })
  it("keeps what a value looks like, and references", () => {
    const row = { id: "0017-Ab", mail: "jo@acme.test", born: "1990-02-28", at: "2026-01-31T10:00:00Z", pay: 51_200.5 }
    const given = { ...row, boss: "0017-Ab", status: "ACTIVE", note: "Fell ill.", none: null, yes: true, zero: 0 }
    const fake = scrub.value(given) as Record<string, unknown>
    assert.match(String(fake["id"]), /^\d{4}-[A-Z][a-z]$/)
    assert.strictEqual(fake["boss"], fake["id"])
    assert.match(String(fake["mail"]), /^[a-z]{2}@example\.org$/)
    assert.match(String(fake["note"]), /^[A-Z][a-z]{3} [a-z]{3}\.$/)
    assert.isFalse(Number.isNaN(Date.parse(String(fake["born"]))))
    assert.match(String(fake["at"]), /^\d{4}-\d\d-\d\dT10:00:00Z$/)
    assert.isNumber(fake["pay"])
    assert.deepInclude(fake, { status: "ACTIVE", none: null, yes: true, zero: 0 })
    for (const key of Object.keys(row)) assert.notStrictEqual(fake[key], row[key as keyof typeof row], key)
  })
})

describe("a comparison with a live account", () => {
  it("is silent while the app is as it was", () =>
    withApp(async (app, live) => {
      const cassette = await recorded(live)
      const { employee } = app.populations
      if (employee !== undefined && "list" in employee && typeof employee.add === "function") await employee.add()
      assert.deepStrictEqual(await Effect.runPromise(LiveDrift.find(connector, cassette, live)), [])
    }))

  it("sees what the app has changed: keys, kinds of values, words", () =>
    withApp(async (_, live) => {
      const cassette = await recorded(live, { keep: ["status"] })
      const entries = cassette.entries.map((entry) =>
        entry.target.startsWith("/v1/people")
          ? { ...entry, body: { people: [{ id: 5, nick: "xy" }], next: null, total: 3, asOf: 4, removed: [] } }
          : entry
      )
      const told = await Effect.runPromise(LiveDrift.find(connector, { ...cassette, entries }, live))
      assert.include(told, "GET /v1/people.people[].id was number, and is number in a text")
      assert.include(told, "GET /v1/people.people[].nick is gone")
      assert.include(told, "GET /v1/people.people[].mail is new (e-mail)")
    }))

  it("names new words of keys that are kept", () => {
    const of = (status: string) =>
      Shape.of({
        app: "a",
        keep: ["status"],
        entries: [{ method: "GET", target: "/p", status: 200, body: { status } }]
      })
    assert.deepStrictEqual(Shape.drift(of("ACTIVE"), of("PAUSED")), ["GET /p.status has new words: PAUSED"])
  })
})
