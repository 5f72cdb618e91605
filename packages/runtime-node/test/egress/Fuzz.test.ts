import { RetrySchedule, Transport } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as fc from "fast-check"
import { createServer, type AddressInfo } from "node:net"
import * as AddressPolicy from "../../src/egress/AddressPolicy.ts"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"
import * as UndiciTransport from "../../src/egress/UndiciTransport.ts"
import * as Oracle from "./AddressOracle.ts"

// The same in every run of the tests; other seeds and more runs by hand: FUZZ_SEED=7 FUZZ_TIMES=100 npx vitest run …
const seed = Number(process.env["FUZZ_SEED"] ?? 1)
const times = Number(process.env["FUZZ_TIMES"] ?? 1)
const runs = { seed, numRuns: 500 * times }
const octet = fc.integer({ min: 0, max: 255 })
const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".")

/** Numbers of addresses, often near the ends of special blocks. */
const edges = ["0.0.0.0", "10.0.0.0", "100.64.0.0", "127.0.0.1", "168.63.129.16", "169.254.169.254", "172.16.0.0"]
  .concat(["192.0.0.0", "192.88.99.0", "192.168.0.0", "198.18.0.0", "203.0.113.0", "224.0.0.0", "93.184.215.14"])
  .map((text) => Number(Oracle.numberOf(text)!.value))
const fourNumber = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc
    .tuple(
      fc.constantFrom(...edges),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(0, 2 ** 8, 2 ** 16, 2 ** 22, 2 ** 24)
    )
    .map(([base, step, block]) => (((base + step + block) % 2 ** 32) + 2 ** 32) % 2 ** 32)
)
/** One of the spellings that URLs allow for a number. */
const spelledFour = fc
  .tuple(
    fourNumber,
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.constantFrom(10, 8, 16), { minLength: 4, maxLength: 4 }),
    fc.boolean()
  )
  .map(([value, parts, bases, dot]) => {
    const numbers: Array<number> = []
    for (let i = 0; i < parts - 1; i++) numbers.push((value >>> (24 - 8 * i)) & 255)
    numbers.push(parts === 1 ? value : value % 2 ** (32 - 8 * (parts - 1)))
    const prefix = { 10: "", 8: "0", 16: "0x" }
    const host = numbers.map((number, i) => prefix[bases[i] as 8 | 10 | 16] + number.toString(bases[i])).join(".")
    return { address: dotted(value), host: dot ? `${host}.` : host }
  })

const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
const starts = [
  "::",
  "::ffff:0:0",
  "::ffff:0:0:0",
  "64:ff9b::",
  "64:ff9b:1::",
  "100::",
  "2001::",
  "2001:db8::",
  "2002::"
]
  .concat([
    "2620:4f:8000::",
    "3fff::",
    "5f00::",
    "fc00::",
    "fe80::",
    "fec0::",
    "ff00::",
    "2a00:1450::5efe:0:0",
    "2600::"
  ])
  .map((text) => Oracle.numberOf(text)!.value)
const sixNumber = fc.oneof(
  fc
    .array(group, { minLength: 8, maxLength: 8 })
    .map((groups) => groups.reduce((sum, one) => (sum << 16n) + BigInt(one), 0n)),
  fc
    .tuple(fc.constantFrom(...starts), fourNumber, fc.constantFrom(0n, 16n, 32n, 64n, 80n))
    .map(([start, four, shift]) => {
      const value = start | (BigInt(four) << shift)
      return value & (2n ** 128n - 1n)
    }),
  fc
    .tuple(fc.constantFrom(...starts), fc.integer({ min: -2, max: 2 }))
    .map(([start, step]) => (start + BigInt(step) + 2n ** 128n) % 2n ** 128n)
)
const groupsOf = (value: bigint) =>
  Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn))
const spelledSix = fc
  .tuple(sixNumber, fc.constantFrom("full", "padded", "short", "upper", "mixed"))
  .map(([value, style]) => {
    const groups = groupsOf(value).map((one) => one.toString(16))
    const full = groups.join(":")
    if (style === "padded") return groups.map((one) => one.padStart(4, "0")).join(":")
    if (style === "upper") return full.toUpperCase()
    if (style === "mixed") return `${groups.slice(0, 6).join(":")}:${dotted(Number(value & 0xffffffffn))}`
    if (style === "short") return full.replace(/(^|:)0(:0)+(:|$)/, "::")
    return full
  })
const address = fc.oneof(fourNumber.map(dotted), spelledSix)

