import { Agent, request } from "node:http"
import { afterEach, assert, describe, it } from "@effect/vitest"
import { type Inbox, startInbox } from "../src/world/Inbox.ts"

const agents: Array<Agent> = []
let inbox: Inbox | undefined
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  await inbox?.close()
})

/** One connection, as a process keeps it. */
const connection = (): Agent => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return agent
}

const send = (url: string, agent: Agent, eventId: string) =>
  new Promise<void>((resolve, reject) => {
    const sent = request(url, { method: "POST", agent }, (response) => response.resume().once("end", resolve))
    sent.once("error", reject).end(JSON.stringify({ eventId, eventType: "record.new", eventData: {} }))
  })

describe("Inbox", () => {
  it("knows by its connection which process sent a request, however late it reads it", async () => {
    inbox = await startInbox()
    const killed = connection()
    await send(inbox.url, killed, "ev_1")
    inbox.nextGeneration()
    await send(inbox.url, connection(), "ev_2")
    await send(inbox.url, killed, "ev_3")
    assert.deepStrictEqual(
      inbox.arrivals.map(({ event, generation }) => [event.eventId, generation]),
      [
        ["ev_1", 0],
        ["ev_2", 1],
        ["ev_3", 0]
      ]
    )
  })
})
