import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as AddressPolicy from "../../src/egress/AddressPolicy.ts"
import * as EgressGuard from "../../src/egress/EgressGuard.ts"

/** What a name leads to in these tests. */
const names: Record<string, ReadonlyArray<string>> = {
  "public.example": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
  "private.example": ["10.0.0.5"],
  "mixed.example": ["93.184.215.14", "192.168.1.1"],
  "six.example": ["fd00::1"],
  "mapped.example": ["::ffff:127.0.0.1"],
  "garbage.example": ["not an address"],
  "none.example": [],
  "imds.example": ["169.254.169.254"],
  receiver: ["172.18.0.4"],
  localhost: ["127.0.0.1"],
  "sub.localhost": ["127.0.0.1"],
  "host.docker.internal": ["192.168.65.254"]
}
const resolve: EgressGuard.Resolve = (hostname, callback) => {
  const found = names[hostname]
  if (found === undefined) callback(new Error("ENOTFOUND"), [])
  else
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
    )
}
const guard = (settings: Partial<EgressGuard.EgressSettings> = {}) => EgressGuard.make({ resolve, ...settings })
const verdict = (url: string, settings: Partial<EgressGuard.EgressSettings> = {}) =>
  Effect.map(Effect.result(guard(settings).verify(url)), (result) =>
    result._tag === "Success" ? "ok" : result.failure.refusal
  )

const vectors: ReadonlyArray<readonly [string, EgressGuard.Refusal]> = [
  // URL form
  ["", "url"],
  ["not a url", "url"],
  ["//public.example/x", "url"],
  ["https://", "url"],
  ["https://public.example:99999/", "url"],
  ["https://pub lic.example/", "url"],
  [`https://public.example/${"a".repeat(2048)}`, "url"],
  ["http://public.example/", "scheme"],
  ["ftp://public.example/", "scheme"],
  ["file:///etc/passwd", "scheme"],
  ["gopher://127.0.0.1:6379/_INFO", "scheme"],
  ["data:text/plain,hello", "scheme"],
  ["javascript:alert(1)", "scheme"],
  ["unix:/var/run/docker.sock", "scheme"],
  ["https://user@public.example/", "userinfo"],
  ["https://user:secret@public.example/", "userinfo"],
  ["https://@public.example/", "userinfo"],
  ["https:///@public.example/", "userinfo"],
  ["https://public.example@127.0.0.1/", "userinfo"],
  ["https://public.example/#fragment", "fragment"],
  ["https://public.example/#", "fragment"],
  ["https://public.example#@127.0.0.1/", "fragment"],
  ["https://public.example:22/", "port"],
  ["https://public.example:6379/", "port"],
  ["https://public.example:80/", "port"],
  ["https://public.example:0/", "port"],
  // IPv4, in all the forms that a URL may have
  ["https://127.0.0.1/", "address"],
  ["https://127.1/", "address"],
  ["https://2130706433/", "address"],
  ["https://0x7f000001/", "address"],
  ["https://0x7f.1/", "address"],
  ["https://0177.0.0.1/", "address"],
  ["https://017700000001/", "address"],
  ["https://127.0.0.1./", "address"],
  ["https://%31%32%37.0.0.1/", "address"],
  ["https://127。0。0。1/", "address"],
  ["https://①②⑦.⓪.⓪.①/", "address"],
  ["https://0.0.0.0/", "address"],
  ["https://0/", "address"],
  ["https://10.1.2.3/", "address"],
  ["https://100.64.0.1/", "address"],
  ["https://169.254.1.1/", "address"],
  ["https://172.16.0.1/", "address"],
  ["https://172.31.255.255/", "address"],
  ["https://192.0.0.8/", "address"],
  ["https://192.0.2.1/", "address"],
  ["https://192.88.99.1/", "address"],
  ["https://192.168.0.1/", "address"],
  ["https://198.18.0.1/", "address"],
  ["https://198.19.255.255/", "address"],
  ["https://198.51.100.7/", "address"],
  ["https://203.0.113.9/", "address"],
  ["https://224.0.0.1/", "address"],
  ["https://240.0.0.1/", "address"],
  ["https://255.255.255.255/", "address"],
  // IPv6, and IPv4 inside of it
  ["https://[::]/", "address"],
  ["https://[::1]/", "address"],
  ["https://[0:0:0:0:0:0:0:1]/", "address"],
  ["https://[::127.0.0.1]/", "address"],
  ["https://[::ffff:127.0.0.1]/", "address"],
  ["https://[::ffff:7f00:1]/", "address"],
  ["https://[::ffff:a9fe:a9fe]/", "address"],
  ["https://[::ffff:10.0.0.1]/", "address"],
  ["https://[0000:0000:0000:0000:0000:ffff:7f00:0001]/", "address"],
  ["https://[::ffff:0:127.0.0.1]/", "address"],
  ["https://[64:ff9b::7f00:1]/", "address"],
  ["https://[64:ff9b::169.254.169.254]/", "address"],
  ["https://[64:ff9b:1::1]/", "address"],
  ["https://[100::1]/", "address"],
  ["https://[2001::1]/", "address"],
  ["https://[2001:0:7f00:1::]/", "address"],
  ["https://[2001:db8::1]/", "address"],
  ["https://[2002:7f00:1::]/", "address"],
  ["https://[3fff::1]/", "address"],
  ["https://[5f00::1]/", "address"],
  ["https://[fc00::1]/", "address"],
  ["https://[fd12:3456::1]/", "address"],
  ["https://[fe80::1]/", "address"],
  ["https://[febf::1]/", "address"],
  ["https://[fec0::1]/", "address"],
  ["https://[ff02::1]/", "address"],
  // Metadata of clouds
  ["https://169.254.169.254/latest/meta-data/", "address"],
  ["https://169.254.170.2/", "address"],
  ["https://[fd00:ec2::254]/", "address"],
  ["https://100.100.100.200/", "address"],
  ["https://168.63.129.16/", "address"],
  ["https://2852039166/", "address"],
  ["https://metadata.google.internal/", "host"],
  ["https://METADATA.google.internal./", "host"],
  ["https://metadata/", "host"],
  // Names
  ["https://localhost/", "host"],
  ["https://LOCALHOST/", "host"],
  ["https://localhost./", "host"],
  ["https://sub.localhost/", "host"],
  ["https://db.internal/", "host"],
  ["https://printer.local/", "host"],
  ["https://intranet/", "host"],
  ["https://private.example/", "address"],
  ["https://private.example./", "address"],
  ["https://mixed.example/", "address"],
  ["https://six.example/", "address"],
  ["https://mapped.example/", "address"],
  ["https://garbage.example/", "address"],
  ["https://imds.example/", "address"],
  ["https://none.example/", "unresolved"],
  ["https://unknown.example/", "unresolved"]
]