const open = EgressGuard.make({ allowHttp: true, allowHighPorts: true })
const isRefusal = (value: unknown) => value === null || value instanceof EgressGuard.EgressRefused

describe("fuzzing the guard", { timeout: 120_000 * times }, () => {
  it("judges every spelling of IPv4 as the number that it is", () => {
    fc.assert(
      fc.property(spelledFour, ({ address, host }) => {
        const refused = open.check(`http://${host}/`)
        assert.strictEqual(refused !== null, Oracle.isClosed(address), `${host} is ${address}`)
      }),
      runs
    )
  })

  it("judges every spelling of IPv6 as the number that it is", () => {
    fc.assert(
      fc.property(spelledSix, (text) => {
        const refused = open.check(`http://[${text}]/`)
        assert.strictEqual(refused !== null, Oracle.isClosed(text), text)
      }),
      runs
    )
  })

  it("gives out no answer of a look-up of which one is closed, and every other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(address, fc.string()), { minLength: 1, maxLength: 5 }), async (found) => {
        const guard = EgressGuard.make({
          allowHttp: true,
          resolve: (_, callback) =>
            callback(
              null,
              found.map((one) => ({ address: one, family: one.includes(":") ? 6 : 4 }))
            )
        })
        const target = { protocol: "http:", hostname: "name.example", port: 80 }
        const given = await new Promise<ReadonlyArray<string> | null>((resolve) =>
          guard.addresses(target, (error, addresses) => {
            assert.isTrue(isRefusal(error))
            resolve(error === null ? addresses.map((one) => one.address) : null)
          })
        )
        assert.deepStrictEqual(given, found.some(Oracle.isClosed) ? null : found)
      }),
      runs
    )
  })

  it("answers any text with a refusal of its own or with nothing, and lets no closed literal pass", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.constantFrom(
        "http://",
        "https://",
        "@",
        ":",
        "/",
        "\\",
        "#",
        "?",
        "%00",
        "[",
        "]",
        "::",
        "0x",
        "。",
        "\t",
        "..",
        "localhost"
      ),
      address,
      spelledFour.map(({ host }) => host)
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join("")
        const refused = open.check(text)
        assert.isTrue(isRefusal(refused))
        if (refused !== null) return
        const host = new URL(text).hostname.replace(/^\[|\]$/g, "")
        if (Oracle.numberOf(host) !== null) assert.isFalse(Oracle.isClosed(host), text)
        else assert.match(host, /\./, text)
      }),
      { ...runs, numRuns: 1000 * times }
    )
  })

  it("fails a URL that is saved with nothing but its own refusal", async () => {
    const guard = EgressGuard.make({ allow: ["10.0.0.0/8"], resolve: (_, callback) => callback(new Error("boom"), []) })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.webUrl(),
          address.map((one) => `http://${one}/`)
        ),
        async (url) => {
          const exit = await Effect.runPromiseExit(Effect.flip(guard.verify(url)))
          if (exit._tag === "Success") assert.instanceOf(exit.value, EgressGuard.EgressRefused)
        }
      ),
      runs
    )
  })

  it("reads a network as arithmetic does", () => {
    fc.assert(
      fc.property(fourNumber, fc.integer({ min: 0, max: 32 }), fourNumber, (network, bits, other) => {
        const policy = AddressPolicy.make([`${dotted(network)}/${bits}`])
        const mask = (value: number) => BigInt(value) >> BigInt(32 - bits)
        const metadata = /^(169\.254\.|168\.63\.129\.16$|100\.100\.100\.200$|192\.0\.0\.192$)/
        for (const one of [network, other]) {
          if (metadata.test(dotted(one))) continue
          assert.strictEqual(
            policy.isListed(dotted(one)),
            mask(one) === mask(network),
            `${dotted(one)} in ${dotted(network)}/${bits}`
          )
          assert.strictEqual(policy.isListed(`::ffff:${dotted(one)}`), mask(one) === mask(network))
        }
      }),
      runs
    )
  })

  it("reads an IPv6 network as arithmetic does, and opens no IPv4 with it", () => {
    fc.assert(
      fc.property(sixNumber, fc.integer({ min: 0, max: 128 }), sixNumber, (network, bits, other) => {
        const text = (value: bigint) =>
          groupsOf(value)
            .map((one) => one.toString(16))
            .join(":")
        if (network >> 32n === 0xffffn) return
        const policy = AddressPolicy.make([`${text(network)}/${bits}`])
        assert.isFalse(policy.permits("10.0.0.1"))
        assert.isFalse(policy.permits("::ffff:10.0.0.1"))
        const inside = other >> BigInt(128 - bits) === network >> BigInt(128 - bits)
        if (policy.isListed(text(other))) assert.isTrue(inside)
        // A unique local address carries nothing and is no metadata: listing it is enough.
        if (
          inside &&
          other >> 120n === 0xfdn &&
          (other >> 96n) % 2n ** 16n !== 0x42n &&
          !/^fd(00:ec2|20:ce|00:a9fe)/.test(text(other))
        ) {
          const carries = /:(0|200):5efe:[0-9a-f]+:[0-9a-f]+$/.test(text(other))
          if (!carries) assert.isTrue(policy.permits(text(other)), text(other))
        }
      }),
      runs
    )
  })

  it("refuses a network that it cannot read by name, and throws nothing else", () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(address, fc.string()).map(([one, rest]) => `${one}/${rest}`),
      fc
        .tuple(octet, octet, octet, octet, fc.integer({ min: -2, max: 200 }))
        .map(([a, b, c, d, bits]) => `${a}.${b}.${c}.${d}/${bits}`)
    )
    fc.assert(
      fc.property(text, (entry) => {
        try {
          AddressPolicy.make([entry])
          assert.match(entry.trim(), /^[0-9a-f:.]+(\/\d{1,3})?$/i)
        } catch (error) {
          assert.instanceOf(error, AddressPolicy.InvalidCidr)
          assert.strictEqual(error.entry, entry)
        }
      }),
      runs
    )
  })
})

