import assert from "node:assert/strict"
import type { CrashPoint } from "@crochet/core"
import { until } from "../world/Deadline.ts"
import type { Patient } from "./Patient.ts"
import type { Plan } from "./Plans.ts"

/** An account of an app that wants to be told of its end, and how far that end is. */
const connected = async ({ books, host }: Patient) => {
  assert.ok(books !== null, "this patient has an app to be told")
  const { authorizeUrl } = await host.api().post("integration.authorize", {
    appId: "quickbooks",
    originOrgId: "books",
    settings: { realmId: books.realmId }
  })
  const page = await fetch(authorizeUrl)
  assert.equal(page.status, 200, await page.text())
  const ofBooks = async (): Promise<ReadonlyArray<{ readonly integrationId: string; readonly state: string }>> =>
    (await host.api().get("integration.details", { appId: "quickbooks" })).apps
  const [account] = await ofBooks()
  assert.equal(account?.state, "active")
  const integrationId = account!.integrationId
  const before = books.requests.length
  const owed = async () => Number((await host.data.query("SELECT count(*) AS n FROM revocations"))[0]?.["n"])
  return {
    integrationId,
    purge: () => host.api().post("integration.purge", {}, integrationId),
    /** States of the accounts that there are. */
    states: async () => (await ofBooks()).map(({ state }) => state),
    owed,
    /** What the app has answered to being told: 200, and 400 once it knows. */
    told: () => books.requests.slice(before).flatMap(({ path, status }) => (path.endsWith("/revoke") ? [status] : [])),
    nothingOwed: () => until("nothing is owed to the app", async () => (await owed()) === 0)
  }
}

/** The end of an account is whole or not at all, and its app is told whatever happens. */
export const accountEndPlans = {
  "account.ending": {
    patient: "oauth",
    run: async (patient) => {
      const { nothingOwed, owed, purge, states, told } = await connected(patient)
      await patient.diesAt("account.ending", 1, () => void purge().catch(() => {}))
      assert.deepEqual(await states(), ["active"], "the account is there as before")
      assert.deepEqual([await owed(), told()], [0, []], "and its app knows of nothing")
      await purge()
      await nothingOwed()
      assert.deepEqual([await states(), told()], [[], [200]], "its tokens were still there to be revoked")
    }
  },
  "revocation.told": {
    patient: "oauth",
    run: async (patient) => {
      const { host } = patient
      const { nothingOwed, owed, purge, states, told } = await connected(patient)
      await patient.diesAt("revocation.told", 1, () => void purge().catch(() => {}))
      assert.deepEqual([await states(), await owed(), told()], [[], 1, [200]], "the app was told, nobody wrote it down")
      // Instead of waiting until the dead process's attempt has run out: the next start finds that it is due.
      assert.equal(await host.stop(), 0)
      assert.equal(await host.data.rewrite("UPDATE revocations SET next_attempt_at = 1"), 1)
      await host.restart()
      await nothingOwed()
      assert.deepEqual(told(), [200, 400], "it is told once more, and is not asked again")
    }
  }
} satisfies { readonly [K in CrashPoint.CrashPoint]?: Plan }
