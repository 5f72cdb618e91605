import { EventType } from "@crochet/core"
import { generateKeyPairSync, randomBytes, sign } from "node:crypto"
import fc from "fast-check"
import { Webhook } from "standardwebhooks"
import { afterEach, assert, describe, it, vi } from "vitest"
import {
  signWebhook,
  verifyWebhook,
  type VerifyOptions,
  type WebhookEvent,
  type WebhookHeaders,
  WebhookVerificationError,
  type WebhookVerificationReason
} from "../src/index.ts"

const at = 1614265330
const now = () => at * 1000
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const body = `{"eventId":"ev_1","eventType":"webhook.test","eventData":{"message":"é"}}`
const bytes = new TextEncoder().encode(body)
const options = { secrets: secret, now }

const signed = (text: string = body) => signWebhook(text, { secret, id: "ev_1", now: now() })

const refusal = async (attempt: Promise<unknown>): Promise<WebhookVerificationError> => {
  const error: unknown = await attempt.then(
    () => assert.fail("was accepted"),
    (reason: unknown) => reason
  )
  if (!(error instanceof WebhookVerificationError)) return assert.fail(`threw something else: ${String(error)}`)
  return error
}
const refused = async (reason: WebhookVerificationReason, attempt: Promise<unknown>, message = /\w/) => {
  const error = await refusal(attempt)
  assert.strictEqual(error.reason, reason, error.message)
  assert.match(error.message, message)
  assert.notInclude(error.message, secret.slice(6))
}
const verify = (headers: unknown, raw: unknown = body, given: VerifyOptions = options): Promise<WebhookEvent> =>
  verifyWebhook(raw as string, headers as WebhookHeaders, given)

afterEach(() => {
  vi.restoreAllMocks()
})

/** Of the vector's key pair: the second half of what its publisher shows. */
const vectorKey = `whpk_${Buffer.from("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==", "base64").subarray(32).toString("base64")}`

