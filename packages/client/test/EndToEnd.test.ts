import { playground } from "@crochet/connector-playground"
import { createCrochet, type Crochet } from "@crochet/runtime-node"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Webhook } from "standardwebhooks"
import { afterEach, assert, describe, it } from "vitest"
import { verifyWebhook, type VerifyOptions, type WebhookEvent, WebhookVerificationError } from "../src/index.ts"

const cleanups: Array<() => unknown> = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A receiver over real HTTP that verifies with whatever it is told, and remembers what came. */
const receiver = async () => {
  const control: { options: VerifyOptions } = { options: {} }
  const events: Array<WebhookEvent> = []
  const refusals: Array<string> = []
  const requests: Array<{ readonly headers: Record<string, string>; readonly body: string }> = []
  let finished = () => {}
  const completed = new Promise<void>((resolve) => void (finished = resolve))
  const server = createServer(async (request, response) => {
    const chunks: Array<Buffer> = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    requests.push({ headers: request.headers as Record<string, string>, body: body.toString() })
    try {
      const event = await verifyWebhook(body, request.headers, control.options)
      events.push(event)
      response.writeHead(200).end()
      if (event.eventType === "sync.events.allConsumed") finished()
    } catch (error) {
      refusals.push(error instanceof WebhookVerificationError ? error.reason : String(error))
      response.writeHead(401).end()
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    control,
    events,
    refusals,
    requests,
    completed,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
}

const start = async (): Promise<Crochet> => {
  const crochet = await createCrochet({
    connectors: [playground],
    database: "sqlite::memory:",
    egressAllow: ["127.0.0.0/8"],
    log: { level: "none" }
  })
  cleanups.push(crochet.close)
  return crochet
}

const publicKeys = async (crochet: Crochet): Promise<ReadonlyArray<string>> => {
  const { url } = await crochet.webhooks.keys()
  const response = await crochet.handler(new Request(new URL(url, "http://host")))
  assert.strictEqual(response.status, 200)
  const { keys } = (await response.json()) as { readonly keys: ReadonlyArray<{ readonly publicKey: string }> }
  return keys.map((key) => key.publicKey)
}

describe("what Crochet sends", () => {
  it("verifies by secret, public key and API key, for every event of a sync", async () => {
    const crochet = await start()
    const inbox = await receiver()
    const { destinationId, secret, signatures } = await crochet.webhooks.register({
      category: "HRIS",
      url: inbox.url,
      signatures: ["v1", "v1a"]
    })
    assert.deepStrictEqual(signatures, ["v1", "v1a"])
    inbox.control.options = { secrets: secret, knitApiKey: crochet.apiKey }
    await crochet.integrations.import({
      appId: "playground",
      originOrgId: "acme",
      settings: { employees: "20", changesPerHour: "0" }
    })
    await inbox.completed
    assert.deepStrictEqual(inbox.refusals, [])
    assert.isAbove(inbox.events.filter(({ eventType }) => eventType === "record.new").length, 10)
    for (const event of inbox.events) {
      if (event.eventType === "record.new") assert.match(event.sequence, /^\d+$/)
      if (event.eventType === "sync.events.allConsumed") assert.strictEqual(event.eventData.complete, true)
    }
    const keys = await publicKeys(crochet)
    const elsewhere = await crochet.webhooks.register({ category: "CRM", url: inbox.url })
    for (const { body, headers } of inbox.requests) {
      assert.strictEqual((await verifyWebhook(body, headers, { publicKeys: keys })).eventId, headers["webhook-id"])
      assert.strictEqual(
        (await verifyWebhook(body, headers, { knitApiKey: crochet.apiKey })).eventId,
        headers["webhook-id"]
      )
      assert.deepStrictEqual(new Webhook(secret).verify(body, headers), JSON.parse(body))
      const foreign = await verifyWebhook(body, headers, { secrets: elsewhere.secret }).catch((error: unknown) => error)
      assert.include(foreign as object, { reason: "no_matching_signature" })
    }

    // The same for the sample event, signed in the same way.
    inbox.control.options = { publicKeys: keys }
    assert.isTrue((await crochet.webhooks.test(destinationId)).delivered)
    assert.strictEqual(inbox.events.at(-1)?.eventType, "webhook.test")
  })

  it("verifies with old and new secret while a rotation lasts, and with the new one alone after a leak", async () => {
    const crochet = await start()
    const inbox = await receiver()
    const { destinationId, secret: old } = await crochet.webhooks.register({
      category: "HRIS",
      url: inbox.url,
      mode: "standard"
    })
    const accepted = async (options: VerifyOptions): Promise<boolean> => {
      inbox.control.options = options
      return (await crochet.webhooks.test(destinationId)).delivered
    }
    assert.isTrue(await accepted({ secrets: old }))
    const rotated = await crochet.webhooks.rotateSecret({ destinationId })
    assert.lengthOf(rotated.previousSecrets, 1)
    assert.isTrue(await accepted({ secrets: old }), "the old secret goes on for a day")
    assert.isTrue(await accepted({ secrets: rotated.secret }))
    const leaked = await crochet.webhooks.rotateSecret({ destinationId, expireNow: true })
    assert.isFalse(await accepted({ secrets: [old, rotated.secret] }), "a leaked secret still verifies")
    assert.isTrue(await accepted({ secrets: [old, leaked.secret] }))

    // Public keys: the same, and those that are pinned hold through the overlap.
    await crochet.webhooks.update({ destinationId, signatures: ["v1a"] })
    assert.isFalse(await accepted({ secrets: leaked.secret }))
    const pinned = await publicKeys(crochet)
    assert.isTrue(await accepted({ publicKeys: pinned }))
    const { keys } = await crochet.webhooks.rotateKey({ overlapSeconds: 3600 })
    assert.lengthOf(keys, 2)
    assert.isTrue(await accepted({ publicKeys: pinned }))
    const both = await publicKeys(crochet)
    assert.isTrue(await accepted({ publicKeys: both.filter((key) => !pinned.includes(key)) }))
    await crochet.webhooks.rotateKey({ expireNow: true })
    assert.isFalse(await accepted({ publicKeys: both }), "a leaked key still verifies")
    assert.isTrue(await accepted({ publicKeys: await publicKeys(crochet) }))
    assert.isTrue(inbox.refusals.every((reason) => reason === "no_matching_signature"))
  })
})
