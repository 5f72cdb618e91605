import { type ConnectorError, CredentialsSource, Page, ProviderClients } from "@crochet/core"
import { createCrochet, type ReceivedEvent } from "@crochet/runtime-node"
import { Effect, Option, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { assert, describe, it } from "vitest"
import { connector } from "../src/index.ts"
import { startOkta } from "./OktaApp.ts"

const users = connector.resources[0]!
type Okta = Awaited<ReturnType<typeof startOkta>>

const open = (okta: Okta, token = okta.token) =>
  Effect.gen(function* () {
    const client = yield* ProviderClients.make({
      connector,
      settings: { subdomain: "acme", domain: "okta.com" },
      credentials: CredentialsSource.memory({ kind: "key", scheme: "token", values: { token: Redacted.make(token) } }),
      baseUrlOverride: okta.url
    })
    const issues: Array<string> = []
    const context = (checkpoint: unknown = null) => ({
      client,
      models: new Set<string>(),
      filters: {},
      passthrough: { query: {}, body: {}, headers: {} },
      includeInactive: true,
      checkpoint,
      issue: ({ code }: { readonly code: string }) => Effect.sync(() => void issues.push(code)),
      end: ({ because, paging }: { readonly because: string; readonly paging: Page.Paging }) =>
        Page.mintEnd({ evidence: "asserted", because, paging })
    })
    return { client, context, issues }
  }).pipe(Effect.provide(FetchHttpClient.layer))

const collect = (pages: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(pages), (all) => ({
    ids: all.flatMap((one) => (Page.isEnd(one) ? [] : one.records.map(users.recordId))),
    deleted: all.flatMap((one) => (Page.isEnd(one) ? [] : one.deleted)),
    checkpoints: all.flatMap((one) => (Page.isEnd(one) ? [] : [one.checkpoint])),
    end: all.find(Page.isEnd)
  }))

/** A test with an organisation of five, of whom one is deactivated. */
const okta =
  <A, E>(test: (okta: Okta) => Effect.Effect<A, E, import("effect").Scope.Scope>, now?: () => number) =>
  async () => {
    const app = await startOkta(now === undefined ? {} : { now })
    for (const id of ["a", "b", "c", "d"]) app.put(id)
    app.put("e", {}, { status: "DEPROVISIONED" })
    try {
      await Effect.runPromise(Effect.scoped(test(app)))
    } finally {
      await app.close()
    }
  }

describe("Okta", () => {
  it(
    "lists everybody, deactivated people too, and goes on from each page",
    okta((app) =>
      Effect.gen(function* () {
        const { context } = yield* open(app)
        const all = yield* collect(users.list(context()))
        assert.deepStrictEqual(all.ids, ["a", "b", "c", "d", "e"])
        assert.deepInclude(all.end, { evidence: "exhausted", paging: "token" })
        for (const [at, checkpoint] of all.checkpoints.entries()) {
          const rest = yield* collect(users.list(context(checkpoint)))
          assert.deepStrictEqual(rest.ids, all.ids.slice((at + 1) * 2))
        }
      })
    )
  )

  it("follows changes and deletions", async () => {
    let time = Date.parse("2026-03-02T12:00:00Z")
    await okta(
      (app) =>
        Effect.gen(function* () {
          const { context } = yield* open(app)
          time += 2 * 3_600_000
          const cursor = yield* users.changes!.start(context())
          time += 3_600_000
          app.put("b", { title: "Boss" })
          for (const id of ["c", "d", "e"]) app.delete(id)
          const delta = yield* collect(users.changes!.fetch(context(), cursor))
          assert.deepStrictEqual(delta.ids, ["b"])
          assert.deepStrictEqual(delta.deleted, ["c", "d", "e"])
          assert.strictEqual(delta.end?.cursor, "2026-03-02T15:00:00.000Z")
          time += 3_600_000
          // What bears the cursor's own stamp comes again, although Okta compares with "later than".
          const again = yield* collect(users.changes!.fetch(context(), delta.end!.cursor!))
          assert.deepStrictEqual([again.ids, again.deleted], [["b"], ["c", "d", "e"]])
        }),
      () => time
    )()
  })

  it(
    "goes on without the system log when it is closed, and says so",
    okta((app) =>
      Effect.gen(function* () {
        app.logIsClosed = true
        const { context, issues } = yield* open(app)
        const delta = yield* collect(users.changes!.fetch(context(), "2026-03-02T11:00:00.000Z"))
        assert.lengthOf(delta.ids, 5)
        assert.isDefined(delta.end)
        assert.deepStrictEqual(issues, ["deletions.unavailable"])
      })
    )
  )

  it(
    "gets one, and knows who is gone",
    okta((app) =>
      Effect.gen(function* () {
        const { context } = yield* open(app)
        assert.isTrue(Option.isSome(yield* users.get!(context(), "a")))
        assert.isTrue(Option.isNone(yield* users.get!(context(), "z")))
      })
    )
  )

  it(
    "validates, says whose token it is, and what to do about a bad one in Okta's own words",
    okta((app) =>
      Effect.gen(function* () {
        const { client } = yield* open(app)
        assert.deepStrictEqual(yield* connector.validate(client), { name: "admin@acme.example", subject: "00me" })
        const bad = yield* open(app, "canary-wrong")
        const error = yield* Effect.flip(connector.validate(bad.client))
        assert.strictEqual(error.reason._tag, "Unauthorized")
        assert.include(error.message, "Invalid token provided (E0000011)")
        assert.include(error.resolution, "Create a new token")
        assert.notInclude(JSON.stringify(error), "canary")
      })
    )
  )

  it("waits until the end of the window when the quota is used up", () => {
    const { retryAfterMillis } = connector.http
    const date = "Mon, 02 Mar 2026 12:00:00 GMT"
    const reset = String(Date.parse("2026-03-02T12:00:20Z") / 1000)
    assert.strictEqual(
      retryAfterMillis?.({ status: 429, text: "", headers: { date, "x-rate-limit-reset": reset } }),
      21_000
    )
  })

  it("runs in Crochet: new people, changed ones, gone ones, and one that cannot be read", async () => {
    let time = Date.UTC(2026, 2, 2, 12)
    const app = await startOkta({ now: () => time })
    for (const id of ["a", "b", "c"]) app.put(id)
    app.put("x", { firstName: 5 })
    let ended = (_: ReadonlyArray<string>) => {}
    let events: Array<string> = []
    const nextRun = () => new Promise<ReadonlyArray<string>>((resolve) => void (ended = resolve))
    const crochet = await createCrochet({
      connectors: [connector],
      database: "sqlite::memory:",
      baseUrls: { okta: app.url },
      egressAllow: ["127.0.0.0/8"],
      onEvent: ({ eventType, recordId }: ReceivedEvent) => {
        if (recordId !== undefined) events.push(`${eventType} ${recordId}`)
        if (eventType !== "sync.events.allConsumed") return
        ended(events.sort())
        events = []
      }
    })
    try {
      const initial = nextRun()
      const { integrationId } = await crochet.integrations.import({
        appId: "okta",
        originOrgId: "acme",
        settings: { subdomain: "acme.okta.com" },
        credentials: { token: app.token }
      })
      assert.deepStrictEqual(await initial, ["record.new a", "record.new b", "record.new c"])
      time += 3_600_000
      app.put("a", { title: "Boss" })
      app.put("b", {}, { status: "DEPROVISIONED" })
      app.delete("c")
      const delta = nextRun()
      await crochet.syncs.start({ integrationId, dataType: "employee", syncType: "delta_sync" })
      assert.deepStrictEqual(await delta, ["record.deleted b", "record.deleted c", "record.modified a"])
    } finally {
      await crochet.close()
      await app.close()
    }
  })
})
