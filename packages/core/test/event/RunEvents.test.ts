import { assert, describe, it } from "vitest"
import { RunEvents, type Run } from "@crochet/core"
import { noCounts } from "../../src/sync/Run.ts"
import type { Sealer } from "../../src/vault/Vault.ts"
import { fingerprint } from "../diff/Rows.ts"

const encoder = new TextEncoder()
const sealer: Sealer = {
  seal: (_, plaintext) => (typeof plaintext === "string" ? encoder.encode(plaintext) : plaintext),
  open: (_, sealed) => sealed,
  fingerprint
}
const run = (change: Partial<Run.Run> = {}): Run.Run => ({
  id: "sr_1",
  workspaceId: "ws_1",
  jobId: "sj_1",
  integrationId: "int_1",
  appId: "madeup",
  originOrgId: "org",
  dataType: "employee",
  type: "delta_sync",
  mode: "listing",
  trigger: "api",
  status: "processed",
  destinationId: "dest_1",
  createdAt: 1,
  startedAt: 1000,
  processedAt: 2000,
  completedAt: null,
  resumeAt: null,
  interruptions: 0,
  counts: { ...noCounts, processed: 7 },
  emitted: 3,
  consumed: 3,
  coalesced: 0,
  outstanding: 0,
  expired: 0,
  heldDeletions: 0,
  issues: [],
  ...change
})
const data = (event: { readonly body: Uint8Array } | null) =>
  (JSON.parse(new TextDecoder().decode(event?.body)) as { eventData: object }).eventData
const all = () => ({ events: null })
const closing = (
  change: Partial<Run.Run> = {},
  destination: { readonly events: ReadonlyArray<string> | null } = { events: null }
) => RunEvents.close({ sealer: () => sealer, destination: () => destination, now: 3000 })(run(change))

describe("the events of a run", () => {
  it("say times as epoch milliseconds in strings, and counts as numbers", () => {
    const [processed, emitted] = RunEvents.processed(run(), sealer, 2000, 3)
    const common = { processed: 7, emitted: 3, startedAt: "1000", processedAt: "2000", complete: false }
    assert.deepStrictEqual(data(processed!), { status: "processed", ...common })
    assert.deepStrictEqual(data(emitted!), { status: "emitted", ...common })
    assert.deepStrictEqual(data(closing()), {
      status: "completed",
      processed: 7,
      emitted: 3,
      consumed: 3,
      startedAt: "1000",
      processedAt: "2000",
      completedAt: "3000",
      complete: true
    })
  })

  it("close as incomplete, with a remedy, when events expired", () => {
    const event = closing({ expired: 2, consumed: 1 })
    assert.strictEqual(event?.type, "sync.events.incomplete")
    assert.deepInclude(data(event), { status: "incomplete", complete: false, expired: 2, consumed: 1 })
    assert.property(data(event), "resolution")
  })

  it("close without a word where the destination does not want it", () => {
    assert.isNull(closing({}, { events: ["record.new"] }))
    assert.isNull(closing({ expired: 1 }, { events: ["sync.events.allConsumed"] }))
    assert.isNotNull(closing({}, { events: ["sync.events.allConsumed"] }))
    assert.isTrue(RunEvents.wants(all(), "record.new"))
  })

  it("have ids that follow from run, record and change alone", () => {
    const id = (runId: string, about: string) => RunEvents.eventId(sealer, runId, about, "record.new")
    assert.strictEqual(id("sr_1", "k|1"), id("sr_1", "k|1"))
    assert.match(id("sr_1", "k|1"), /^ev_[A-Za-z0-9_-]{22}$/)
    assert.strictEqual(new Set([id("sr_1", "k|1"), id("sr_2", "k|1"), id("sr_1", "k|2"), id("sr_1", "j|1")]).size, 4)
  })
})
