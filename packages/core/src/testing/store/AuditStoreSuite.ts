import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { AuditEntry, Head } from "../../audit/AuditEntry.ts"
import * as Fixture from "./Fixtures.ts"
import { failure, ports, type StoreLayer } from "./Setup.ts"

const entry =
  (overrides: Partial<AuditEntry> = {}) =>
  (head: Head): AuditEntry => ({
    workspaceId: Fixture.workspace,
    position: head.position + 1,
    at: 10 * (head.position + 1),
    actor: "key_1",
    action: "event.retry",
    target: "ev_1",
    detail: {},
    previousHash: head.hash,
    hash: `hash-${head.position + 1}`,
    ...overrides
  })

/** What the audit log must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("AuditStore", () => {
    it.effect("chains what is added, each workspace's by itself, and gives it back as it was", () =>
      Effect.gen(function* () {
        const { audit } = yield* ports
        const detail = { count: 2, name: 'ä|"', scopes: ["read"], none: null, yes: true }
        const first = yield* audit.append(Fixture.workspace, entry({ detail, target: null }))
        const second = yield* audit.append(Fixture.workspace, entry())
        const other = yield* audit.append(Fixture.foreign, entry({ workspaceId: Fixture.foreign }))
        assert.deepStrictEqual([first.previousHash, second.previousHash, other.previousHash], ["", "hash-1", ""])
        assert.deepStrictEqual(yield* audit.entries(Fixture.workspace, 0, 10), [first, second])
        assert.deepStrictEqual(yield* audit.entries(Fixture.workspace, 1, 10), [second])
        assert.deepStrictEqual(yield* audit.entries(Fixture.workspace, 0, 1), [first])
        assert.deepStrictEqual(yield* audit.entries(Fixture.foreign, 0, 10), [other])
        assert.deepStrictEqual(yield* audit.entries("ws_c", 0, 10), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives every position once, however many add at a time", () =>
      Effect.gen(function* () {
        const { audit, keys } = yield* ports
        yield* keys.addWorkspace(Fixture.workspace, 1)
        yield* Effect.all(
          Array.from({ length: 20 }, () => audit.append(Fixture.workspace, entry())),
          { concurrency: "unbounded" }
        )
        const all = yield* audit.entries(Fixture.workspace, 0, 100)
        assert.deepStrictEqual(
          all.map(({ position, previousHash }) => [position, previousHash]),
          Array.from({ length: 20 }, (_, at) => [at + 1, at === 0 ? "" : `hash-${at}`])
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("lists newest first by actor, action and time, in parts", () =>
      Effect.gen(function* () {
        const { audit } = yield* ports
        for (const actor of ["a", "b", "a", "a"]) yield* audit.append(Fixture.workspace, entry({ actor }))
        yield* audit.append(Fixture.workspace, entry({ action: "api_key.create" }))
        yield* audit.append(Fixture.foreign, entry({ workspaceId: Fixture.foreign }))
        const workspaceId = Fixture.workspace
        const positions = (filter: object, limit = 10, pageToken?: string) =>
          Effect.map(audit.list({ workspaceId, ...filter }, { limit, pageToken }), ({ items, nextPageToken }) => ({
            found: items.map((item) => item.position),
            nextPageToken
          }))
        assert.deepStrictEqual((yield* positions({})).found, [5, 4, 3, 2, 1])
        assert.deepStrictEqual((yield* positions({ actor: "a" })).found, [4, 3, 1])
        assert.deepStrictEqual((yield* positions({ action: "api_key.create" })).found, [5])
        assert.deepStrictEqual((yield* positions({ from: 20, to: 40 })).found, [3, 2])
        const first = yield* positions({}, 2)
        assert.deepStrictEqual(first.found, [5, 4])
        const second = yield* positions({}, 3, first.nextPageToken!)
        assert.deepStrictEqual(second, { found: [3, 2, 1], nextPageToken: null })
        assert.strictEqual(
          yield* failure(audit.list({ workspaceId }, { limit: 1, pageToken: "nonsense" })),
          "BadPageToken"
        )
      }).pipe(Effect.provide(layer))
    )
  })
}
