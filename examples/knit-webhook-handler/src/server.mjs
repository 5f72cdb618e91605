// The handler behind node:http. KNIT_API_KEY=… PORT=8080 node src/server.mjs
import { createServer } from "node:http"
import { pathToFileURL } from "node:url"
import { makeKnithook } from "./knithook.mjs"

/** @param {ReturnType<typeof makeKnithook>} knithook */
export const makeServer = (knithook) =>
  createServer(async (req, res) => {
    if (req.method !== "POST" || req.url !== "/knithook") {
      res.writeHead(404).end()
      return
    }
    try {
      /** @type {Buffer[]} */
      const chunks = []
      for await (const chunk of req) chunks.push(chunk)
      const { status, text } = knithook(req.headers, Buffer.concat(chunks).toString("utf8"))
      res.writeHead(status, { "content-type": "text/plain" }).end(text)
    } catch (error) {
      console.error(error)
      res.writeHead(500).end()
    }
  })

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const apiKey = process.env.KNIT_API_KEY
  if (!apiKey) {
    console.error("Set KNIT_API_KEY to the API key that registers this webhook: it is what the events are signed with.")
    process.exit(1)
  }
  const port = Number(process.env.PORT ?? 8080)
  makeServer(makeKnithook({ apiKey, employees: new Map() })).listen(port, "127.0.0.1", () => {
    console.log(`Waiting for events at http://127.0.0.1:${port}/knithook`)
  })
}
