import { createServer, type IncomingMessage, type Server } from "node:http"

/** A node:http request as a web request. Frameworks that speak web requests (Hono, Next, Bun, Deno) need none of this. */
const toWebRequest = async (incoming: IncomingMessage): Promise<Request> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one)
  }
  const method = incoming.method ?? "GET"
  return new Request(new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "localhost"}`), {
    method,
    headers,
    ...(method === "GET" || method === "HEAD" ? {} : { body: Buffer.concat(chunks) })
  })
}

/** A node:http server for a function from web request to web response. */
export const serveWeb = (handle: (request: Request) => Promise<Response>): Server =>
  createServer(async (incoming, outgoing) => {
    try {
      const response = await handle(await toWebRequest(incoming))
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(Buffer.from(await response.arrayBuffer()))
    } catch (error) {
      console.error(error)
      outgoing.writeHead(500).end()
    }
  })
