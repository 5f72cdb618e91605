import { assert, describe, it } from "vitest"
import { startSalesforce } from "../src/index.ts"
import { type Answer, ask, query, refusal, type Row, start } from "./SalesforceSetup.ts"

const form = (fields: { readonly [name: string]: string }) => ({ method: "POST", body: new URLSearchParams(fields) })

describe("tokens", () => {
  it("are given for a consent and for a refresh, without a time of expiry", async () => {
    const sim = await start({ oauth: { clientId: "crochet", clientSecret: "s", rotateRefreshTokens: true } })
    const back = "http://127.0.0.1:9/back"
    const sent = await fetch(
      `${sim.url}/services/oauth2/authorize?response_type=code&client_id=crochet&state=x&scope=api%20refresh_token&redirect_uri=${encodeURIComponent(back)}`,
      { redirect: "manual" }
    )
    const code = new URL(sent.headers.get("location")!).searchParams.get("code")!
    const client = { client_id: "crochet", client_secret: "s" }
    const first = (await fetch(
      sim.tokenUrl,
      form({ ...client, grant_type: "authorization_code", code, redirect_uri: back })
    ).then((answer) => answer.json())) as Row
    assert.strictEqual(first.instance_url, sim.url)
    assert.notProperty(first, "expires_in")
    const refresh = { ...client, grant_type: "refresh_token", refresh_token: String(first.refresh_token) }
    const second = (await fetch(sim.tokenUrl, form(refresh)).then((answer) => answer.json())) as Row
    assert.isString(second.refresh_token)
    const again = await fetch(sim.tokenUrl, form(refresh))
    assert.deepStrictEqual(
      [again.status, await again.json()],
      [400, { error: "invalid_grant", error_description: "expired access/refresh token" }]
    )
    const stranger = await fetch(sim.tokenUrl, form({ ...refresh, client_id: "other" }))
    assert.strictEqual(((await stranger.json()) as Row).error, "invalid_client_id")
  })

  it("are revoked: a session alone, or a refresh token with its sessions", async () => {
    const sim = await start()
    const revoke = async (token: string) => {
      const answer = await fetch(sim.revokeUrl, form({ token }))
      return [answer.status, answer.status === 200 ? null : ((await answer.json()) as Row).error]
    }
    const refresh = () => fetch(sim.tokenUrl, form({ grant_type: "refresh_token", refresh_token: sim.refreshToken }))
    const session = String(((await (await refresh()).json()) as Row).access_token)
    const userinfo = async (token: string) =>
      (await ask(sim, "/services/oauth2/userinfo", { headers: { authorization: `Bearer ${token}` } })).status
    assert.deepStrictEqual(await revoke(session), [200, null])
    assert.deepStrictEqual([await userinfo(session), await userinfo(sim.accessToken)], [403, 200])
    const later = String(((await (await refresh()).json()) as Row).access_token)
    assert.deepStrictEqual(await revoke(sim.refreshToken), [200, null])
    assert.deepStrictEqual([await userinfo(later), await userinfo(sim.accessToken)], [403, 403])
    assert.strictEqual((await refresh()).status, 400)
    assert.deepStrictEqual(await revoke(sim.refreshToken), [400, "unsupported_token_type"])
  })

  it("end when they are told to", async () => {
    const sim = await start()
    assert.strictEqual((await ask(sim, "/services/oauth2/userinfo")).status, 200)
    assert.strictEqual(sim.control.expireTokens(), 1)
    assert.deepStrictEqual(await refusal(await ask(sim, "/services/data/v66.0/limits")), [401, "INVALID_SESSION_ID"])
    const userinfo = await ask(sim, "/services/oauth2/userinfo")
    assert.deepStrictEqual([userinfo.status, await userinfo.text()], [403, "Bad_OAuth_Token"])
  })
})

