import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Refusal, StoreError, Vault } from "@crochet/core"
import { inWorld } from "../engine/World.ts"

const storage = (reason: StoreError.StoreError["reason"]) => new StoreError.StoreError({ operation: "test", reason })

describe("a fault of the storage, as the caller sees it", () => {
  it.each([
    [storage(new StoreError.BadPageToken()), 400, "request.invalid_page_token", "pageToken"],
    [storage(new StoreError.Conflict({ what: "integration and data type" })), 409, "store.conflict", undefined],
    [storage(new StoreError.StoreUnavailable({ cause: new Error("disk full") })), 503, "store.unavailable", undefined],
    [storage(new StoreError.LeaseLost()), 503, "store.unavailable", undefined],
    [new Vault.VaultError({ reason: new Vault.Unreadable() }), 503, "vault.unavailable", undefined]
  ] as const)("%s", (error, status, code, field) => {
    const refusal = Refusal.ofStorage(error)
    assert.deepStrictEqual([refusal.status, refusal.code, refusal.field], [status, code, field])
    assert.isAbove(refusal.resolution!.length, 0)
    assert.notInclude(JSON.stringify(refusal), "disk full", "what the database said is for the log")
  })

  it.effect("leaves every other error as it is", () =>
    Effect.gen(function* () {
      const other = Refusal.notFound("run", "syncRunId")
      assert.strictEqual(yield* Effect.flip(Refusal.orRefuse(Effect.fail(other))), other)
    })
  )
})

describe("a page token that no list gave out", () => {
  it.effect("is refused by every list, with the field and the remedy", () =>
    inWorld(({ destinations, events, integrations, principal, refused, syncs }) =>
      Effect.gen(function* () {
        const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        const request = { limit: 10, pageToken: "no token" }
        const refusal = yield* refused(
          integrations.list(principal, {}, request),
          "request.invalid_page_token",
          "pageToken"
        )
        assert.strictEqual(refusal.status, 400)
        yield* refused(destinations.list(principal, request), "request.invalid_page_token", "pageToken")
        yield* refused(syncs.jobs(principal, id, request), "request.invalid_page_token", "pageToken")
        yield* refused(syncs.runs(principal, {}, request), "request.invalid_page_token", "pageToken")
        yield* refused(events.list(principal, {}, request), "request.invalid_page_token", "pageToken")
      })
    )
  )
})
