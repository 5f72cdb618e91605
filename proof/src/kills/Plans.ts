import assert from "node:assert/strict"
import type { CrashPoint } from "@crochet/core"
import { until } from "../world/Deadline.ts"
import { eventsOf } from "../world/Oracle.ts"
import { accountEndPlans } from "./AccountEndPlans.ts"
import type { Patient } from "./Patient.ts"

/** Numbers in [0, 1). */
export type Random = () => number

/** How the program comes by a crash point, dies there, and what must be so afterwards. */
export interface Plan {
  /** `usual`: an account with an API key. `oauth`: one whose tokens are renewed. `fresh`: a program that never ran. */
  readonly patient: "usual" | "oauth" | "fresh"
  readonly run: (patient: Patient, random: Random) => Promise<void>
}

const dataset = "/v2/datasets/employee/data"

/** A full run of two pages and some 540 events, in which the point is passed at least `most` times. */
const inRun = (point: CrashPoint.CrashPoint, most: number): Plan => ({
  patient: "usual",
  run: async (patient, random) => {
    const { begin, completes, diesAt, host, integrationId } = patient
    let run = () => Promise.resolve("")
    await diesAt(point, 1 + Math.floor(random() * most), async () => {
      run = await begin(() => host.initial(integrationId))
    })
    await completes(await run())
  }
})

const pruning = (point: CrashPoint.CrashPoint): Plan => ({
  patient: "usual",
  run: async ({ completes, diesStarting, host, integrationId, pruned }) => {
    await completes(await host.initial(integrationId))
    const old = await host.data.query("SELECT id FROM events WHERE state <> 'pending'")
    for (const { id } of old) pruned.add(String(id))
    await host.data.rewrite("UPDATE events SET created_at = 1, settled_at = 1 WHERE state <> 'pending'")
    await diesStarting(point, 1)
    await until("the old events are gone", async () => {
      const [left] = await host.data.query("SELECT count(*) AS n FROM events WHERE settled_at = 1")
      return Number(left?.["n"]) === 0
    })
    const orphans = await host.data.query(
      "SELECT a.position FROM attempts a WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.position = a.position)"
    )
    assert.equal(orphans.length, 0, "attempts left their events behind")
    await completes(await host.initial(integrationId))
  }
})

/** All records of a run once more, a hundred at a time. */
const replaying = (point: CrashPoint.CrashPoint): Plan => ({
  patient: "usual",
  run: async ({ begin, completes, diesAt, host, integrationId }, random) => {
    const run = await (await begin(() => host.initial(integrationId)))()
    await completes(run)
    let started: Promise<unknown> = Promise.resolve()
    await diesAt(point, 1 + Math.floor(random() * 4), () => {
      const request = { syncRunId: run, eventType: "record.new", states: ["acknowledged"] }
      started = host
        .api()
        .post("events.replay", request, integrationId)
        .catch(() => {})
    })
    await started
    const again =
      "SELECT count(*) AS n, count(DISTINCT r.replay_of) AS different FROM events r WHERE r.state = 'acknowledged' " +
      `AND r.replay_of IN (SELECT id FROM events e WHERE e.run_id = '${run}' AND e.type = 'record.new')`
    const open = "SELECT (SELECT count(*) FROM replays WHERE state <> 'done') + (SELECT count(*) FROM outbox) AS n"
    const { emitted } = await host.run(run)
    // Each record is asked for by itself, as fast as the app and the machine allow.
    const done = async () => Number((await host.data.query(open))[0]?.["n"]) === 0
    await until("the replay is done", done, 180_000)
    const [sent] = await host.data.query(again)
    assert.deepEqual([Number(sent?.["different"]), Number(sent?.["n"])], [emitted, emitted], "each record once")
  }
})

