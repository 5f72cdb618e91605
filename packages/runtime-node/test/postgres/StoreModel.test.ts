import { StoreModel } from "@crochet/core/testing"
import { afterAll, beforeAll } from "vitest"
import * as Server from "./Server.ts"
import * as Store from "./Store.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start({ fsync: "off" })
})
afterAll(() => server.remove())

StoreModel.suite(
  "PostgresStore",
  Store.layer(() => server),
  { runs: 15 }
)