describe("fuzzing answers", { timeout: 120_000 * times }, () => {
  it("reads any Retry-After as a time to come or not at all", () => {
    const now = Date.UTC(2026, 10, 22)
    const date = fc.date({ noInvalidDate: true }).map((one) => one.toUTCString())
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer().map(String),
      fc.double().map(String),
      date,
      fc.string().map((one) => `Mon, ${one}`)
    )
    fc.assert(
      fc.property(header, (text) => {
        const read = RetrySchedule.parseRetryAfter(text, now)
        if (read !== undefined) assert.isTrue(Number.isSafeInteger(read) && read >= 0, `${text}: ${read}`)
        const next = RetrySchedule.next(1, now, now, 0.5, read)!
        assert.isAtLeast(next - now, 1000)
        assert.isAtMost(next - now, 6 * 3_600_000)
      }),
      runs
    )
  })

  it.live("ends every answer as a status or a class, in time, and keeps the transport in order", () =>
    Effect.gen(function* () {
      let answer: Buffer = Buffer.alloc(0)
      const server = createServer((socket) => {
        socket.on("error", () => {})
        socket.once("data", () => socket.end(answer))
      })
      const port = yield* Effect.acquireRelease(
        Effect.callback<number>((resume) => {
          server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
        }),
        () => Effect.sync(() => server.close())
      )
      const guard = EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })
      const context = yield* Layer.build(UndiciTransport.layer().pipe(Layer.provide(guard)))
      const { post } = yield* Effect.provide(Transport.Transport, context)
      const send = () =>
        Effect.runPromise(
          Effect.match(
            post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: new Uint8Array([1]), timeoutMillis: 10_000 }),
            {
              onSuccess: ({ status }) => String(status),
              onFailure: ({ reason }) => reason._tag
            }
          )
        )
      const line = fc.oneof(
        fc.constantFrom(
          "content-length: 3",
          "content-length: -1",
          "transfer-encoding: chunked",
          "connection: close",
          "retry-after: 7",
          "upgrade: x",
          "x: y",
          ""
        ),
        fc
          .tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }))
          .map(([name, value]) => `${name}: ${value}`)
      )
      const valid = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nretry-after: 7\r\nx-y: z\r\n\r\nabc")
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
        // A true answer with some bytes changed.
        fc.array(fc.tuple(fc.nat(valid.length - 1), octet), { maxLength: 6 }).map((changes) => {
          const copy = Buffer.from(valid)
          for (const [at, value] of changes) copy[at] = value
          return copy
        }),
        fc
          .tuple(fc.integer({ min: 0, max: 1200 }), fc.array(line, { maxLength: 8 }), fc.string({ unit: "binary" }))
          .map(([status, lines, body]) => Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join("\r\n")}\r\n\r\n${body}`))
      )
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(bytes, async (given) => {
            answer = given
            assert.match(await send(), /^([2-9]\d\d|1\d{3}|InvalidResponse|Connection)$/)
          }),
          { ...runs, numRuns: 200 * times }
        )
      )
      answer = valid
      assert.strictEqual(yield* Effect.promise(send), "200", "after all that")
    })
  )
})
