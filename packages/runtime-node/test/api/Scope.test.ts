import { CurrentWorkspace, Destinations, Integrations, KeyStore } from "@crochet/core"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import * as Routes from "../../src/api/Routes.ts"
import * as Fakes from "../ServiceFakes.ts"

const seen: Array<CurrentWorkspace.Scope> = []
const note = Effect.map(CurrentWorkspace.CurrentWorkspace, (scope) => void seen.push(scope))

const fakes = Layer.mergeAll(
  Fakes.layer,
  Layer.mock(KeyStore.KeyStore, { workspaces: Effect.as(note, []) }),
  Layer.mock(Integrations.Integrations, { list: () => Effect.as(note, { items: [], nextPageToken: null }) }),
  Layer.mock(Destinations.Destinations, { publishedKeys: () => Effect.as(note, []) })
)
/** A route that says nothing of whose rows it is about. */
const forgetful = HttpRouter.add("GET", "/forgetful", Effect.as(note, HttpServerResponse.empty()))

const { dispose, handler } = HttpRouter.toWebHandler(
  Layer.merge(forgetful, Routes.layer).pipe(
    Layer.provide(fakes),
    Layer.provide(HttpServer.layerServices),
    Layer.provideMerge(Logger.layer([]))
  ),
  { disableLogger: true }
)
afterAll(dispose)

const scopesOf = async (path: string, key?: string) => {
  seen.length = 0
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const { status } = await handler(new Request(`http://localhost${path}`, { headers }))
  return { status, seen: [...seen] }
}

describe("whose rows the stores show to a request", () => {
  it("those of its key's workspace, when it is a call", async () => {
    const asked = await scopesOf("/v1.0/integration.details?originOrgId=x", Fakes.apiKey)
    assert.deepStrictEqual(asked, { status: 200, seen: [{ workspaceId: "ws_1" }] })
  })

  it("those of the workspace in the path, when it asks for public keys", async () => {
    const asked = await scopesOf("/.well-known/crochet/ws_9/webhook-keys")
    assert.deepStrictEqual(asked.seen, [{ workspaceId: "ws_9" }])
  })

  it("all, when it looks whether the database answers", async () => {
    assert.deepStrictEqual(await scopesOf("/health/ready"), { status: 200, seen: ["everyone"] })
  })

  it("none, when a route does not say", async () => {
    assert.deepStrictEqual(await scopesOf("/forgetful"), { status: 204, seen: ["nobody"] })
  })
})
