import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { CrochetConfig } from "../src/config/defineConfig.ts"
import { nearest } from "../src/config/Nearest.ts"
import * as Settings from "../src/config/Settings.ts"

const read = (environment: Record<string, string>, config: CrochetConfig = {}) =>
  Settings.read({ environment, config, appIds: ["bamboohr", "sage-hr"], directory: "/srv/app" })
const key = Buffer.alloc(32, 7).toString("base64")

describe("settings", () => {
  it.effect("has defaults for everything", () =>
    Effect.gen(function* () {
      const { settings, warnings } = yield* read({ PATH: "/bin" })
      assert.deepStrictEqual(settings, {
        port: 4400,
        host: "127.0.0.1",
        publicUrl: null,
        database: { kind: "sqlite", path: "/srv/app/.crochet/crochet.db" },
        masterKey: null,
        masterKeysOld: [],
        apiKey: null,
        egressAllow: [],
        egressHttp: false,
        egressHighPorts: false,
        trustedProxies: [],
        baseUrls: {},
        oauth: {},
        returnUrls: [],
        testAccounts: { limit: 3, days: 30 },
        eventRetentionDays: 30,
        log: { level: "info", format: null }
      })
      assert.deepStrictEqual(warnings, [])
    })
  )

  it.effect("reads every variable", () =>
    Effect.gen(function* () {
      const { settings, warnings } = yield* read({
        CROCHET_PORT: "8080",
        CROCHET_HOST: "::",
        CROCHET_PUBLIC_URL: "https://sync.example.com/",
        CROCHET_DATABASE_URL: "sqlite:///var/c.db",
        CROCHET_MASTER_KEY: key,
        CROCHET_API_KEY: "a-key-of-at-least-twenty",
        CROCHET_EGRESS_ALLOW: "10.0.0.0/8, fd00::/8",
        CROCHET_EGRESS_HTTP: "on",
        CROCHET_EGRESS_HIGH_PORTS: "ON",
        CROCHET_TEST_ACCOUNTS_LIMIT: "9",
        CROCHET_TEST_ACCOUNTS_DAYS: "90",
        CROCHET_EVENT_RETENTION_DAYS: "7",
        CROCHET_LOG_LEVEL: "DEBUG",
        CROCHET_LOG_FORMAT: "json",
        CROCHET_CLUSTER: "off",
        CROCHET_BASE_URL_SAGE_HR: "http://127.0.0.1:4500/",
        CROCHET_OAUTH_SAGE_HR_CLIENT_ID: "id",
        CROCHET_OAUTH_SAGE_HR_CLIENT_SECRET: "secret",
        CROCHET_OAUTH_SAGE_HR_TOKEN_URL: "http://127.0.0.1:4500/token",
        CROCHET_OAUTH_SAGE_HR_AUTHORIZE_URL: "http://127.0.0.1:4500/authorize",
        CROCHET_OAUTH_SAGE_HR_REVOKE_URL: "http://127.0.0.1:4500/revoke",
        CROCHET_RETURN_URLS: "https://app.example/done?x=1, http://localhost:3000/"
      })
      assert.deepStrictEqual(warnings, [])
      const { apiKey, masterKey, oauth, ...rest } = settings
      assert.deepStrictEqual(rest, {
        port: 8080,
        host: "::",
        publicUrl: "https://sync.example.com",
        database: { kind: "sqlite", path: "/var/c.db" },
        masterKeysOld: [],
        egressAllow: ["10.0.0.0/8", "fd00::/8"],
        egressHttp: true,
        egressHighPorts: true,
        trustedProxies: [],
        baseUrls: { "sage-hr": "http://127.0.0.1:4500" },
        returnUrls: ["https://app.example/done?x=1", "http://localhost:3000/"],
        testAccounts: { limit: 9, days: 90 },
        eventRetentionDays: 7,
        log: { level: "debug", format: "json" }
      })
      assert.strictEqual(Redacted.value(apiKey!), "a-key-of-at-least-twenty")
      assert.deepStrictEqual(Redacted.value(masterKey!), new Uint8Array(32).fill(7))
      assert.strictEqual(oauth["sage-hr"]?.clientId, "id")
      assert.strictEqual(oauth["sage-hr"]?.tokenUrl, "http://127.0.0.1:4500/token")
      assert.strictEqual(oauth["sage-hr"]?.authorizeUrl, "http://127.0.0.1:4500/authorize")
      assert.strictEqual(oauth["sage-hr"]?.revokeUrl, "http://127.0.0.1:4500/revoke")
      assert.strictEqual(Redacted.value(oauth["sage-hr"]!.clientSecret), "secret")
      assert.notInclude(JSON.stringify(settings), "secret")
    })
  )

  it.effect("takes a Postgres URL, keeps it to itself, and asks other machines for TLS", () =>
    Effect.gen(function* () {
      const database = (url: string, more: Record<string, string> = {}) =>
        Effect.map(read({ CROCHET_DATABASE_URL: url, ...more }), ({ settings }) => {
          assert.notInclude(JSON.stringify(settings), "hunter2")
          if (settings.database.kind !== "postgres") return assert.fail("it is a Postgres URL")
          const { url: redacted, ...shown } = settings.database
          return { ...shown, url: Redacted.value(redacted) }
        })
      assert.deepStrictEqual(yield* database("postgres://me:hunter2%40x@db.example.com/my%20sync"), {
        kind: "postgres",
        url: "postgres://me:hunter2%40x@db.example.com/my%20sync?sslmode=prefer",
        server: "db.example.com:5432/my sync",
        pool: 10,
        durability: "strict",
        waitMillis: 60_000,
        answerMillis: 60_000
      })
      const settings = { CROCHET_POSTGRES_POOL: "40", CROCHET_POSTGRES_DURABILITY: "relaxed" }
      assert.deepInclude(yield* database("postgresql://me:hunter2@127.0.0.1:6543", settings), {
        url: "postgresql://me:hunter2@127.0.0.1:6543",
        server: "127.0.0.1:6543/me",
        pool: 40,
        durability: "relaxed"
      })
      const verified = yield* database("postgres://me:hunter2@db/x?sslmode=verify-full")
      assert.include(verified.url, "sslmode=verify-full")
    })
  )

  it.effect("takes the config file where no variable is set", () =>
    Effect.gen(function* () {
      const { settings } = yield* read(
        { CROCHET_PORT: "1", CROCHET_HOST: "" },
        {
          port: 2,
          host: "0.0.0.0",
          baseUrls: { bamboohr: "http://b.test" },
          egressAllow: ["10.0.0.0/8"],
          egressHighPorts: true,
          testAccounts: { days: 1 }
        }
      )
      assert.strictEqual(settings.port, 1)
      assert.strictEqual(settings.host, "0.0.0.0")
      assert.deepStrictEqual(settings.baseUrls, { bamboohr: "http://b.test" })
      assert.deepStrictEqual(settings.egressAllow, ["10.0.0.0/8"])
      assert.deepStrictEqual([settings.egressHttp, settings.egressHighPorts], [false, true])
      assert.deepStrictEqual(settings.testAccounts, { limit: 3, days: 1 })
    })
  )

  const wrong: ReadonlyArray<readonly [setting: string, value: string, problem: RegExp]> = [
    ["CROCHET_PORT", "http", /not a port number/],
    ["CROCHET_PORT", "65536", /not a port number/],
    ["CROCHET_HOST", "a b", /not an address/],
    ["CROCHET_PUBLIC_URL", "sync.example.com", /not an http/],
    ["CROCHET_DATABASE_URL", "postgres://:hunter2@h/db", /not a database URL/],
    ["CROCHET_DATABASE_URL", "postgres://u:hunter2@", /not a database URL/],
    ["CROCHET_DATABASE_URL", "postgres://u:hunter2#x@h/db", /not a database URL/],
    ["CROCHET_DATABASE_URL", "postgres://u:hunter2@h:99999/db", /not a database URL/],
    ["CROCHET_DATABASE_URL", "postgres://u:hunter2@h/db?sslmode=yes", /not a database URL/],
    ["CROCHET_POSTGRES_POOL", "1", /not a number of connections/],
    ["CROCHET_POSTGRES_DURABILITY", "off", /not a degree of durability/],
    ["CROCHET_POSTGRES_ANSWER", "0", /not a number of seconds/],
    ["CROCHET_DATABASE_URL", "mysql://h", /not a database URL/],
    ["CROCHET_MASTER_KEY", "hunter2", /not 32 bytes in base64/],
    ["CROCHET_API_KEY", "hunter2", /too short/],
    ["CROCHET_EGRESS_ALLOW", "10.0.0.0/99", /not a list of CIDRs/],
    ["CROCHET_EGRESS_HTTP", "maybe", /neither on nor off/],
    ["CROCHET_EGRESS_HIGH_PORTS", "8443", /neither on nor off/],
    ["CROCHET_LOG_LEVEL", "loud", /not a log level/],
    ["CROCHET_LOG_FORMAT", "xml", /not a log format/],
    ["CROCHET_TEST_ACCOUNTS_LIMIT", "-1", /not a whole number/],
    ["CROCHET_TEST_ACCOUNTS_DAYS", "0", /not a number of days/],
    ["CROCHET_EVENT_RETENTION_DAYS", "0", /not a number of days/],
    ["CROCHET_CLUSTER", "on", /is not needed/],
    ["CROCHET_BASE_URL_BAMBOOHR", "bamboo", /not an http/]
  ]
  it.effect.each(wrong)("%s=%s stops the start with a remedy", ([setting, value, problem]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read({ [setting]: value }))
      assert.strictEqual(error.problems.length, 1)
      assert.strictEqual(error.problems[0].setting, setting)
      assert.match(error.problems[0].problem, problem)
      assert.isNotEmpty(error.problems[0].resolution)
      assert.notInclude(error.message, "hunter2")
    })
  )

  it.effect("names the file's setting when the file is wrong, and every problem at once", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        read({ CROCHET_OAUTH_BAMBOOHR_CLIENT_ID: "id" }, { port: -1, log: { level: "loud" as "info" } })
      )
      assert.deepStrictEqual(
        error.problems.map((problem) => problem.setting),
        ["port in crochet.config", "log.level in crochet.config", "CROCHET_OAUTH_BAMBOOHR_CLIENT_SECRET"]
      )
    })
  )

  it.effect("warns of unknown variables with the nearest name", () =>
    Effect.gen(function* () {
      const { warnings } = yield* read({
        CROCHET_PROT: "1",
        CROCHET_BASE_URL_BAMBOHR: "http://x.test",
        CROCHET_ZZZZZZ: "1"
      })
      assert.deepStrictEqual(warnings, [
        "CROCHET_PROT is not a setting of Crochet and has no effect. Did you mean CROCHET_PORT?",
        "CROCHET_BASE_URL_BAMBOHR: no connector for such an app is installed. Did you mean CROCHET_BASE_URL_BAMBOOHR?",
        "CROCHET_ZZZZZZ is not a setting of Crochet and has no effect."
      ])
    })
  )

  it("nearest is silent about words that are far from all", () => {
    assert.isUndefined(nearest("elephant", ["port", "host"]))
  })
})