describe("queries", () => {
  it("are paged as the server likes", async () => {
    const sim = await start({ records: { Contact: 4500 }, pageSizes: [2000, 1000] })
    const sizes: Array<number> = []
    const ids = new Set<unknown>()
    let page = await query(sim, "SELECT Id, Owner.Name FROM Contact")
    for (;;) {
      assert.strictEqual(page.totalSize, 4500)
      sizes.push(page.records.length)
      for (const { Id } of page.records) ids.add(Id)
      if (page.done) break
      page = (await (await ask(sim, page.nextRecordsUrl!)).json()) as Answer
    }
    assert.deepStrictEqual([ids.size, sizes[0]], [4500, 2000])
    sim.control.expireCursors()
    const old = await ask(sim, "/services/data/v66.0/query/0r8Sm0000000000001-2000")
    assert.deepStrictEqual(await refusal(old), [400, "INVALID_QUERY_LOCATOR"])
  })

  it("know keysets by id and by stamp, whatever was changed", async () => {
    const sim = await start({ records: { Contact: 900 }, now: () => Date.parse("2026-07-01T12:00:00Z") })
    const all = sim.control.list("Contact")
    for (const { id } of [all[3]!, all[700]!, all[500]!]) sim.control.change(id, { Title: "Changed" })
    sim.control.remove(all[4]!.id)
    const walk = async (where: (last: Row) => string, order: string) => {
      const rows: Array<Row> = []
      for (let condition = ""; ; condition = ` WHERE ${where(rows.at(-1)!)}`) {
        const { records } = await query(
          sim,
          `SELECT Id, SystemModstamp FROM Contact${condition} ORDER BY ${order} LIMIT 100`
        )
        rows.push(...records)
        if (records.length < 100) return rows
      }
    }
    const byId = await walk(({ Id }) => `Id > '${String(Id)}'`, "Id")
    const stamp = (row: Row) => `${String(row.SystemModstamp).slice(0, 19)}Z`
    const byStamp = await walk(
      (row) => `(SystemModstamp > ${stamp(row)} OR (SystemModstamp = ${stamp(row)} AND Id > '${String(row.Id)}'))`,
      "SystemModstamp, Id"
    )
    assert.strictEqual(byId.length, 899)
    assert.deepStrictEqual(new Set(byStamp.map(({ Id }) => Id)), new Set(byId.map(({ Id }) => Id)))
    assert.strictEqual(byStamp.length, 899)
    const sorted = byId.map(({ Id }) => String(Id))
    assert.deepStrictEqual(sorted, sorted.toSorted())
    const recent = await query(
      sim,
      "SELECT Id FROM Contact WHERE SystemModstamp >= 2026-07-01T00:00:00Z ORDER BY SystemModstamp, Id"
    )
    assert.deepStrictEqual(
      recent.records.map(({ Id }) => Id),
      [all[3]!.id, all[500]!.id, all[700]!.id]
    )
  })

  it("count, filter, and show what is in the bin to queryAll only", async () => {
    const sim = await start({ records: { Contact: 50 } })
    assert.strictEqual((await query(sim, "SELECT COUNT() FROM Contact")).totalSize, 50)
    const [first, second] = sim.control.list("Contact")
    sim.control.remove(first!.id)
    sim.control.remove(second!.id, { purge: true })
    assert.strictEqual((await query(sim, "SELECT COUNT() FROM Contact")).totalSize, 48)
    const binned = await query(sim, "SELECT Id FROM Contact WHERE IsDeleted = TRUE", true)
    assert.deepStrictEqual(
      binned.records.map(({ Id }) => Id),
      [first!.id]
    )
    const some = await query(
      sim,
      `SELECT Id FROM Contact WHERE Id IN ('${first!.id}', '${sim.control.list("Contact")[0]!.id}')`
    )
    assert.strictEqual(some.totalSize, 1)
    assert.strictEqual(
      (await query(sim, "SELECT Id FROM Contact WHERE LastName = 'WEAVER' AND Email != NULL")).done,
      true
    )
  })

  it("refuse what the app refuses, as lists of errors", async () => {
    const sim = await start()
    const refused = async (soql: string) =>
      refusal(await ask(sim, `/services/data/v66.0/query?q=${encodeURIComponent(soql)}`))
    assert.deepStrictEqual(await refused("SELECT Id, Nope FROM Contact"), [400, "INVALID_FIELD"])
    assert.deepStrictEqual(await refused("SELECT Id FROM Nope"), [400, "INVALID_TYPE"])
    assert.deepStrictEqual(await refused("SELECT Id FROM"), [400, "MALFORMED_QUERY"])
    sim.control.hideField("Contact", "Email")
    assert.deepStrictEqual(await refused("SELECT Email FROM Contact"), [400, "INVALID_FIELD"])
    sim.control.exceedLimit("daily")
    assert.deepStrictEqual(await refused("SELECT Id FROM Contact"), [403, "REQUEST_LIMIT_EXCEEDED"])
    sim.control.exceedLimit(null)
    sim.control.disableApi(true)
    assert.deepStrictEqual(await refused("SELECT Id FROM Contact"), [403, "API_DISABLED_FOR_ORG"])
  })
})

