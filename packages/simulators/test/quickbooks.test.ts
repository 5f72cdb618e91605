import { assert, describe, it } from "vitest"
import { InvalidInput, type QuickBooksOptions, type QuickBooksSimulator, startQuickBooks } from "@crochet/simulators"

const withSim = async (options: QuickBooksOptions, test: (sim: QuickBooksSimulator) => Promise<void>) => {
  const sim = await startQuickBooks({ customers: 6, vendors: 3, invoices: 5, bills: 2, ...options })
  try {
    await test(sim)
  } finally {
    await sim.close()
  }
}

/** A clock that the test moves. */
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- the tests look into JSON of many shapes
  readonly body: any
}

const ask = async (
  sim: QuickBooksSimulator,
  path: string,
  token = sim.accessToken,
  realm = sim.realmId
): Promise<Answer> => {
  const response = await fetch(`${sim.url}/v3/company/${realm}${path}`, {
    headers: { accept: "application/json", authorization: `Bearer ${token}` }
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text.startsWith("{") ? JSON.parse(text) : text }
}

const query = (sim: QuickBooksSimulator, statement: string) =>
  ask(sim, `/query?${new URLSearchParams({ query: statement })}&minorversion=75`)
const changes = (sim: QuickBooksSimulator, entity: string, since: string) =>
  ask(sim, `/cdc?${new URLSearchParams({ entities: entity, changedSince: since })}`)

const tokens = async (sim: QuickBooksSimulator, form: Record<string, string>, secret = sim.clientSecret) => {
  const response = await fetch(sim.tokenUrl, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${sim.clientId}:${secret}`)}` },
    body: new URLSearchParams(form)
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const refresh = (sim: QuickBooksSimulator, token: unknown) =>
  tokens(sim, { grant_type: "refresh_token", refresh_token: String(token) })

describe("tokens", () => {
  it("are given for a code that comes back with the realm", () =>
    withSim({}, async (sim) => {
      const redirect = "http://127.0.0.1/callback"
      const parameters = { client_id: sim.clientId, response_type: "code", redirect_uri: redirect, state: "s" }
      const response = await fetch(`${sim.url}/connect/oauth2?${new URLSearchParams(parameters)}`, {
        redirect: "manual"
      })
      const back = new URL(response.headers.get("location") ?? "")
      assert.strictEqual(back.searchParams.get("realmId"), sim.realmId)
      assert.strictEqual(back.searchParams.get("state"), "s")
      const code = back.searchParams.get("code") ?? ""
      const granted = await tokens(sim, { grant_type: "authorization_code", code, redirect_uri: redirect })
      assert.strictEqual(granted.status, 200)
      assert.strictEqual(granted.body.expires_in, 3600)
      assert.strictEqual(granted.body.x_refresh_token_expires_in, 8_726_400)
      assert.strictEqual((await query(sim, "SELECT * FROM Invoice")).status, 200)
      const again = await tokens(sim, { grant_type: "authorization_code", code, redirect_uri: redirect })
      assert.strictEqual(again.body.error, "invalid_grant")
    }))

  it("are revoked, all of the company's by either one, and only once", () =>
    withSim({}, async (sim) => {
      const revoke = async (token: string, secret = sim.clientSecret, form = false) => {
        const response = await fetch(sim.revokeUrl, {
          method: "POST",
          headers: {
            authorization: `Basic ${btoa(`${sim.clientId}:${secret}`)}`,
            ...(form ? {} : { "content-type": "application/json" })
          },
          body: form ? new URLSearchParams({ token }) : JSON.stringify({ token })
        })
        return [response.status, await response.text()]
      }
      for (const form of [false, true]) {
        const [first, second] = [sim.control.signIn(), sim.control.signIn()]
        const stranger = sim.control.signIn("9341450000000077")
        assert.deepStrictEqual(await revoke(first.refreshToken, "wrong", form), [401, ""])
        assert.deepStrictEqual(await revoke(form ? first.accessToken : first.refreshToken, undefined, form), [200, ""])
        for (const { refreshToken } of [first, second]) {
          assert.strictEqual((await refresh(sim, refreshToken)).body.error, "invalid_grant")
        }
        assert.strictEqual((await refresh(sim, stranger.refreshToken)).status, 200)
        assert.deepStrictEqual(await revoke(second.accessToken, undefined, form), [400, ""])
      }
      assert.strictEqual((await query(sim, "SELECT * FROM Invoice")).status, 401)
    }))

  it("rotate: the old refresh token works once more and then never again", () =>
    withSim({}, async (sim) => {
      const first = await refresh(sim, sim.refreshToken)
      assert.notStrictEqual(first.body.refresh_token, sim.refreshToken)
      assert.strictEqual((await refresh(sim, sim.refreshToken)).status, 200)
      const dead = await refresh(sim, sim.refreshToken)
      assert.strictEqual(dead.status, 400)
      assert.strictEqual(dead.body.error, "invalid_grant")
      assert.strictEqual((await refresh(sim, first.body.refresh_token)).status, 200)
      assert.strictEqual((await tokens(sim, { grant_type: "refresh_token" }, "wrong")).body.error, "invalid_client")
    }))

  it("expire, and are refused by the gateway in lower case; another realm is 403 with 3100", () => {
    const time = clock()
    return withSim({ now: time.now }, async (sim) => {
      const other = await ask(sim, "/query?query=x", sim.accessToken, "1234567")
      assert.strictEqual(other.status, 403)
      assert.strictEqual(other.body.fault.error[0].code, "3100")
      time.advance(3601)
      const stale = await query(sim, "SELECT * FROM Invoice")
      assert.strictEqual(stale.status, 401)
      assert.strictEqual(stale.body.fault.error[0].code, "3200")
      assert.isNotNull(stale.headers.get("intuit_tid"))
    })
  })
})

describe("queries", () => {
  it("page by position, hide inactive rows unless asked, and count", () =>
    withSim({}, async (sim) => {
      sim.control.activate("Customer", "2", false)
      const all = "SELECT * FROM Customer WHERE Active IN (true, false) ORDERBY Id"
      const page = await query(sim, `${all} STARTPOSITION 2 MAXRESULTS 3`)
      assert.deepStrictEqual(
        page.body.QueryResponse.Customer.map((row: { Id: string }) => row.Id),
        ["2", "3", "4"]
      )
      assert.strictEqual(page.body.QueryResponse.startPosition, 2)
      assert.strictEqual(page.body.QueryResponse.maxResults, 3)
      const active = await query(sim, "SELECT COUNT(*) FROM Customer")
      const every = await query(sim, "SELECT COUNT(*) FROM Customer WHERE Active IN (true, false)")
      assert.isBelow(active.body.QueryResponse.totalCount, every.body.QueryResponse.totalCount)
      assert.deepStrictEqual((await query(sim, `${all} STARTPOSITION 7`)).body.QueryResponse, {})
      assert.match(page.body.time, /-0[78]:00$/)
    }))

  it("compare times as instants, and ids as text or as numbers, as told", async () => {
    const time = clock()
    await withSim({ customers: 12, now: time.now }, async (sim) => {
      time.advance(60)
      sim.control.change("Customer", "3", { GivenName: "Dana" })
      const since = "MetaData.LastUpdatedTime >= '2026-07-01T14:00:30+02:00'"
      const { body } = await query(sim, `SELECT * FROM Customer WHERE ${since} AND Active IN (true, false)`)
      assert.deepStrictEqual(
        body.QueryResponse.Customer.map((row: { Id: string }) => row.Id),
        ["3"]
      )
      assert.strictEqual(body.QueryResponse.Customer[0].MetaData.LastUpdatedTime, "2026-07-01T05:01:00-07:00")
      const order = await query(sim, "SELECT * FROM Account ORDERBY Id")
      assert.deepStrictEqual(
        order.body.QueryResponse.Account.slice(0, 3).map((row: { Id: string }) => row.Id),
        ["1", "10", "11"]
      )
    })
    await withSim({ idOrder: "number" }, async (sim) => {
      const order = await query(sim, "SELECT * FROM Account ORDERBY Id")
      assert.deepStrictEqual(
        order.body.QueryResponse.Account.slice(0, 3).map((row: { Id: string }) => row.Id),
        ["1", "2", "3"]
      )
    })
  })

  it("are refused with 4000 or 4001 when they cannot be read", () =>
    withSim({}, async (sim) => {
      const codes = async (statement: string) => (await query(sim, statement)).body.Fault?.Error[0].code
      assert.strictEqual(await codes("SELECT * FROM Customer STARTPOSITION 0"), "4001")
      assert.strictEqual(await codes("SELECT * FROM Customer MAXRESULTS 1001"), "4001")
      assert.strictEqual(await codes("SELECT * FROM Customer WHERE Id = '1' OR Id = '2'"), "4000")
      assert.strictEqual(await codes("SELECT Id FROM Customer"), "4000")
      assert.strictEqual(await codes("SELECT * FROM Unicorn"), "4001")
      assert.isUndefined(await codes("SELECT * FROM Customer WHERE DisplayName = 'O\\'Hara'"))
    }))
})

describe("cdc", () => {
  it("tells of changes and, after them, of deletions; 30 days back, at most as many as allowed", () => {
    const time = clock()
    return withSim({ now: time.now, cdcLimit: 3 }, async (sim) => {
      time.advance(600)
      const since = new Date(time.now() - 60_000).toISOString()
      assert.deepStrictEqual((await changes(sim, "Invoice", since)).body.CDCResponse[0].QueryResponse, [{}])
      sim.control.change("Invoice", "2", { DocNumber: "X" })
      sim.control.remove("Invoice", "1")
      const rows = (await changes(sim, "Invoice", since)).body.CDCResponse[0].QueryResponse[0].Invoice
      assert.deepStrictEqual(
        rows.map((row: { Id: string; status?: string }) => [row.Id, row.status]),
        [
          ["2", undefined],
          ["1", "Deleted"]
        ]
      )
      sim.control.add("Invoice", {}, 5)
      assert.lengthOf((await changes(sim, "Invoice", since)).body.CDCResponse[0].QueryResponse[0].Invoice, 3)
      assert.strictEqual((await changes(sim, "Invoice", "2026-05-01T00:00:00Z")).status, 400)
      assert.strictEqual((await changes(sim, "TaxRate", since)).status, 400)
    })
  })
})

describe("answers", () => {
  it("hold one record, or 610 with HTTP 400", () =>
    withSim({}, async (sim) => {
      assert.strictEqual((await ask(sim, "/customer/1")).body.Customer.Id, "1")
      sim.control.void("Invoice", "1")
      assert.strictEqual((await ask(sim, "/invoice/1")).body.Invoice.PrivateNote, "Voided")
      const gone = await ask(sim, "/invoice/999")
      assert.strictEqual(gone.status, 400)
      assert.strictEqual(gone.body.Fault.Error[0].code, "610")
      const company = await ask(sim, `/companyinfo/${sim.realmId}`)
      assert.strictEqual(company.body.CompanyInfo.CompanyName, "Acme Yarns")
    }))

  it("hold the preferences, with the closing date while there is one", () =>
    withSim({}, async (sim) => {
      const closed = async () => (await ask(sim, "/preferences")).body.Preferences.AccountingInfoPrefs.BookCloseDate
      assert.strictEqual(await closed(), "2025-12-31")
      sim.control.closeBooks("2026-03-31")
      assert.strictEqual(await closed(), "2026-03-31")
      sim.control.closeBooks(null)
      assert.isUndefined(await closed())
      assert.throws(() => sim.control.closeBooks("soon"), /until/)
      const sent = await fetch(`${sim.url}/_control/closeBooks`, { method: "POST", body: '{"until":"2026-06-30"}' })
      assert.strictEqual(sent.status, 200)
      assert.strictEqual(await closed(), "2026-06-30")
    }))

  it("are refused in the app's own words, in each of its ways", () =>
    withSim({}, async (sim) => {
      sim.control.refuse({ code: "3001", status: 429 })
      sim.control.refuse({ code: "3001", status: 403, style: "fault" })
      sim.control.refuse({ code: "3001", status: 200 })
      sim.control.refuse({ code: "3001", status: 429, style: "xml" })
      const [now, before, within, xml, good] = [
        await ask(sim, "/customer/1"),
        await ask(sim, "/customer/1"),
        await ask(sim, "/customer/1"),
        await ask(sim, "/customer/1"),
        await ask(sim, "/customer/1")
      ]
      assert.strictEqual(now?.status, 429)
      assert.isNull(now?.headers.get("retry-after"))
      assert.strictEqual(now?.body.Fault.Error[0].code, "3001")
      assert.strictEqual(before?.status, 403)
      assert.match(before?.body.fault.error[0].message, /ThrottleExceeded/)
      assert.strictEqual(within?.status, 200)
      assert.strictEqual(within?.body.Fault.type, "SERVICE")
      assert.match(xml?.body, /<Error code="3001">/)
      assert.strictEqual(good?.status, 200)
    }))

  it("come with nothing, or without their rows, when told", () =>
    withSim({}, async (sim) => {
      sim.control.fault({ kind: "empty-list", times: 2 })
      assert.deepStrictEqual((await query(sim, "SELECT * FROM Vendor")).body.QueryResponse, {})
      assert.deepStrictEqual((await query(sim, "SELECT COUNT(*) FROM Vendor")).body.QueryResponse, { totalCount: 0 })
      sim.control.fault({ kind: "drop-page" })
      const dropped = (await query(sim, "SELECT * FROM Vendor")).body.QueryResponse
      assert.isUndefined(dropped.Vendor)
      assert.isAbove(dropped.maxResults, 0)
    }))

  it("are the same for the same seed, and options that cannot be used are named", async () => {
    const time = clock()
    const read = async (seed: number) => {
      let rows = ""
      await withSim({ seed, now: time.now }, async (sim) => {
        rows = JSON.stringify(sim.control.list("Invoice"))
      })
      return rows
    }
    assert.strictEqual(await read(1), await read(1))
    assert.notStrictEqual(await read(1), await read(2))
    const refused = await startQuickBooks({ customers: -1 }).then(
      () => undefined,
      (error: unknown) => error
    )
    assert.instanceOf(refused, InvalidInput)
    assert.strictEqual(refused.field, "customers")
  })
})
