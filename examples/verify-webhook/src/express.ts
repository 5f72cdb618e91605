import { verifyWebhook, WebhookVerificationError } from "@crochet/client"
import express from "express"
import { keep } from "./inbox.ts"

export const app = express()

// Before any `app.use(express.json())`, which would parse the body and throw its bytes away.
app.post("/webhook", express.raw({ type: () => true, limit: "10mb" }), async (req, res) => {
  try {
    const secrets = process.env["CROCHET_WEBHOOK_SECRET"]?.split(" ")
    await keep(await verifyWebhook(req.body, req.headers, { secrets }))
    res.sendStatus(200)
  } catch (error) {
    // Whatever else goes wrong becomes a 500, and the event comes again.
    if (!(error instanceof WebhookVerificationError)) throw error
    console.warn(`webhook refused: ${error.message}`)
    res.sendStatus(401)
  }
})

app.use(express.json())
