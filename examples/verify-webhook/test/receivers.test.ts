import { signWebhook, verifyWebhook, WebhookVerificationError } from "@crochet/client"
import express from "express"
import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, afterEach, assert, beforeAll, describe, it, vi } from "vitest"
import { app as expressApp } from "../src/express.ts"
import { app as fastifyApp } from "../src/fastify.ts"
import { app as honoApp } from "../src/hono.ts"
import { inbox } from "../src/inbox.ts"
import { POST } from "../src/next.ts"
import { server as nodeServer } from "../src/node.ts"

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

const servers: Array<Server> = []
const listen = async (server: Server): Promise<string> => {
  servers.push(server.listen(0, "127.0.0.1"))
  await once(server, "listening")
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const overHttp =
  (start: () => Promise<string>): (() => Promise<Send>) =>
  async () => {
    const url = await start()
    return (path, init) => fetch(`${url}${path}`, init)
  }

type Send = (path: string, init: RequestInit) => Promise<Response>

/** How each receiver is reached: by real HTTP, or through the web-standard handler that its host calls. */
const receivers: { readonly [name: string]: () => Promise<Send> } = {
  express: overHttp(() => listen(createServer(expressApp as RequestListener))),
  fastify: overHttp(() => fastifyApp.listen({ port: 0, host: "127.0.0.1" })),
  hono: async () => async (path, init) => honoApp.fetch(new Request(`http://host${path}`, init)),
  next: async () => (path, init) => POST(new Request(`http://host${path}`, init)),
  node: overHttp(() => listen(nodeServer))
}

let warnings: Array<string> = []
beforeAll(() => {
  vi.stubEnv("CROCHET_WEBHOOK_SECRET", `${other} ${secret}`)
})
afterEach(() => {
  inbox.clear()
  warnings = []
})
afterAll(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await fastifyApp.close()
  for (const server of servers) server.close()
})

// Spaces, escapes and a number that JSON.stringify would write in another way: parsed and written again it is another text.
const body = (id: string) =>
  `{ "eventId":"${id}", "eventType":"record.new","eventData":{"a":1.0,"b":"\\u00e9","c":"ü"} ,"recordId":"42"}`
const signed = async (id: string, text = body(id), more: object = {}): Promise<RequestInit> => ({
  method: "POST",
  body: text,
  headers: { "content-type": "application/json", ...(await signWebhook(text, { secret, id, ...more })) }
})

describe.each(Object.entries(receivers))("the receiver on %s", (_name, reach) => {
  let send: Send
  beforeAll(async () => {
    vi.spyOn(console, "warn").mockImplementation((line: string) => {
      warnings.push(line)
    })
    send = await reach()
  })
  const status = async (init: RequestInit): Promise<number> => {
    const response = await send("/webhook", init)
    await response.arrayBuffer()
    return response.status
  }

  it("answers 200 to a signed event, whose bytes JSON.stringify would not give back", async () => {
    assert.notStrictEqual(JSON.stringify(JSON.parse(body("ev_1"))), body("ev_1"))
    assert.strictEqual(await status(await signed("ev_1")), 200)
    assert.deepStrictEqual(inbox.get("ev_1")?.eventData, { a: 1, b: "é", c: "ü" })
    assert.deepStrictEqual(warnings, [])
  })

  it("takes an event once, and answers 200 each time", async () => {
    const first = body("ev_1")
    assert.strictEqual(await status(await signed("ev_1")), 200)
    assert.strictEqual(await status(await signed("ev_1", first.replace("42", "43"))), 200)
    assert.strictEqual(inbox.size, 1)
    assert.include(inbox.get("ev_1"), { recordId: "42" })
  })

  it("answers 401 to whatever was changed, and keeps nothing of it", async () => {
    const good = await signed("ev_1")
    const headers = good.headers as Record<string, string>
    const changed = (name: string, value: string): RequestInit => ({ ...good, headers: { ...headers, [name]: value } })
    const { "webhook-signature": _, ...unsigned } = headers
    for (const bad of [
      { ...good, body: body("ev_1").replace("42", "43") },
      { ...good, body: JSON.stringify(JSON.parse(body("ev_1"))) },
      { ...good, body: "" },
      { ...good, headers: unsigned },
      changed("webhook-id", "ev_2"),
      changed("webhook-timestamp", String(Number(headers["webhook-timestamp"]) + 1)),
      changed("webhook-signature", `v1,${Buffer.alloc(32).toString("base64")}`),
      await signed("ev_1", body("ev_1"), { secret: "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB" }),
      await signed("ev_1", body("ev_1"), { now: Date.now() - 301_000 })
    ]) {
      assert.strictEqual(await status(bad), 401)
    }
    assert.strictEqual(inbox.size, 0)
    assert.lengthOf(warnings, 9)
    for (const line of warnings) assert.notInclude(line, secret.slice(6))
  })

  it("takes a body of a megabyte, in whatever content type", async () => {
    const text = body("ev_1").replace(`"c":"ü"`, `"c":"${"ü".repeat(600_000)}"`)
    const init = await signed("ev_1", text)
    assert.strictEqual(await status(init), 200)
    const plain = { ...init, headers: { ...(init.headers as object), "content-type": "text/plain" } }
    assert.strictEqual(await status(plain), 200)
    assert.strictEqual(inbox.size, 1)
  })
})

describe("an Express app that parses first", () => {
  it("is told so, instead of being left with a signature that does not fit", async () => {
    const app = express()
    const refusals: Array<WebhookVerificationError> = []
    app.use(express.json())
    app.post("/webhook", async (req, res) => {
      await verifyWebhook(req.body, req.headers, { secrets: secret }).catch((error: unknown) => {
        if (error instanceof WebhookVerificationError) refusals.push(error)
      })
      res.sendStatus(401)
    })
    const url = await listen(createServer(app as RequestListener))
    await fetch(`${url}/webhook`, await signed("ev_1"))
    assert.deepStrictEqual(
      refusals.map(({ reason }) => reason),
      ["body_not_raw"]
    )
    assert.match(refusals[0]!.message, /parsed before it was verified.*express\.raw/)
  })
})
