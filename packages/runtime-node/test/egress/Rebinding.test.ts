import { DestinationKeys, Dispatcher, Transport, Vault, Wakeup } from "@crochet/core"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { type DnsAnswer, type DnsQuestion, type DnsRecord, startDnsServer } from "@crochet/simulators/network"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as NameServers from "../../src/egress/NameServers.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"
import * as SqliteStore from "../../src/sqlite/SqliteStore.ts"
import * as NodeCrypto from "../../src/vault/NodeCrypto.ts"

// 127.0.0.1 plays the public receiver (it is listed), 127.0.0.2 and all else the inside (not listed).
const listed = ["127.0.0.1/32"]
const outside: DnsRecord = { type: "A", data: "127.0.0.1" }
const inside: DnsRecord = { type: "A", data: "127.0.0.2" }

/** Answers every request on all addresses of this machine, and says on which it came. */
const receiver = Effect.map(
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly seen: Array<string>; readonly stop: () => void }>((resume) => {
      const seen: Array<string> = []
      const server = createServer((_, response) => response.setHeader("connection", "close").end())
      server.on("connection", (socket) => seen.push(socket.localAddress ?? ""))
      server.listen(0, "0.0.0.0", () => {
        const stop = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ port: (server.address() as AddressInfo).port, seen, stop }))
      })
    }),
    ({ stop }) => Effect.sync(stop)
  ),
  ({ port, seen }) => ({ port, seen })
)

const names = (answer: (question: DnsQuestion) => DnsAnswer | undefined) =>
  Effect.acquireRelease(
    Effect.promise(() => startDnsServer(answer)),
    (server) => Effect.promise(server.close)
  )

const guard = (server: { readonly address: string }, timeoutMillis = 10_000) => {
  const resolve = NameServers.resolve([server.address], { timeoutMillis, tries: 1 })
  return EgressGuard.EgressGuard.layer({ allow: listed, resolve })
}

const poster = (server: { readonly address: string }, lookupMillis?: number) =>
  Effect.map(Layer.build(UndiciTransport.layer().pipe(Layer.provide(guard(server, lookupMillis)))), (context) => {
    const post = (url: string, timeoutMillis = 20_000) =>
      Effect.flatMap(Transport.Transport, (transport) =>
        Effect.match(transport.post({ url, headers: {}, body: new Uint8Array([1]), timeoutMillis }), {
          onSuccess: ({ status }) => String(status),
          onFailure: ({ reason }) => reason._tag
        })
      ).pipe(Effect.provide(context))
    return post
  })

/** What one request comes to when the name server answers like this. */
const outcome = Effect.fnUntraced(function* (
  answer: (question: DnsQuestion) => DnsAnswer | undefined,
  lookupMillis?: number
) {
  const { port, seen } = yield* receiver
  const server = yield* names(answer)
  const post = yield* poster(server, lookupMillis)
  const result = yield* post(`http://hook.example:${port}/`)
  return { result, seen, questions: server.questions }
})

const ofType = (question: DnsQuestion, ...records: ReadonlyArray<DnsRecord>): DnsAnswer => ({
  records: records.filter(({ type }) => type === question.type || type === "CNAME")
})

