import type { AddressInfo } from "node:net"
import { playground } from "@crochet/connector-playground"
import { createCrochet } from "@crochet/runtime-node"
import { assert, it } from "vitest"
import { makeKnithook } from "../src/knithook.mjs"
import { makeServer } from "../src/server.mjs"

it("gets a whole sync from Crochet, unchanged", async () => {
  const employees = new Map<string, Record<string, Record<string, unknown> | null>>()
  const lines: Array<string> = []
  let finished = () => {}
  const completed = new Promise<void>((resolve) => void (finished = resolve))
  const crochet = await createCrochet({
    connectors: [playground],
    database: "sqlite::memory:",
    egressAllow: ["127.0.0.0/8"]
  })
  const log = (line: string) => {
    lines.push(line)
    if (/ all \d+ events of sr_/.test(line)) finished()
  }
  const server = makeServer(makeKnithook({ apiKey: crochet.apiKey, employees, log }))
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/knithook`
    await crochet.webhooks.register({ category: "HRIS", url })
    const { integrationId } = await crochet.integrations.import({
      appId: "playground",
      originOrgId: "acme",
      settings: { employees: "30", changesPerHour: "0" }
    })
    await completed

    // Some of the thirty have left already: the initial sync sends who is active.
    assert.isAbove(employees.size, 20)
    assert.isTrue(lines.some((line) => line.startsWith(`${integrationId}: all ${employees.size} events of sr_`)))
    for (const employee of employees.values()) assert.isString(employee["profile"]?.["firstName"])
    assert.isTrue(
      lines.some((line) => new RegExp(`^${integrationId}: initial_sync sr_\\w+ has read 30 records$`).test(line))
    )
    const departments = lines.filter((line) => line.startsWith("  ")).map((line) => Number(line.split(": ")[1]))
    assert.strictEqual(
      departments.reduce((sum, count) => sum + count, 0),
      employees.size
    )
  } finally {
    await crochet.close()
    server.closeAllConnections()
    server.close()
  }
})
