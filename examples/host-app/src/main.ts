import { makeApp } from "./app.ts"

const { crochet, server } = await makeApp()
server.listen(3000, "127.0.0.1", () => {
  console.log(
    `Staff directory on http://127.0.0.1:3000, Crochet's interface under /crochet with the key ${crochet.apiKey}`
  )
})

const stop = async () => {
  server.close()
  await crochet.close()
}
process.once("SIGINT", stop)
process.once("SIGTERM", stop)
