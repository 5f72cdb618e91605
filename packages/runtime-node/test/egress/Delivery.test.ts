import { DestinationKeys, Dispatcher, OutboxStore, Vault, Wakeup } from "@crochet/core"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Redacted, Scope } from "effect"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"
import * as SqliteStore from "../../src/sqlite/SqliteStore.ts"
import * as NodeCrypto from "../../src/vault/NodeCrypto.ts"

/** SQLite, OpenSSL and sockets: everything as in production. */
const production = DestinationKeys.DestinationKeys.layer.pipe(
  Layer.provideMerge(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(3)))),
  Layer.provideMerge(Layer.mergeAll(SqliteStore.layer({ path: ":memory:" }), NodeCrypto.layer, Wakeup.Wakeup.layer)),
  Layer.provideMerge(
    UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })))
  )
)

interface Request {
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

const receiver = (answer: (request: Request, response: ServerResponse) => void) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly requests: Array<Request>; readonly stop: () => void }>(
      (resume) => {
        const requests: Array<Request> = []
        const server = createServer((incoming, response) => {
          const chunks: Array<Buffer> = []
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
          incoming.on("end", () => {
            const request = { headers: incoming.headers, body: Buffer.concat(chunks).toString() }
            requests.push(request)
            answer(request, response)
          })
        })
        const stop = () => {
          server.closeAllConnections()
          server.close()
        }
        server.listen(0, "127.0.0.1", () => {
          resume(
            Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, requests, stop })
          )
        })
      }
    ),
    ({ stop }) => Effect.sync(stop)
  )

const dispatcher = Effect.fnUntraced(function* (options: Partial<Dispatcher.DispatcherOptions> = {}) {
  const scope = yield* Scope.make()
  yield* Layer.buildWithScope(Layer.fresh(Dispatcher.Dispatcher.layer(options)), scope)
  const stop = Scope.close(scope, Exit.void)
  yield* Effect.addFinalizer(() => stop)
  return { stop }
})

/** Waits for what another process does; the limit is the test's. */
const until = (condition: Effect.Effect<boolean, unknown>) =>
  Effect.gen(function* () {
    while (!(yield* condition)) yield* Effect.sleep(5)
  })

const completed = (runId: string) =>
  until(Effect.map(World.runStatus(runId), (run) => run.status === "completed") as Effect.Effect<boolean, unknown>)

describe("delivery over real sockets", () => {
  it.live("delivers a run whose every request a receiver's library accepts", () =>
    Effect.gen(function* () {
      const { url, requests } = yield* receiver((_, response) => response.end())
      yield* World.setUp
      const { secret } = yield* World.destination("d1", { url })
      yield* dispatcher()
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 200 }, (_, i) => ({ record: `r${i}` }))
      )
      yield* completed("run_1")
      assert.lengthOf(requests, 203)
      const webhook = new Webhook(Redacted.value(secret))
      for (const { headers, body } of requests) {
        const parsed = webhook.verify(body, headers as Record<string, string>) as { eventId: string }
        assert.strictEqual(parsed.eventId, headers["webhook-id"])
        assert.strictEqual(headers["content-type"], "application/json")
        assert.lengthOf(headers["x-knit-signature"] as string, 43)
      }
      assert.include(requests.at(-1)!.body, `"sync.events.allConsumed"`)
    }).pipe(Effect.scoped, Effect.provide(production))
  )

  it.live("is stopped and started in the middle, and sends nothing twice", () =>
    Effect.gen(function* () {
      const { url, requests } = yield* receiver((_, response) => void setTimeout(() => response.end(), 2))
      yield* World.setUp
      yield* World.destination("d1", { url })
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 500 }, (_, i) => ({ record: `r${i}` }))
      )
      for (let restart = 1; restart <= 4; restart++) {
        const { stop } = yield* dispatcher()
        yield* until(Effect.sync(() => requests.length >= restart * 100))
        yield* stop
      }
      assert.isBelow(requests.length, 503)
      yield* dispatcher()
      yield* completed("run_1")
      assert.lengthOf(requests, 503)
      assert.strictEqual(new Set(requests.map((one) => one.headers["webhook-id"])).size, 503)
    }).pipe(Effect.scoped, Effect.provide(production))
  )

  it.live("is not held up by a destination that never answers", () =>
    Effect.gen(function* () {
      const hanging = yield* receiver(() => {})
      const healthy = yield* receiver((_, response) => response.end())
      yield* World.setUp
      yield* World.destination("hanging", { url: hanging.url })
      yield* World.destination("healthy", { url: healthy.url })
      yield* dispatcher({ stopMillis: 0 })
      yield* World.run(
        "run_h",
        "hanging",
        Array.from({ length: 100 }, (_, i) => ({ record: `h${i}` }))
      )
      yield* until(Effect.sync(() => hanging.requests.length === 16))
      yield* World.run(
        "run_1",
        "healthy",
        Array.from({ length: 300 }, (_, i) => ({ record: `r${i}` }))
      )
      yield* completed("run_1")
      assert.lengthOf(healthy.requests, 303)
      assert.lengthOf(hanging.requests, 16)
    }).pipe(Effect.scoped, Effect.provide(production))
  )

  it.live("leaves no body behind once everything is acknowledged", () =>
    Effect.gen(function* () {
      const { url } = yield* receiver((_, response) => response.end())
      yield* World.setUp
      yield* World.destination("d1", { url })
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }])
      yield* dispatcher()
      yield* completed("run_1")
      const outbox = yield* OutboxStore.OutboxStore
      for (const event of events) assert.strictEqual((yield* outbox.body(World.workspaceId, event.id))._tag, "None")
      assert.strictEqual(yield* outbox.backlog("d1"), 0)
    }).pipe(Effect.scoped, Effect.provide(production))
  )
})