describe("EgressGuard", () => {
  it.effect.each(vectors)("refuses %s", ([url, refusal]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(url), refusal)
    })
  )

  it.effect.each([
    "https://public.example/",
    "https://public.example:443/hook?token=1",
    "HTTPS://PUBLIC.EXAMPLE/hook",
    "https://93.184.215.14/",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    "https://172.32.0.1/",
    "https://public.example/a@b"
  ])("lets %s pass", (url) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(url), "ok")
    })
  )

  it.effect.each([
    // Listed networks: http and any port, also by name
    [["10.0.0.0/8"], "http://10.1.2.3:8080/hook", "ok"],
    [["10.0.0.0/8"], "http://private.example:8080/hook", "ok"],
    [["10.0.0.0/8"], "http://192.168.1.1/", "address"],
    [["10.0.0.0/8"], "http://public.example/", "scheme"],
    [["10.0.0.0/8"], "https://public.example:8443/", "port"],
    [["10.0.0.0/8"], "https://public.example/", "ok"],
    [["172.16.0.0/12"], "http://receiver:3000/", "ok"],
    [["10.0.0.0/8"], "http://receiver:3000/", "address"],
    [["127.0.0.0/8"], "http://localhost:3000/", "ok"],
    [["127.0.0.0/8"], "http://[::ffff:127.0.0.1]:3000/", "ok"],
    [["127.0.0.0/8"], "http://[::1]:3000/", "address"],
    [["192.168.0.0/16"], "http://host.docker.internal/", "ok"],
    [["93.184.215.14", "2606:2800::/32"], "http://public.example:81/", "ok"],
    // Metadata stays closed
    [["0.0.0.0/0", "::/0"], "http://169.254.169.254/", "address"],
    [["0.0.0.0/0", "::/0"], "http://[::ffff:169.254.169.254]/", "address"],
    [["0.0.0.0/0", "::/0"], "http://[fd00:ec2::254]/", "address"],
    [["169.254.0.0/16"], "http://imds.example/", "address"],
    [["0.0.0.0/0"], "http://100.100.100.200/", "address"],
    [["0.0.0.0/0"], "http://168.63.129.16/", "address"],
    [["0.0.0.0/0"], "http://metadata.google.internal/", "host"]
  ] as const)("with %j: %s is %s", ([allow, url, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(url, { allow }), expected)
    })
  )

  it.effect("allows http and high ports to public hosts only by setting", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict("http://public.example/", { allowHttp: true }), "ok")
      assert.strictEqual(yield* verdict("http://private.example/", { allowHttp: true }), "address")
      assert.strictEqual(yield* verdict("https://public.example:8443/", { allowHighPorts: true }), "ok")
      assert.strictEqual(yield* verdict("https://public.example:22/", { allowHighPorts: true }), "port")
      assert.strictEqual(yield* verdict("https://127.0.0.1:8443/", { allowHighPorts: true }), "address")
    })
  )

  it.effect("never leads back to this process", () =>
    Effect.gen(function* () {
      const settings = { allow: ["127.0.0.0/8"], ownPorts: () => new Set([3000]) }
      assert.strictEqual(yield* verdict("http://127.0.0.1:3000/", settings), "address")
      assert.strictEqual(yield* verdict("http://127.9.9.9:3000/", settings), "address")
      assert.strictEqual(yield* verdict("http://127.0.0.1:3001/", settings), "ok")
    })
  )

  it("names the entry of the list that cannot be read", () => {
    for (const entry of ["10.0.0.0/33", "10.0.0/8", "example.com", "fe80::1%eth0/64", "::/129", "", "10.0.0.0/8/9"]) {
      assert.throws(() => EgressGuard.make({ allow: ["10.0.0.0/8", entry] }), AddressPolicy.InvalidCidr, `"${entry}"`)
    }
  })

  it("says what to do, not what was found", () => {
    const message = new EgressGuard.EgressRefused({ refusal: "address" }).message
    assert.include(message, "CROCHET_EGRESS_ALLOW")
    assert.notMatch(message, /\d+\.\d+/)
  })
})
