import { ask, askable, deliver, described } from "@crochet/proof/EgressDrivers"
import { EgressGuard } from "@crochet/runtime-node"
import {
  blockedVectors,
  controlVectors,
  holds,
  type PreparedVector,
  runEgressVectors,
  type VectorResult
} from "@crochet/simulators/network"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"

const breaches = (results: ReadonlyArray<VectorResult>) => results.filter((result) => !holds(result)).map(described)
const bytes = (results: ReadonlyArray<VectorResult>) => results.reduce((sum, result) => sum + result.bytes, 0)

describe("egress vectors (F-80)", () => {
  it("are at least 300, each there once", () => {
    const keys = blockedVectors.map(({ answers, settings, url }) => JSON.stringify([url, answers, settings]))
    assert.isAtLeast(blockedVectors.length, 300)
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("are all blocked for deliveries, with 0 bytes sent", async () => {
    const results = await runEgressVectors(blockedVectors, deliver)
    assert.deepStrictEqual(breaches(results), [])
    assert.strictEqual(bytes(results), 0)
  })

  it("are all blocked for connectors, with 0 bytes sent", async () => {
    const results = await runEgressVectors(askable, ask)
    assert.isAtLeast(results.length, 250)
    assert.deepStrictEqual(breaches(results), [])
    assert.strictEqual(bytes(results), 0)
  })

  it.each(blockedVectors.map((vector) => [vector.url, vector] as const))(
    "%s is refused for its own reason",
    async (_, vector) => {
      await runEgressVectors([vector], async ({ settings, url }) => {
        const refused = await Effect.runPromise(Effect.flip(EgressGuard.make(settings).verify(url)))
        assert.strictEqual(refused.refusal, vector.reason)
        return "Blocked"
      })
    }
  )

  it("have a control group that arrives, for deliveries and connectors", async () => {
    assert.deepStrictEqual(breaches(await runEgressVectors(controlVectors, deliver)), [])
    assert.deepStrictEqual(breaches(await runEgressVectors(controlVectors, ask)), [])
  })

  it("would tell a guard that lets everything pass", async () => {
    const absent = Layer.succeed(EgressGuard.EgressGuard, {
      check: () => null,
      verify: () => Effect.void,
      addresses: (target, callback) => callback(null, [{ address: target.hostname, family: 4 }]),
      permits: () => true
    })
    const loopback = blockedVectors.filter(({ url }) =>
      /^http:\/\/(127|0x7f|2130706433|\[::ffff:127)[^@]*\{port\}/.test(url)
    )
    const results = await runEgressVectors(loopback, (vector) => deliver(vector, absent))
    assert.isAtLeast(results.length, 15)
    for (const result of results) assert.isFalse(holds(result), result.vector.url)
    assert.isAbove(bytes(results), 1000)
  })

  it("would tell a guard that does not judge what names lead to", async () => {
    const careless = (vector: PreparedVector) => {
      const real = EgressGuard.make(vector.settings)
      return Layer.succeed(EgressGuard.EgressGuard, {
        ...real,
        addresses: (target, callback) => vector.settings.resolve(target.hostname, callback)
      })
    }
    const named = blockedVectors.filter(({ answers }) => answers.length === 1 && answers[0] === "127.0.0.1")
    const results = await runEgressVectors(named, (vector) => deliver(vector, careless(vector)))
    // The second judgement, at the socket, still keeps every byte back, but a connection was made.
    assert.strictEqual(bytes(results), 0)
    assert.isAbove(results.filter((result) => !holds(result)).length, 5)
  })
})
