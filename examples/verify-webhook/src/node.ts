import { verifyWebhook, WebhookVerificationError } from "@crochet/client"
import { createServer, type IncomingMessage } from "node:http"
import { keep } from "./inbox.ts"

const mostBytes = 10 * 1024 * 1024

const bytesOf = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Array<Buffer> = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const server = createServer(async (request, response) => {
  const answer = (status: number) => response.writeHead(status).end()
  try {
    if (request.method !== "POST" || request.url !== "/webhook") return answer(404)
    const body = await bytesOf(request)
    if (body === null) return answer(413)
    const secrets = process.env["CROCHET_WEBHOOK_SECRET"]?.split(" ")
    await keep(await verifyWebhook(body, request.headers, { secrets }))
    return answer(200)
  } catch (error) {
    if (error instanceof WebhookVerificationError) {
      console.warn(`webhook refused: ${error.message}`)
      return answer(401)
    }
    // The event comes again.
    console.error(error)
    return answer(500)
  }
})