describe("replication", () => {
  it("tells deletions of 15 days and no more", async () => {
    let now = Date.parse("2026-07-01T12:00:30Z")
    const sim = await start({ records: { Contact: 5 }, now: () => now })
    const [first] = sim.control.list("Contact")
    sim.control.remove(first!.id, { purge: true })
    now += 120_000
    const deleted = async (start: number) =>
      ask(
        sim,
        `/services/data/v66.0/sobjects/Contact/deleted/?start=${new Date(start).toISOString()}&end=${new Date(now).toISOString()}`
      )
    const answer = (await (await deleted(now - 600_000)).json()) as {
      readonly deletedRecords: ReadonlyArray<Row>
      readonly latestDateCovered: string
    }
    assert.deepStrictEqual(answer.deletedRecords, [{ id: first!.id, deletedDate: "2026-07-01T12:00:30.000+0000" }])
    assert.strictEqual(answer.latestDateCovered, "2026-07-01T12:02:00.000+0000")
    assert.deepStrictEqual(await refusal(await deleted(now - 16 * 86_400_000)), [400, "INVALID_REPLICATION_DATE"])
  })
})

describe("Bulk API 2.0", () => {
  it("makes a job that is complete after a while, and gives CSV page by page", async () => {
    const sim = await start({ records: { Contact: 250 }, bulk: { pageSize: 100 } })
    const job = (await (
      await ask(sim, "/services/data/v66.0/jobs/query", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ operation: "query", query: "SELECT Id, LastName, CreatedDate FROM Contact" })
      })
    ).json()) as { readonly id: string }
    const look = async () => ((await (await ask(sim, `/services/data/v66.0/jobs/query/${job.id}`)).json()) as Row).state
    const results = (locator = "") => ask(sim, `/services/data/v66.0/jobs/query/${job.id}/results${locator}`)
    assert.strictEqual((await results()).status, 400)
    assert.deepStrictEqual([await look(), await look()], ["InProgress", "JobComplete"])
    assert.strictEqual((await ask(sim, `/services/data/v60.0/jobs/query/${job.id}`)).status, 409)
    const lines: Array<string> = []
    for (let locator = ""; ;) {
      const page = await results(locator)
      const [header, ...rows] = (await page.text()).trimEnd().split("\n")
      assert.strictEqual(header, '"Id","LastName","CreatedDate"')
      assert.strictEqual(page.headers.get("sforce-numberofrecords"), String(rows.length))
      lines.push(...rows)
      const next = page.headers.get("sforce-locator")!
      if (next === "null") break
      locator = `?locator=${encodeURIComponent(next)}`
    }
    assert.strictEqual(new Set(lines).size, 250)
    assert.match(lines[0]!, /^"003\w{15}","[^"]+","\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z"$/)
  })

  it("refuses, aborts and forgets jobs", async () => {
    const sim = await start({ bulk: { polls: 1000 } })
    const make = () =>
      ask(sim, "/services/data/v66.0/jobs/query", {
        method: "POST",
        body: JSON.stringify({ operation: "query", query: "SELECT Id FROM Contact" })
      })
    const { id } = (await (await make()).json()) as { readonly id: string }
    await ask(sim, `/services/data/v66.0/jobs/query/${id}`, { method: "PATCH", body: '{"state":"Aborted"}' })
    assert.strictEqual(sim.control.jobs()[0]?.state, "Aborted")
    sim.control.breakBulk("refuse")
    assert.deepStrictEqual(await refusal(await make()), [403, "API_DISABLED_FOR_ORG"])
    sim.control.breakBulk(null)
    sim.control.expireCursors({ jobs: true })
    assert.strictEqual((await ask(sim, `/services/data/v66.0/jobs/query/${id}`)).status, 404)
  })
})

describe("the org", () => {
  it("is the same for the same seed, and costs little however large it is", async () => {
    const [one, two] = [
      await start({ records: { Contact: 1_000_000 } }),
      await start({ records: { Contact: 1_000_000 } })
    ]
    const last = { offset: 999_998 }
    assert.deepStrictEqual(one.control.list("Contact", last), two.control.list("Contact", last))
    const { records } = await query(
      one,
      `SELECT Id, LastName FROM Contact WHERE Id > '${one.control.list("Contact", last)[0]!.id}' ORDER BY Id LIMIT 10`
    )
    assert.strictEqual(records.length, 1)
  })

  it("names the input that it cannot use", async () => {
    const sim = await start()
    assert.throws(() => sim.control.add("Contact", { Nope: "x" }), /fields\.Nope/)
    assert.throws(() => sim.control.change("003000000000000AAA", {}), /id/)
    const answer = await fetch(`${sim.url}/_control/add`, { method: "POST", body: '{"object":"Contact","count":2}' })
    assert.strictEqual(((await answer.json()) as { ids: ReadonlyArray<string> }).ids.length, 2)
    const wrong = await fetch(`${sim.url}/_control/add`, { method: "POST", body: '{"object":"Nope"}' })
    assert.strictEqual(wrong.status, 400)
    await startSalesforce({ records: { Nope: 1 } }).then(
      () => assert.fail("it started"),
      (error: Error) => assert.match(error.message, /records\.Nope/)
    )
  })
})
