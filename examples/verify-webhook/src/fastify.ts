import { verifyWebhook, WebhookVerificationError } from "@crochet/client"
import fastify from "fastify"
import { keep } from "./inbox.ts"

export const app = fastify({ bodyLimit: 10 * 1024 * 1024 })

// A scope of its own: here bodies stay bytes, everywhere else JSON is parsed as usual.
app.register(async (scope) => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body))
  scope.post<{ Body: Buffer }>("/webhook", async (request, reply) => {
    try {
      const secrets = process.env["CROCHET_WEBHOOK_SECRET"]?.split(" ")
      await keep(await verifyWebhook(request.body, request.headers, { secrets }))
      return reply.code(200).send()
    } catch (error) {
      // Whatever else goes wrong becomes a 500, and the event comes again.
      if (!(error instanceof WebhookVerificationError)) throw error
      console.warn(`webhook refused: ${error.message}`)
      return reply.code(401).send()
    }
  })
})