describe("a name server that lies (F-80)", () => {
  it.live(
    "with alternating answers and no time to live reaches the inside never, the outside whenever it says so",
    () =>
      Effect.gen(function* () {
        const { port, seen } = yield* receiver
        const server = yield* names((question) => ofType(question, question.before % 2 === 0 ? outside : inside))
        const post = yield* poster(server)
        const results: Array<string> = []
        for (let i = 0; i < 20; i++) results.push(yield* post(`http://rebind.example:${port}/`))
        assert.deepStrictEqual(
          results,
          Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "200" : "Blocked"))
        )
        assert.deepStrictEqual(
          seen,
          Array.from({ length: 10 }, () => "127.0.0.1")
        )
        // Once per attempt and type: nothing is asked between the judgement and the connection.
        assert.lengthOf(server.questions, 40)
      })
  )

  it.live("shows what turned inwards as blocked in the log of attempts", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver
      const server = yield* names((question) => ofType(question, question.before === 0 ? outside : inside))
      const url = `http://turning.example:${port}/`
      const machine = DestinationKeys.DestinationKeys.layer.pipe(
        Layer.provideMerge(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(3)))),
        Layer.provideMerge(
          Layer.mergeAll(SqliteStore.layer({ path: ":memory:" }), NodeCrypto.layer, Wakeup.Wakeup.layer)
        ),
        Layer.provideMerge(UndiciTransport.layer().pipe(Layer.provideMerge(guard(server))))
      )
      yield* Effect.gen(function* () {
        yield* Effect.flatMap(EgressGuard.EgressGuard, ({ verify }) => verify(url))
        yield* World.setUp
        yield* World.destination("d1", { url })
        const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
        yield* Layer.build(Layer.fresh(Dispatcher.Dispatcher.layer()))
        while ((yield* World.attemptsOf(events[0]!.id)).length === 0) yield* Effect.sleep(5)
        const [attempt] = yield* World.attemptsOf(events[0]!.id)
        assert.deepStrictEqual([attempt?.status, attempt?.error], [null, "blocked"])
        assert.strictEqual((yield* World.eventOf(events[0]!.id)).lastError, "blocked")
      }).pipe(Effect.provide(machine))
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live.each<[string, (question: DnsQuestion) => DnsAnswer | undefined, string]>([
    ["an outer address", (question) => ofType(question, outside), "200"],
    ["an inner address", (question) => ofType(question, inside), "Blocked"],
    ["both, the inner one last", (question) => ofType(question, outside, inside), "Blocked"],
    ["both, the inner one first", (question) => ofType(question, inside, outside), "Blocked"],
    ["an outer IPv4 and an inner IPv6 address", (q) => ofType(q, outside, { type: "AAAA", data: "::1" }), "Blocked"],
    ["IPv4 in IPv6", (q) => ofType(q, outside, { type: "AAAA", data: "::ffff:127.0.0.2" }), "Blocked"],
    ["only an inner IPv6 address", (question) => ofType(question, { type: "AAAA", data: "fd00::1" }), "Blocked"],
    ["metadata", (question) => ofType(question, { type: "A", data: "169.254.169.254" }), "Blocked"],
    ["0.0.0.0", (question) => ofType(question, { type: "A", data: "0.0.0.0" }), "Blocked"],
    [
      "a chain of names to an inner one",
      (question) =>
        ofType(
          question,
          { type: "CNAME", data: "edge.example" },
          { type: "CNAME", name: "edge.example", data: "db.internal" },
          { ...inside, name: "db.internal" }
        ),
      "Blocked"
    ],
    [
      "a chain of names to an outer one",
      (question) => ofType(question, { type: "CNAME", data: "edge.example" }, { ...outside, name: "edge.example" }),
      "200"
    ],
    [
      "one inner among sixty",
      (question) => ofType(question, ...Array.from({ length: 59 }, () => outside), inside),
      "Blocked"
    ],
    [
      "a longer answer over TCP, inner",
      (question) => ({ ...(ofType(question, inside) as object), truncated: true }),
      "Blocked"
    ],
    [
      "a longer answer over TCP, outer",
      (question) => ({ ...(ofType(question, outside) as object), truncated: true }),
      "200"
    ],
    ["the same address twice", (question) => ofType(question, outside, outside), "200"],
    ["that there is no such name", () => ({ code: "NXDOMAIN" }), "Connection"],
    ["that the name has no address", () => ({}), "Connection"],
    ["that it failed", () => ({ code: "SERVFAIL" }), "Connection"],
    ["that it will not say", () => ({ code: "REFUSED" }), "Connection"],
    ["a name that leads to itself", (q) => ofType(q, { type: "CNAME", data: "hook.example" }), "Connection"],
    ["garbage", () => "garbage", "Connection"],
    ["nothing", () => "silence", "Connection"],
    ["IPv4 at once, IPv6 never", (question) => (question.type === "A" ? ofType(question, outside) : "silence"), "200"]
  ])("answering %s", ([what, answer, expected]) =>
    Effect.gen(function* () {
      const { result, seen } = yield* outcome(answer, /nothing|never|garbage/.test(what) ? 500 : undefined)
      assert.strictEqual(result, expected)
      assert.deepStrictEqual(seen, expected === "200" ? ["127.0.0.1"] : [])
    })
  )

  it.live("asks over TCP when the answer was cut off", () =>
    Effect.gen(function* () {
      const { questions } = yield* outcome((question) => ({ ...(ofType(question, inside) as object), truncated: true }))
      assert.includeMembers(
        questions.map(({ over }) => over),
        ["udp", "tcp"]
      )
    })
  )

  it.live("that is slow costs the timeout, once for all who ask, and nobody else anything", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* receiver
      const server = yield* names((question) =>
        question.name === "slow.example" ? "silence" : ofType(question, outside)
      )
      const post = yield* poster(server)
      const slow = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 8 }, () => post(`http://slow.example:${port}/`, 1500)),
          { concurrency: "unbounded" }
        )
      )
      yield* Effect.sleep(10)
      assert.strictEqual(yield* post(`http://quick.example:${port}/`), "200")
      assert.isUndefined(slow.pollUnsafe(), "the quick one waited for nobody")
      assert.deepStrictEqual(new Set(yield* Fiber.join(slow)), new Set(["Timeout"]))
      assert.lengthOf(
        server.questions.filter(({ name }) => name === "slow.example"),
        2
      )
      assert.deepStrictEqual(seen, ["127.0.0.1"])
    })
  )
})
