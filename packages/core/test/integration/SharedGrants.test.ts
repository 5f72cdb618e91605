import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Refusal } from "@crochet/core"
import { failing, ok } from "../provider/Fakes.ts"
import { elsewhere, install, settle, tokens } from "./RevocationWorld.ts"

describe("a connection or a grant that others need", () => {
  it.effect("ends no connection of a company that another live account needs, whose ever it is", () =>
    Effect.gen(function* () {
      const { process, revoked, state } = install({ ends: "connection" })
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const id = yield* connect("org")
          elsewhere(state, id, { subject: "c1/somebody else" })
          yield* integrations.deactivate(principal, id)
          yield* settle
          assert.lengthOf(revoked(), 0)
          assert.strictEqual(state.revocations.size, 0, "it is dropped")
          elsewhere(state, id, { subject: "c2/u1", state: "active" })
          const again = yield* connect("org", tokens, id)
          yield* integrations.deactivate(principal, again)
          yield* settle
          assert.lengthOf(revoked(), 1, "another company's account does not matter")
        })
      )
    })
  )

  it.effect("ends no connection that has been made again meanwhile", () =>
    Effect.gen(function* () {
      const { app, process, revoked, state } = install({ ends: "connection" })
      app.revoke = () => failing(503)
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const id = yield* connect("org")
          yield* integrations.deactivate(principal, id)
          yield* settle
          yield* connect("org", { accessToken: "new", refreshToken: "new-refresh" }, id)
          yield* TestClock.adjust("2 minutes")
          assert.lengthOf(revoked(), 1)
          assert.strictEqual(state.revocations.size, 0)
        })
      )
    })
  )

  it.effect("leaves a grant alone that a live account still holds, and revokes an older one", () =>
    Effect.gen(function* () {
      const { app, process, revoked, state } = install()
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const first = yield* connect("a")
          const second = yield* connect("b")
          yield* integrations.deactivate(principal, first)
          yield* settle
          assert.lengthOf(revoked(), 0, "the second holds the same token")
          assert.strictEqual(state.revocations.size, 0)
          app.revoke = () => failing(503)
          yield* integrations.deactivate(principal, second)
          yield* settle
          assert.lengthOf(revoked(), 1)
          app.revoke = () => ok({})
          yield* connect("b", { accessToken: "new", refreshToken: "new-refresh" }, second)
          yield* TestClock.adjust("2 minutes")
          assert.lengthOf(revoked(), 2, "the token of before is not the one of now")
          yield* connect("b", { accessToken: "newer", refreshToken: "newer-refresh" }, second)
          yield* TestClock.adjust("1 hour")
          assert.lengthOf(revoked(), 2, "a live account whose tokens are replaced ends nothing")
        })
      )
    })
  )

  it.effect("also takes the tokens along that come from a refresh which was under way", () =>
    Effect.gen(function* () {
      for (const way of ["deactivate", "purge"] as const) {
        const { app, connector, process, revoked } = install()
        yield* process(({ accounts, connect, integrations, principal }) =>
          Effect.gen(function* () {
            const id = yield* connect("org", { accessToken: "expired", refreshToken: "old" })
            app.refuses = "Bearer fresh"
            const account = yield* integrations.get(principal, id)
            app.refresh = () =>
              Effect.as(
                Effect.orDie(Effect.asVoid<unknown, Refusal.Refusal, never>(integrations[way](principal, id))),
                ok({ access_token: "last", refresh_token: "last-refresh" })
              )
            yield* Effect.scoped(
              Effect.gen(function* () {
                const client = yield* accounts.client(connector, account)
                yield* Effect.exit(client.request({ operation: "x", path: "/x" }))
              })
            )
            yield* TestClock.adjust("1 minute")
          })
        )
        const told = revoked()
          .map(({ body }) => new URLSearchParams(body).get("token"))
          .sort()
        assert.deepStrictEqual(told, ["last-refresh", "rotated"], way)
      }
    })
  )
})
