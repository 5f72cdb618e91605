import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Access, Refusal } from "@crochet/core"
import { inWorld } from "../engine/World.ts"

describe("a principal of another workspace", () => {
  it.effect("gets not_found for every id, or nothing, and writes nothing", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { access, destinations, events, inbox, integrations, key, principal, refused, run, state, syncs } = world
        inbox.answer = ({ recordId }) => (recordId === "p1" ? 500 : 200)
        const { destination } = yield* destinations.register(principal, key, {
          category: "HRIS",
          url: "https://receiver.test"
        })
        const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        yield* run
        const [job] = [...state.jobs.values()]
        const [first] = [...state.runs.values()]
        const pending = [...state.outbox.keys()][0]!

        const { key: foreignKey, text } = yield* access.create({
          workspaceId: "ws_foreign",
          name: "foreign",
          scopes: ["admin"]
        })
        const foreign: Access.Principal = { workspaceId: "ws_foreign", apiKeyId: foreignKey.id, scopes: ["admin"] }
        const dataType = "employee"
        const calls: ReadonlyArray<[call: Effect.Effect<unknown, Refusal.Refusal>, code: string, field: string]> = [
          [integrations.get(foreign, id), "integration.not_found", "X-Knit-Integration-Id"],
          [integrations.validate(foreign, id), "integration.not_found", "X-Knit-Integration-Id"],
          [integrations.deactivate(foreign, id), "integration.not_found", "X-Knit-Integration-Id"],
          [
            integrations.update(foreign, id, { accountType: "production" }),
            "integration.not_found",
            "X-Knit-Integration-Id"
          ],
          [integrations.purge(foreign, id), "integration.not_found", "X-Knit-Integration-Id"],
          [
            integrations.import(foreign, { appId: "madeup", originOrgId: "org", integrationId: id }),
            "integration.not_found",
            "X-Knit-Integration-Id"
          ],
          [
            syncs.start(foreign, text, id, { dataType, destination: "https://receiver.test" }),
            "integration.not_found",
            "X-Knit-Integration-Id"
          ],
          [syncs.update(foreign, text, id, { dataType }), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.pause(foreign, id, dataType), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.resume(foreign, id, dataType), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.cancel(foreign, id, dataType), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.watchFields(foreign, id, dataType, []), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.resync(foreign, id, dataType, "p0"), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.startAutomatic("ws_foreign", id), "integration.not_found", "X-Knit-Integration-Id"],
          [syncs.job(foreign, job!.id), "sync.not_found", "syncJobId"],
          [syncs.run(foreign, first!.run.id), "run.not_found", "syncRunId"],
          [syncs.releaseDeletions(foreign, first!.run.id), "run.not_found", "syncRunId"],
          [syncs.discardDeletions(foreign, first!.run.id), "run.not_found", "syncRunId"],
          [
            destinations.update(foreign, { destinationId: destination.id, state: "paused" }),
            "destination.not_found",
            "destinationId"
          ],
          [destinations.remove(foreign, destination.id), "destination.not_found", "destinationId"],
          [destinations.test(foreign, destination.id), "destination.not_found", "destinationId"],
          [events.get(foreign, pending), "event.not_found", "eventId"],
          [events.retry(foreign, pending), "event.not_found", "eventId"],
          [access.revoke("ws_foreign", principal.apiKeyId), "api_key.not_found", "keyId"]
        ]
        for (const [call, code, field] of calls) yield* refused(call, code, field)

        const page = { limit: 10 }
        const lists = [
          yield* integrations.list(foreign, {}, page),
          yield* syncs.jobs(foreign, id, page),
          yield* syncs.runs(foreign, { integrationId: id }, page),
          yield* destinations.list(foreign, page),
          yield* events.list(foreign, { integrationId: id }, page),
          yield* events.list(foreign, { integrationId: id, recordId: "p1" }, page)
        ]
        for (const list of lists) assert.deepStrictEqual(list, { items: [], nextPageToken: null } as never)
        assert.deepStrictEqual(
          (yield* access.list("ws_foreign")).map((one) => one.id),
          [foreignKey.id]
        )
        assert.lengthOf(
          (yield* events.list(principal, { integrationId: id, recordId: "p1" }, page)).items,
          1,
          "its owner sees it"
        )
      })
    )
  )
})
