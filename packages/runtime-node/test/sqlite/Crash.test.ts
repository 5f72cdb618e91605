import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "vitest"

const rounds = 12
const writer = fileURLToPath(new URL("crashingWriter.ts", import.meta.url))
let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crochet-crash-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Numerical Recipes' linear congruential generator: the same kills every time the test runs. */
const random = (seed: number) => () => (seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296

/** Runs the writer and kills it a moment after it reported its nth commit; resolves with what it reported. */
const runAndKill = (
  path: string,
  round: number,
  commits: number,
  delayMicros: number
): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=@crochet/source", writer, path, String(round)], {
      stdio: ["ignore", "pipe", "pipe"]
    })
    const lines: Array<string> = []
    let errors = ""
    let killed = false
    child.stderr.on("data", (chunk: Buffer) => (errors += String(chunk)))
    child.stdout.on("data", (chunk: Buffer) => {
      lines.push(...String(chunk).split("\n").filter(Boolean))
      if (lines.length < commits || killed) return
      killed = true
      // Spinning is the only way to wait for less than a millisecond.
      for (const until = process.hrtime.bigint() + BigInt(delayMicros) * 1_000n; process.hrtime.bigint() < until;);
      child.kill("SIGKILL")
    })
    child.on("error", reject)
    child.on("exit", (_, signal) =>
      signal === "SIGKILL" ? resolve(lines) : reject(new Error(`the writer ended by itself: ${errors}`))
    )
  })

const check = (path: string): { readonly pages: number; readonly settled: number } => {
  const database = new DatabaseSync(path)
  try {
    const all = (text: string) => database.prepare(text).all()
    const one = (text: string): number => Number(Object.values(all(text)[0]!)[0])
    assert.deepStrictEqual(
      all("PRAGMA integrity_check").map((row) => row["integrity_check"]),
      ["ok"]
    )
    const runs = all(
      "SELECT id, status, counts, emitted, consumed, outstanding, expired, checkpoint, closing_event_id FROM runs"
    )
    let pages = 0
    for (const run of runs) {
      const of = (what: string) => one(`SELECT count(*) FROM events WHERE run_id = '${run["id"]}' AND ${what}`)
      const done = JSON.parse(String(run["counts"])).pages
      pages += done
      assert.strictEqual(of("type = 'record.new'"), done * 40, `${run["id"]}: as many events as pages`)
      assert.strictEqual(run["emitted"], done * 40, `${run["id"]}: emitted`)
      assert.strictEqual(
        run["consumed"],
        of("type = 'record.new' AND state = 'acknowledged'"),
        `${run["id"]}: consumed`
      )
      assert.strictEqual(
        run["outstanding"],
        of("type <> 'sync.events.allConsumed' AND state = 'pending'"),
        `${run["id"]}: outstanding`
      )
      assert.strictEqual(
        run["emitted"],
        Number(run["consumed"]) + of("type = 'record.new' AND state = 'pending'"),
        `${run["id"]}: the books balance`
      )
      const closing = of("type = 'sync.events.allConsumed'")
      assert.strictEqual(closing, run["closing_event_id"] === null ? 0 : 1, `${run["id"]}: closing event`)
      if (run["status"] === "running") {
        const checkpoint =
          run["checkpoint"] === null ? 0 : Number(new TextDecoder().decode(run["checkpoint"] as Uint8Array))
        assert.strictEqual(checkpoint, done, `${run["id"]}: checkpoint and pages`)
        const seen = all(`SELECT bits FROM seen_bits WHERE run_id = '${run["id"]}'`)
        const bytes =
          seen.length === 0 ? 0 : [...(seen[0]!["bits"] as Uint8Array)].filter((byte) => byte === 255).length
        assert.strictEqual(bytes, done, `${run["id"]}: seen bits and pages`)
        // Snapshot and outbox: every row that a page of this run wrote carries its sequence number.
        assert.strictEqual(
          one(`SELECT count(*) FROM snapshot WHERE sequence = ${Number(String(run["id"]).slice(4))}`),
          done * 40,
          `${run["id"]}: rows`
        )
      } else {
        assert.strictEqual(
          one(`SELECT count(*) FROM seen_bits WHERE run_id = '${run["id"]}'`),
          0,
          `${run["id"]}: no seen bits`
        )
        assert.strictEqual(
          run["status"] === "completed" || Number(run["outstanding"]) > 0 || closing === 1,
          run["status"] !== "queued",
          `${run["id"]}: not stuck`
        )
      }
    }
    assert.strictEqual(
      one("SELECT count(*) FROM events WHERE state = 'pending'"),
      one("SELECT count(*) FROM outbox"),
      "outbox and log"
    )
    assert.strictEqual(
      one("SELECT count(*) FROM outbox o JOIN events e ON e.position = o.position AND e.state = 'pending'"),
      one("SELECT count(*) FROM outbox")
    )
    assert.strictEqual(
      one("SELECT count(*) FROM bodies"),
      one("SELECT count(*) FROM outbox"),
      "a body for each pending event, and no other"
    )
    const settled = one("SELECT count(*) FROM events WHERE state = 'acknowledged'")
    assert.strictEqual(
      one("SELECT coalesce(sum(attempts), 0) FROM events"),
      one("SELECT count(*) FROM attempts"),
      "an attempt for each that is counted"
    )
    // A blocked event has an earlier one in the outbox, and an event with an earlier one there is blocked.
    const earlier = `SELECT 1 FROM events b JOIN outbox w ON w.position = b.position
      WHERE b.record = e.record AND b.job_id = e.job_id AND b.sequence < e.sequence`
    assert.strictEqual(
      one(
        `SELECT count(*) FROM outbox o JOIN events e ON e.position = o.position WHERE o.blocked <> EXISTS (${earlier})`
      ),
      0,
      "order within records"
    )
    return { pages, settled }
  } finally {
    database.close()
  }
}

describe("a process that is killed at any moment", () => {
  it(`leaves snapshot, outbox, seen bits and counters that agree, ${rounds} times in one file`, async () => {
    const path = join(folder, "crochet.db")
    const next = random(7)
    let before = { pages: 0, settled: 0 }
    for (let round = 1; round <= rounds; round++) {
      const lines = await runAndKill(path, round, 1 + Math.floor(next() * 60), Math.floor(next() * 4_000))
      const after = check(path)
      const committed = lines.filter((line) => line === "committed").length
      assert.isAtLeast(after.pages, before.pages + committed, `round ${round}: every page that was reported is there`)
      assert.isAtLeast(after.settled, before.settled, `round ${round}: nothing acknowledged comes back`)
      before = after
    }
    assert.isAbove(before.pages, rounds)
  })
})