describe("published vectors", () => {
  const vector = { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": String(at) }
  const text = `{"test": 2432232314}`

  it("v1 and v1a verify; the body of the vector is no event of Crochet", async () => {
    const v1 = { ...vector, "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" }
    await refused("not_an_event", verify(v1, text))
    const v1a = {
      ...vector,
      "webhook-signature":
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
    }
    await refused("not_an_event", verify(v1a, text, { publicKeys: vectorKey, now }))
    await refused("no_matching_signature", verify(v1a, `${text} `, { publicKeys: vectorKey, now }))
    await refused("no_matching_signature", verify(v1a, text), /v1a needs publicKeys/)
  })

  it("Knit's verifies", async () => {
    const raw = `{"eventId":"e_1","eventType":"record.new"}`
    const headers = { "X-Knit-Signature": "ir327X3inTBtLVxHxGeFnBwvN6WqwrkZvrv1fvVdvbo" }
    const event = await verify(headers, raw, { knitApiKey: "test-api-key" })
    assert.strictEqual(event.eventId, "e_1")
    await refused("no_matching_signature", verify(headers, raw, { knitApiKey: "test-api-kez" }), /registered/)
    await refused("no_matching_signature", verify(headers, `${raw} `, { knitApiKey: "test-api-key" }))
    await refused("header_missing", verify({}, raw, { knitApiKey: "test-api-key" }), /standard mode/)
  })
})

describe("what is accepted", () => {
  it("text, bytes, a Buffer, a view into a larger buffer, an ArrayBuffer", async () => {
    const headers = await signed()
    const larger = new Uint8Array(bytes.length + 9)
    larger.set(bytes, 4)
    for (const raw of [
      body,
      bytes,
      Buffer.from(body),
      larger.subarray(4, 4 + bytes.length),
      bytes.buffer.slice(0),
      new DataView(bytes.buffer)
    ]) {
      assert.strictEqual((await verify(headers, raw)).eventId, "ev_1")
    }
  })

  it("Headers, Node's headers, records in any case, lists of one", async () => {
    const headers = await signed()
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
    for (const given of [new Headers({ ...headers }), { ...headers, host: "x", cookie: undefined }, upper, lists]) {
      assert.strictEqual((await verify(given)).eventType, "webhook.test")
    }
  })

  it("any of several signatures, in any order, among versions that it does not know", async () => {
    const good = await signed()
    const other = await signWebhook(body, {
      secret: `whsec_${randomBytes(32).toString("base64")}`,
      id: "ev_1",
      now: now()
    })
    const list = (...items: ReadonlyArray<string>) => ({ ...good, "webhook-signature": items.join(" ") })
    const [mine, theirs] = [good["webhook-signature"], other["webhook-signature"]]
    for (const headers of [list(theirs, mine), list(mine, theirs), list("v9,abc", "x", "", mine), list("v1,x", mine)]) {
      assert.strictEqual((await verify(headers)).eventId, "ev_1")
    }
    await refused("no_matching_signature", verify(list(theirs, "v9,abc")), /raw bytes/)
    await refused("no_matching_signature", verify(list(mine.replace("v1,", "v2,"))), /version/)
  })

  it("any of several secrets, also unpadded ones, and both kinds of keys at once", async () => {
    const headers = await signed()
    const other = `whsec_${randomBytes(25).toString("base64").replaceAll("=", "")}`
    await verify(headers, body, { now, secrets: [other, secret], publicKeys: vectorKey })
    await refused("no_matching_signature", verify(headers, body, { now, secrets: [other] }))
  })

  it("both schemes only when both fit", async () => {
    const headers = { ...(await signed()), "x-knit-signature": "ir327X3inTBtLVxHxGeFnBwvN6WqwrkZvrv1fvVdvbo" }
    await refused("no_matching_signature", verify(headers, body, { ...options, knitApiKey: "test-api-key" }), /knit/)
  })

  it("every event type of the server has a type of its own here", () => {
    const known: Record<EventType.EventType, WebhookEvent["eventType"]> = Object.fromEntries(
      EventType.eventTypes.map((type) => [type, type])
    ) as { [Type in EventType.EventType]: Type }
    assert.lengthOf(Object.keys(known), EventType.eventTypes.length)
  })
})

describe("what is refused", () => {
  it("a body that was parsed, or that is not there", async () => {
    const headers = await signed()
    const parsed = JSON.parse(body) as { readonly eventId: string }
    // @ts-expect-error: a parsed body is refused by the types already
    await refused("body_not_raw", verifyWebhook(parsed, headers, options), /was parsed.*express\.raw/)
    for (const raw of [undefined, null, 7, [1, 2], new Map()])
      await refused("body_not_raw", verify(headers, raw ?? null))
    await refused("no_matching_signature", verify(headers, JSON.stringify(parsed, null, 1)), /raw bytes/)
  })

  it("headers that are missing, doubled or malformed", async () => {
    const good = await signed()
    const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
    for (const name of Object.keys(good)) {
      const value = good[name as keyof typeof good]
      await refused("header_missing", verify(without(name)), new RegExp(name))
      await refused("header_missing", verify({ ...good, [name]: "" }))
      await refused("header_missing", verify({ ...good, [name]: [] }))
      await refused("header_duplicated", verify({ ...good, [name]: [value, value] }))
      await refused("header_duplicated", verify({ ...good, [name.toUpperCase()]: value }))
      await refused("header_duplicated", verify({ ...good, [name]: `${value}, ${value}` }), /proxies/)
      const doubled = new Headers({ ...good })
      doubled.append(name, value)
      await refused("header_duplicated", verify(doubled))
      await refused("header_too_large", verify({ ...good, [name]: "1".repeat(4097) }))
      await refused("header_malformed", verify({ ...good, [name]: 5 }))
    }
    for (const timestamp of [
      "1614265330.0",
      "+1614265330",
      "01614265330",
      " 1614265330",
      "0x1",
      "1e9",
      "NaN",
      "-1",
      "9".repeat(16)
    ]) {
      await refused("header_malformed", verify({ ...good, "webhook-timestamp": timestamp }))
    }
    for (const id of ["ev.1", "ev 1", "é", "a\nb"])
      await refused("header_malformed", verify({ ...good, "webhook-id": id }))
    const many = Array.from({ length: 20 }, () => "v9,x")
    await refused("no_matching_signature", verify({ ...good, "webhook-signature": many.join(" ") }))
    many.push(good["webhook-signature"])
    await refused("header_too_large", verify({ ...good, "webhook-signature": many.join(" ") }))
    for (const headers of [undefined, null, "x", 5, []]) await refused("header_missing", verify(headers ?? null))
  })

  it("times outside the tolerance, both ways", async () => {
    const headers = await signed()
    const when = (seconds: number, more: object = {}) =>
      verify(headers, body, { secrets: secret, now: () => (at + seconds) * 1000, ...more })
    await when(300)
    await when(-300)
    await refused("timestamp_too_old", when(300.001), /300 s ago/)
    await refused("timestamp_too_new", when(-300.001), /clock/)
    await when(3600, { toleranceSeconds: 3600 })
    await refused("timestamp_too_old", when(1, { toleranceSeconds: 0 }))
    await refused("timestamp_too_old", verify(headers, body, { secrets: secret }))
    await refused("invalid_options", when(0, { toleranceSeconds: Number.NaN }))
    await refused("invalid_options", when(0, { toleranceSeconds: -1 }))
    await refused("invalid_options", when(0, { now: () => Number.NaN }))
  })

  it("keys that cannot be, without telling them", async () => {
    const headers = await signed()
    const short = `whsec_${Buffer.alloc(23, 7).toString("base64")}`
    const cases: ReadonlyArray<readonly [VerifyOptions, RegExp]> = [
      [{}, /No key was given/],
      [{ secrets: [] }, /No key was given/],
      [{ secrets: "" }, /environment variable/],
      [{ secrets: [undefined as unknown as string] }, /environment variable/],
      [{ secrets: secret.slice(6) }, /begin with whsec_/],
      [{ secrets: `${secret}\n` }, /line break/],
      [{ secrets: short }, /23 bytes/],
      [{ publicKeys: secret }, /begin with whpk_/],
      [{ publicKeys: "whpk_AAAA" }, /3 bytes/]
    ]
    for (const [given, message] of cases)
      await refused("invalid_options", verify(headers, body, { now, ...given }), message)
    await refused("invalid_options", verify(headers, body, null as unknown as VerifyOptions))
  })

  it("signed bodies that are no events", async () => {
    for (const text of ["", "{", "null", "[]", `"x"`, `{"eventId":1,"eventType":"x"}`, `{"eventId":"x"}`]) {
      await refused("not_an_event", verify(await signed(text), text), /another sender/)
    }
    const broken = Uint8Array.of(...bytes.subarray(0, 12), 0xff, ...bytes.subarray(12))
    const headers = await signWebhook(broken, { secret, id: "ev_1", now: now() })
    await refused("not_an_event", verify(headers, broken))
  })

  it("everything, in a runtime without crypto", async () => {
    const headers = await signed()
    vi.spyOn(globalThis, "crypto", "get").mockReturnValue({} as Crypto)
    await refused("unsupported_runtime", verify(headers), /Node 20/)
  })
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
