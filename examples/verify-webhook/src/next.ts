// app/webhook/route.ts of a Next app (App Router), for the Node runtime and for the edge.
import { verifyWebhook, WebhookVerificationError } from "@crochet/client"
import { keep } from "./inbox.ts"

export const POST = async (request: Request): Promise<Response> => {
  try {
    const secrets = process.env["CROCHET_WEBHOOK_SECRET"]?.split(" ")
    // Not request.json(): the signature covers the bytes.
    await keep(await verifyWebhook(await request.arrayBuffer(), request.headers, { secrets }))
    return new Response(null, { status: 200 })
  } catch (error) {
    // Whatever else goes wrong becomes a 500, and the event comes again.
    if (!(error instanceof WebhookVerificationError)) throw error
    console.warn(`webhook refused: ${error.message}`)
    return new Response(null, { status: 401 })
  }
}
