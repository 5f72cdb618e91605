import { afterAll, assert, describe, it } from "@effect/vitest"
import { dispose, handler, send } from "./Wire.ts"

afterAll(dispose)

describe("/.well-known/crochet/{workspaceId}/webhook-keys", () => {
  const path = "/.well-known/crochet/ws_1/webhook-keys"
  const get = (at: string, headers: Record<string, string> = {}) =>
    handler(new Request(`http://localhost${at}`, { headers }))

  it("shows the public keys to anybody, to be kept for five minutes", async () => {
    const response = await get(path)
    assert.strictEqual(response.status, 200)
    assert.strictEqual(response.headers.get("cache-control"), "public, max-age=300")
    assert.strictEqual(response.headers.get("content-type"), "application/json")
    assert.strictEqual(response.headers.get("x-content-type-options"), "nosniff")
    assert.deepStrictEqual(await response.json(), {
      keys: [
        {
          keyId: "whk_1",
          algorithm: "ed25519",
          publicKey: "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
          createdAt: "1970-01-01T00:00:00.001Z",
          retiresAt: null
        }
      ]
    })
    const again = await get(path, { "if-none-match": response.headers.get("etag")! })
    assert.strictEqual(again.status, 304)
    assert.strictEqual(await again.text(), "")
  })

  it("knows no other workspace, and keeps nobody from asking again", async () => {
    for (const id of ["ws_2", "..%2Fws_1", "%00", "ws_1%20"]) {
      const response = await get(`/.well-known/crochet/${id}/webhook-keys`)
      assert.strictEqual(response.status, 404, id)
      assert.strictEqual(response.headers.get("cache-control"), "no-store")
      assert.strictEqual((await response.json()).success, false)
    }
  })
})

describe("webhook.rotateSecret", () => {
  it("refuses an overlap that is longer than a week, by its name", async () => {
    for (const overlapSeconds of [-1, 604_801, 1.5, "60"]) {
      const { json, status } = await send("POST", "/v1.0/webhook.rotateSecret", {
        body: { destinationId: "dst_1", overlapSeconds }
      })
      assert.strictEqual(status, 400)
      assert.deepInclude(json.error, { code: "request.invalid", field: "overlapSeconds" })
    }
    const none = await send("POST", "/v1.0/webhook.register", {
      body: { category: "HRIS", url: "https://host.example", signatures: [] }
    })
    assert.deepInclude(none.json.error, { code: "request.invalid", field: "signatures[0]" })
  })

  it("and webhook.rotateKey ask for their scopes", async () => {
    const secret = await send("POST", "/v1.0/webhook.rotateSecret", { key: "key_read", body: { destinationId: "d" } })
    const key = await send("POST", "/v1.0/webhook.rotateKey", { key: "key_sync", body: {} })
    const list = await send("GET", "/v1.0/webhook.keys.list", { key: "key_read" })
    assert.deepStrictEqual([secret.status, key.status, list.status], [403, 403, 200])
  })
})
