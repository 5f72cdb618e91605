import { afterAll, assert, describe, it } from "@effect/vitest"
import { dispose, handler } from "./Wire.ts"

afterAll(dispose)

describe("operations", () => {
  it("health", async () => {
    const live = await handler(new Request("http://localhost/health/live"))
    assert.strictEqual(live.status, 200)
    const ready = await handler(new Request("http://localhost/health/ready"))
    assert.deepStrictEqual(await ready.json(), { status: "ok", checks: { database: "ok" } })
  })
  it("metrics are Prometheus text", async () => {
    const response = await handler(new Request("http://localhost/metrics"))
    const text = await response.text()
    assert.match(text, /^process_resident_memory_bytes \d+$/m)
    assert.match(text, /^crochet_events_pending\{destination="dst_1"\} 12$/m)
    assert.match(text, /^crochet_http_requests_total\{status="200"\} \d+$/m)
  })
  it("the reference is served without a CDN", async () => {
    const html = await handler(new Request("http://localhost/docs")).then((response) => response.text())
    assert.include(html, "sync.start")
    assert.notMatch(html, /<script[^>]+src="https?:/)
    const errors = await handler(new Request("http://localhost/docs/errors")).then((response) => response.text())
    assert.include(errors, "request.integration_missing")
  })
})
