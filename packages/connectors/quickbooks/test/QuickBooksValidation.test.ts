import { CredentialsSource } from "@crochet/core"
import type { Credentials } from "@crochet/core"
import { Effect, Redacted } from "effect"
import { assert, describe, it } from "vitest"
import { connector } from "../src/index.ts"
import { clientOf, failure, tokensOf, withAccount } from "./Account.ts"

describe("validate", () => {
  it("names the company, and whose data it is", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* connector.validate(client), { name: "Acme Yarns", subject: sim.realmId })
        const [asked] = sim.requests
        assert.strictEqual(asked?.query.minorversion, "75")
      })
    ))

  it("takes the company ID as QuickBooks shows it, in groups of digits, and from the tokens", () =>
    withAccount({}, ({ sim }) =>
      Effect.gen(function* () {
        const source = CredentialsSource.memory(tokensOf(sim.accessToken, sim.refreshToken))
        const spaced = yield* clientOf(sim, source, { realmId: sim.realmId.replace(/(.{4})/g, "$1 ").trim() })
        assert.strictEqual((yield* connector.validate(spaced)).subject, sim.realmId)
        const told: Credentials.Credentials = {
          ...tokensOf(sim.accessToken, sim.refreshToken),
          settings: { realmId: sim.realmId }
        }
        const bare = yield* clientOf(sim, CredentialsSource.memory(told), {})
        assert.strictEqual((yield* connector.validate(bare)).subject, sim.realmId)
        const without = yield* clientOf(sim, source, {})
        const error = yield* failure(connector.validate(without))
        assert.match(error.resolution, /company ID \(realm ID\)/)
      })
    ))

  it("says what to do about each known failure", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        const known: ReadonlyArray<
          readonly [refusal: Parameters<typeof sim.control.refuse>[0], tag: string, resolution: RegExp]
        > = [
          [{ code: "3100", status: 403, style: "fault" }, "Forbidden", /environment, which is production/],
          [{ code: "5020", status: 403, message: "Permission Denied Error" }, "Forbidden", /administrator/],
          [{ code: "6190", status: 403, message: "Subscription period has ended" }, "Forbidden", /subscription/],
          [{ code: "610", status: 400 }, "NotFound", /no such company/],
          [{ code: "3001", status: 429, times: 9 }, "RateLimited", /month's allowance/],
          [
            { code: "10000", status: 500, type: "SystemFault", times: 9 },
            "Unavailable",
            /status\.developer\.intuit\.com/
          ]
        ]
        for (const [refusal, tag, resolution] of known) {
          sim.control.refuse(refusal)
          const error = yield* failure(connector.validate(client))
          assert.strictEqual(error.reason._tag, tag)
          assert.match(error.resolution, resolution)
          assert.match(error.message, /intuit_tid 1-sim-\d+/)
          sim.control.clearFaults()
        }
      })
    ))

  it("tells another company's token from a dead connection, and shows no token", () =>
    withAccount({}, ({ sim }) =>
      Effect.gen(function* () {
        const source = CredentialsSource.memory(tokensOf(sim.accessToken, sim.refreshToken))
        const other = yield* clientOf(sim, source, { realmId: "1234567890" })
        const forbidden = yield* failure(connector.validate(other))
        assert.strictEqual(forbidden.reason._tag, "Forbidden")
        assert.match(forbidden.resolution, /Check the company ID/)

        sim.control.expireTokens({ refresh: true })
        const client = yield* clientOf(sim, source)
        const dead = yield* failure(connector.validate(client))
        assert.strictEqual(dead.reason._tag, "Unauthorized")
        assert.match(dead.resolution, /Connect the account again/)
        for (const secret of [sim.accessToken, sim.refreshToken, sim.clientSecret]) {
          assert.notInclude(JSON.stringify([dead, dead.message, forbidden]), secret)
        }
      })
    ))
})

describe("tokens", () => {
  it("are renewed once for many requests, and the rotated refresh token is kept", () =>
    withAccount({}, ({ sim }) =>
      Effect.gen(function* () {
        const source = CredentialsSource.memory(tokensOf(sim.accessToken, sim.refreshToken))
        const client = yield* clientOf(sim, source)
        sim.control.expireTokens()
        yield* Effect.all(
          Array.from({ length: 4 }, () => connector.validate(client)),
          { concurrency: 4 }
        )
        assert.strictEqual(sim.requests.filter(({ path }) => path.endsWith("/bearer")).length, 1)
        const stored = yield* source.current
        assert.isTrue(stored.kind === "oauth2" && stored.refreshToken !== undefined)
        if (stored.kind !== "oauth2" || stored.refreshToken === undefined) return
        assert.notStrictEqual(Redacted.value(stored.refreshToken), sim.refreshToken)
        // The old one would work once more and never again; the new one goes on.
        for (let times = 0; times < 3; times++) {
          sim.control.expireTokens()
          yield* connector.validate(client)
        }
      })
    ))
})
