import { generateKeyPairSync, sign } from "node:crypto"
import fc from "fast-check"
import { Webhook } from "standardwebhooks"
import { afterEach, assert, describe, it, vi } from "vitest"
import { signWebhook, verifyWebhook } from "../src/index.ts"
import { at, body, bytes, now, refusal, refused, secret, signed, vectorKey, verify } from "./Signed.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const flipped = (text: string, bit: number): string => {
  const copy = Buffer.from(text, "latin1")
  const at = bit % (copy.length * 8)
  copy[at >> 3]! ^= 1 << (at & 7)
  return copy.toString("latin1")
}

describe("fuzzing", () => {
  const pair = generateKeyPairSync("ed25519")
  const ownKey = `whpk_${Buffer.from(pair.publicKey.export({ format: "jwk" }).x!, "base64url").toString("base64")}`
  const edSigned = {
    "webhook-id": "ev_1",
    "webhook-timestamp": String(at),
    "webhook-signature": `v1a,${sign(null, Buffer.from(`ev_1.${at}.${body}`), pair.privateKey).toString("base64")}`
  }

  it("one flipped bit of body, id, timestamp or signature is never accepted (v1 and v1a)", async () => {
    const given = { secrets: secret, publicKeys: ownKey, toleranceSeconds: 1e15, now }
    const hmacSigned: Record<string, string> = { ...(await signed()) }
    for (const headers of [hmacSigned, edSigned as Record<string, string>]) {
      await verify(headers, body, given)
      for (const name of Object.keys(headers)) {
        const value = headers[name]!
        for (let bit = 0; bit < value.length * 8; bit++) {
          await refusal(verify({ ...headers, [name]: flipped(value, bit) }, body, given))
        }
      }
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (bit) => {
          const copy = Uint8Array.from(bytes)
          const at = bit % (copy.length * 8)
          copy[at >> 3]! ^= 1 << (at & 7)
          assert.strictEqual((await refusal(verify(headers, copy, given))).reason, "no_matching_signature")
        }),
        { numRuns: 300, seed: 1 }
      )
    }
  })

  it("one flipped bit of Knit's signature or of its body is never accepted", async () => {
    const raw = `{"eventId":"e_1","eventType":"record.new"}`
    const signature = "ir327X3inTBtLVxHxGeFnBwvN6WqwrkZvrv1fvVdvbo"
    const given = { knitApiKey: "test-api-key" }
    for (let bit = 0; bit < signature.length * 8; bit++) {
      await refusal(verify({ "x-knit-signature": flipped(signature, bit) }, raw, given))
    }
    for (let bit = 0; bit < raw.length * 8; bit++) {
      await refusal(verify({ "x-knit-signature": signature }, Buffer.from(flipped(raw, bit), "latin1"), given))
    }
  })

  it("no headers make it throw anything but its own error", async () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary", maxLength: 5000 }),
      fc.constantFrom("v1,", "v1a,", String(at), "ev_1", `v1,${Buffer.alloc(32).toString("base64")}`, "v1,=", "v1a,%"),
      fc.anything()
    )
    const name = fc.oneof(
      fc.constantFrom("webhook-id", "webhook-timestamp", "webhook-signature", "x-knit-signature", "get"),
      fc.string()
    )
    const given = { secrets: secret, publicKeys: vectorKey, knitApiKey: "k", now }
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.dictionary(name, value), fc.anything()), fc.anything(), async (headers, raw) => {
        await refusal(verify(headers ?? null, raw ?? null, given))
        await refusal(
          verify({ "webhook-id": "ev_1", "webhook-timestamp": String(at), ...Object(headers) }, body, given)
        )
      }),
      { numRuns: 1000, seed: 2 }
    )
  })

  it("a signature made for one destination never verifies at another", async () => {
    const anySecret = fc
      .uint8Array({ minLength: 24, maxLength: 64 })
      .map((key) => `whsec_${Buffer.from(key).toString("base64")}`)
    await fc.assert(
      fc.asyncProperty(anySecret, anySecret, fc.json(), async (a, b, data) => {
        fc.pre(a !== b)
        const text = `{"eventId":"ev_1","eventType":"record.new","eventData":${data}}`
        const headers = await signWebhook(text, { secret: a, id: "ev_1", now: now() })
        assert.strictEqual((await verify(headers, text, { secrets: a, now })).eventId, "ev_1")
        await refused("no_matching_signature", verify(headers, text, { secrets: b, now }))
      }),
      { numRuns: 200, seed: 3 }
    )
  })
})

describe("how it compares", () => {
  it("lets crypto.subtle.verify compare, which takes constant time, and never compares signatures itself", async () => {
    const verified = vi.spyOn(crypto.subtle, "verify")
    const computed = vi.spyOn(crypto.subtle, "sign")
    const headers = await signed()
    computed.mockClear()
    await verify(headers)
    assert.deepStrictEqual(
      verified.mock.calls.map(([algorithm, , signature]) => [algorithm, (signature as Uint8Array).length]),
      [["HMAC", 32]]
    )
    assert.lengthOf(computed.mock.calls, 0, "the right signature was computed in sight of the given one")
  })

  it("agrees with the standardwebhooks library in both directions", async () => {
    const library = new Webhook(secret)
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/), async (data, id) => {
        const text = `{"eventId":${JSON.stringify(id)},"eventType":"record.new","eventData":${data}}`
        const time = new Date()
        const theirs = {
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(time.getTime() / 1000)),
          "webhook-signature": library.sign(id, time, text)
        }
        assert.deepStrictEqual(await verifyWebhook(text, theirs, { secrets: secret }), JSON.parse(text))
        assert.deepStrictEqual(library.verify(text, { ...(await signWebhook(text, { secret, id })) }), JSON.parse(text))
      }),
      { numRuns: 50, seed: 4 }
    )
  })
})
