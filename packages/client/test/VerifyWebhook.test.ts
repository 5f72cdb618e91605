import { EventType } from "@crochet/core"
import { randomBytes } from "node:crypto"
import { afterEach, assert, describe, it, vi } from "vitest"
import { signWebhook, verifyWebhook, type VerifyOptions, type WebhookEvent } from "../src/index.ts"
import { at, body, bytes, now, options, refused, secret, signed, vectorKey, verify } from "./Signed.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

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
