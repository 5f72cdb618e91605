import { verifyWebhook, WebhookVerificationError } from "@crochet/client"
import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import { keep } from "./inbox.ts"

export const app = new Hono()

app.post("/webhook", bodyLimit({ maxSize: 10 * 1024 * 1024 }), async (c) => {
  try {
    const secrets = process.env["CROCHET_WEBHOOK_SECRET"]?.split(" ")
    // Not c.req.json(): the signature covers the bytes.
    await keep(await verifyWebhook(await c.req.arrayBuffer(), c.req.raw.headers, { secrets }))
    return c.body(null, 200)
  } catch (error) {
    // Whatever else goes wrong becomes a 500, and the event comes again.
    if (!(error instanceof WebhookVerificationError)) throw error
    console.warn(`webhook refused: ${error.message}`)
    return c.body(null, 401)
  }
})