/** Everything that was sealed before opens under the new key. */
const rotating = (point: CrashPoint.CrashPoint): Plan => ({
  patient: "usual",
  run: async ({ completes, diesRotating, host, integrationId }) => {
    await diesRotating(point)
    const keys = await host.data.query("SELECT DISTINCT master_key_id AS id FROM data_keys")
    assert.equal(keys.length, 1, "every data key is under one master key")
    await completes(await host.initial(integrationId))
  }
})

/** The program dies of its own first start; everything else is an ordinary start. */
const starting: Plan = { patient: "fresh", run: async () => {} }

/** A plan for each crash point: the type refuses one that is missing. */
export const plans: { readonly [K in CrashPoint.CrashPoint]: Plan } = {
  "migration.writing": starting,
  "migration.committed": starting,
  "run.claimed": inRun("run.claimed", 1),
  "page.read": inRun("page.read", 2),
  "page.writing": inRun("page.writing", 2),
  "page.committed": inRun("page.committed", 2),
  "deletions.planned": inRun("deletions.planned", 1),
  "reading.ended": inRun("reading.ended", 1),
  "run.sealing": inRun("run.sealing", 1),
  "run.sealed": inRun("run.sealed", 1),
  "claim.writing": inRun("claim.writing", 2),
  "claim.committed": inRun("claim.committed", 2),
  "request.sending": inRun("request.sending", 300),
  "answer.read": inRun("answer.read", 300),
  "settle.attempted": inRun("settle.attempted", 4),
  "settle.closing": inRun("settle.closing", 1),
  "settle.committed": inRun("settle.committed", 4),
  "run.released": {
    patient: "usual",
    run: async ({ begin, completes, diesAt, host, integrationId, simulator }) => {
      let run = () => Promise.resolve("")
      await diesAt("run.released", 1, async () => {
        simulator.control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 60_000 })
        run = await begin(() => host.initial(integrationId))
        await until("the second page is being read", () => simulator.control.faults().length === 0)
        host.program().child.kill("SIGTERM")
      })
      await completes(await run())
    }
  },
  "events.released": {
    patient: "usual",
    run: async ({ begin, completes, diesAt, host, integrationId, receiver }) => {
      let run = () => Promise.resolve("")
      await diesAt("events.released", 1, async () => {
        const before = receiver.arrivals.length
        receiver.answer(() => new Promise((resolve) => setTimeout(resolve, 300, 200)))
        run = await begin(() => host.initial(integrationId))
        await until("deliveries are under way", () => receiver.arrivals.length > before + 20)
        host.program().child.kill("SIGTERM")
      })
      await completes(await run())
    }
  },
  "lease.renewed": {
    patient: "usual",
    run: async ({ begin, completes, diesAt, host, integrationId, receiver }) => {
      let run = () => Promise.resolve("")
      await diesAt("lease.renewed", 1, async () => {
        receiver.answer(({ event }) => (event.recordId === undefined ? 200 : "hang"))
        run = await begin(() => host.initial(integrationId))
      })
      await completes(await run())
    }
  },
  "settle.expiring": {
    patient: "usual",
    run: async (patient) => {
      const { begin, completes, diesAt, host, integrationId, receiver, usual } = patient
      let poisoned: string | undefined
      const refusing = ({ event }: { readonly event: { readonly eventId: string; readonly recordId?: string } }) => {
        if (poisoned === undefined && event.recordId !== undefined) poisoned = event.eventId
        return event.eventId === poisoned ? 500 : usual()
      }
      receiver.answer(refusing)
      const run = await (await begin(() => host.initial(integrationId)))()
      await until("one event waits for its next attempt, the others are acknowledged", async () => {
        const { outstanding, status } = await host.run(run)
        return status === "processed" && outstanding === 1
      })
      const last = async () => {
        const aged =
          "UPDATE outbox SET attempts = 19, first_attempt_at = first_attempt_at - 432000000, due_at = 1 " +
          `WHERE attempts > 0 AND position = (SELECT position FROM events WHERE id = '${poisoned}')`
        assert.equal(await host.data.rewrite(aged), 1, "four days have passed for one event")
      }
      await diesAt("settle.expiring", 1, last)
      receiver.answer(refusing)
      await host.reaches(run, "incomplete")
      const [event] = await host.data.query(`SELECT state FROM events WHERE id = '${poisoned}'`)
      assert.equal(event?.["state"], "expired", "the event is expired")
      const [waiting] = await host.data.query("SELECT count(*) AS n FROM outbox")
      assert.equal(Number(waiting?.["n"]), 0, "and not pending as well")
      const types = eventsOf(receiver, run).map((arrival) => arrival.event.eventType)
      assert.ok(!types.includes("sync.events.allConsumed"), "allConsumed is withheld")
      receiver.answer(usual)
      await completes(await host.initial(integrationId))
    }
  },
  "replay.read": replaying("replay.read"),
  "replay.committed": replaying("replay.committed"),
  "keys.rewrapping": rotating("keys.rewrapping"),
  "keys.rewrapped": rotating("keys.rewrapped"),
  "prune.writing": pruning("prune.writing"),
  "prune.committed": pruning("prune.committed"),
  ...accountEndPlans,
  "refresh.answered": {
    patient: "oauth",
    run: async ({ begin, completes, connect, diesAt, host, integrationId, simulator }) => {
      const refreshes = () => simulator.requests.filter(({ path }) => path === "/token.php").length
      simulator.control.expireTokens()
      let run = () => Promise.resolve("")
      await diesAt("refresh.answered", 1, async () => {
        run = await begin(() => host.initial(integrationId))
      })
      // The app has given the new token to nobody: the account asks for a new consent, once, and does not insist.
      const before = refreshes()
      await host.reaches(await run(), "failed")
      await until("the account asks for a new connection", async () => {
        const details = await host.api().get("integration.details", {}, integrationId)
        return details.apps[0].state === "needs_reconnect"
      })
      assert.ok(refreshes() - before <= 2, "a refused token is not sent again and again")
      assert.equal(await connect(integrationId), integrationId)
      await completes(await host.initial(integrationId))
    }
  },
  "oauth.exchanged": {
    patient: "oauth",
    run: async ({ completes, diesAt, host, integrationId, simulator }) => {
      const accounts = async () => (await host.api().get("integration.details")).apps.length
      const rows = async () => (await host.data.query("SELECT count(*) AS n FROM credentials"))[0]?.["n"]
      const [before, sealed] = [await accounts(), await rows()]
      const signIn = async (request: object): Promise<string> => {
        const { authorizeUrl } = await host.api().post("integration.authorize", request)
        return (await fetch(authorizeUrl, { redirect: "manual" })).headers.get("location")!
      }
      const settings = { subdomain: simulator.subdomain }
      const back = await signIn({ appId: "bamboohr", originOrgId: "somebody-new", settings })
      await diesAt("oauth.exchanged", 1, () => void fetch(back).catch(() => {}))
      assert.equal(await accounts(), before, "nothing of the account is there")
      assert.deepEqual(await rows(), sealed, "nor of its tokens")
      const again = await fetch(`${host.url()}${back.slice(new URL(back).origin.length)}`)
      assert.equal(again.status, 400)
      assert.match(await again.text(), /oauth\.state_used/)
      // Whoever signs in anew is connected, here to the account that there is.
      const page = await fetch(await signIn({ integrationId }))
      assert.equal(page.status, 200, await page.text())
      assert.equal(await accounts(), before)
      await completes(await host.initial(integrationId))
    }
  },
  "refresh.stored": {
    patient: "oauth",
    run: async ({ begin, completes, diesAt, host, integrationId, simulator }) => {
      simulator.control.expireTokens()
      let run = () => Promise.resolve("")
      await diesAt("refresh.stored", 1, async () => {
        run = await begin(() => host.initial(integrationId))
      })
      await completes(await run())
    }
  }
}
