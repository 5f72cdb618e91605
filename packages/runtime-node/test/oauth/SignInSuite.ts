import { cleanUp } from "@crochet/proof/CleanUp"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { apiKey, type Database, foreignKey, makesChallenge, returnUrl, startWorld, type World } from "./World.ts"
import { createHash } from "node:crypto"

/** Signing in at both apps, over real HTTP, on a database. */
export const suite = (name: string, makeDatabase: (directory: string) => Promise<Database>): void => {
  describe(`signing in at an app, on ${name}`, () => {
    let world: World
    beforeAll(async () => {
      world = await startWorld(makeDatabase)
      for (const category of ["ACCOUNTING", "CRM"]) {
        const { data } = await world.call("webhook.register", { category, url: "http://127.0.0.1:9/hook" })
        // Events wait: what is looked at here is what is read.
        await world.call("webhook.update", { destinationId: data["destinationId"], state: "paused" })
      }
      await world.database.query("INSERT INTO workspaces (id, created_at) VALUES ('ws_b', 9000000000000) RETURNING id")
      await world.database.query(
        `INSERT INTO api_keys (id, workspace_id, name, prefix, hash, scopes, created_at) VALUES ('key_b', 'ws_b', 'B',
          'crochet_test', '${createHash("sha256").update(foreignKey).digest("hex")}', '["admin"]', 1) RETURNING id`
      )
    })
    afterAll(cleanUp)

    /** Nothing of the account may be left; answers what the browser was told. */
    const refused = async (signIn: () => Promise<Awaited<ReturnType<World["land"]>>>) => {
      const before = await world.stored()
      const landing = await signIn()
      assert.deepStrictEqual(await world.stored(), before, "something of the account was kept")
      return landing
    }

    it("QuickBooks: the company comes with the redirect, and its first syncs start", async () => {
      const landing = await world.signIn(world.books({ returnUrl, accountType: "production" }))
      assert.strictEqual(landing.status, 303, landing.text)
      const { location } = landing
      const back = Object.fromEntries(location!.searchParams)
      assert.deepStrictEqual(
        { ...back, integrationId: "…", authorizationId: "…" },
        { tab: "books", status: "connected", integrationId: "…", authorizationId: "…" }
      )
      assert.strictEqual(`${location!.origin}${location!.pathname}`, "https://host.example/connected")
      const account = await world.account("integrationId", back["integrationId"]!)
      assert.deepInclude(account, { id: "quickbooks", state: "active", accountType: "production" })
      assert.strictEqual(account["accountName"], "Acme Yarns")
      const run = await world.firstRun(back["integrationId"]!, "accounting_contacts")
      assert.strictEqual(run.counts.processed, 5)
      const { data } = await world.call("audit.list?action=integration.connect")
      assert.deepInclude(data["entries"][0], { target: back["integrationId"] })
      assert.strictEqual(data["entries"][0].detail.authorizationId, back["authorizationId"])
      assert.match(data["entries"][0].actor, /^key_/)
    })

    it("Salesforce: with PKCE and the instance's address from the tokens; without a return URL a page", async () => {
      const request = world.crm({ settings: { environment: "sandbox" } })
      const begun = await world.begin(request)
      const asked = new URL(begun["authorizeUrl"]!).searchParams
      assert.strictEqual(asked.get("code_challenge_method"), "S256")
      assert.match(asked.get("code_challenge") ?? "", /^[\w-]{43}$/)
      assert.match(asked.get("state") ?? "", /^[\w-]{43}$/)
      assert.strictEqual(asked.get("redirect_uri"), begun["redirectUri"])
      const life = Date.parse(begun["expiresAt"]!) - Date.now()
      assert.isTrue(life > 9 * 60_000 && life <= 10 * 60_000, String(life))
      const page = await world.land(await world.consent(begun["authorizeUrl"]!))
      assert.strictEqual(page.status, 200, page.text)
      assert.include(page.text, "You can close this window.")
      assert.strictEqual(page.headers.get("cache-control"), "no-store")
      assert.strictEqual(page.headers.get("referrer-policy"), "no-referrer")
      const policy = page.headers.get("content-security-policy") ?? ""
      for (const rule of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
        assert.include(policy, rule)
      }
      assert.notInclude(policy, "unsafe")
      const account = await world.account("originOrgId", request.originOrgId)
      assert.deepInclude(account, { id: "salesforce", state: "active" })
      const run = await world.firstRun(account["integrationId"], "crm_contacts")
      assert.strictEqual(run.counts.processed, 4)
    })

    it("a sign-in works once, also when two browsers come back with it", async () => {
      const back = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      const head = await world.land(back, { method: "HEAD" })
      assert.strictEqual(head.status, 405)
      const both = await Promise.all([world.land(back), world.land(back)])
      assert.deepStrictEqual(both.map(({ status }) => status).sort(), [200, 400])
      assert.include(both.find(({ status }) => status === 400)!.text, "oauth.state_used")
      const again = await refused(() => world.land(back))
      assert.include(again.text, "oauth.state_used")
      assert.isNull(again.location)
    })

    it("nobody comes back from a sign-in that nobody began, or with a parameter that could be read twice", async () => {
      const state = "A".repeat(43)
      const unknown = await refused(() => world.land(`${world.url()}/oauth/callback/quickbooks?code=x&state=${state}`))
      assert.strictEqual(unknown.status, 400)
      assert.include(unknown.text, "oauth.state_unknown")
      assert.include((await world.land(`${world.url()}/oauth/callback/quickbooks`)).text, "oauth.state_unknown")
      const back = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      const twice = await refused(() => world.land(`${back.href}&state=${state}`))
      assert.strictEqual(twice.status, 400)
      assert.include(twice.text, "request.invalid")
      assert.strictEqual((await world.land(back)).status, 200, "the sign-in is not spent by it")
    })

    it("one that took too long connects nothing", async () => {
      const back = await world.consent((await world.begin(world.books({ returnUrl })))["authorizeUrl"]!)
      await world.database.query("UPDATE authorizations SET expires_at = 1 WHERE used_at IS NULL RETURNING id")
      const late = await refused(() => world.land(back))
      assert.strictEqual(late.status, 303)
      assert.strictEqual(late.location!.searchParams.get("error"), "oauth.state_expired")
    })

    it("one that is moved to another workspace does not open, and nobody begins one for a foreign account", async () => {
      const back = await world.consent((await world.begin(world.crm({ returnUrl })))["authorizeUrl"]!)
      await world.database.query("UPDATE authorizations SET workspace_id = 'ws_b' WHERE used_at IS NULL RETURNING id")
      const moved = await refused(() => world.land(back))
      assert.strictEqual(moved.status, 503)
      assert.include(moved.text, "vault.unavailable")
      assert.isNull(moved.location)
      const [account] = await world.database.query("SELECT id FROM integrations WHERE workspace_id <> 'ws_b'")
      const foreign = await world.call("integration.authorize", { integrationId: account!["id"] }, foreignKey)
      assert.deepStrictEqual([foreign.status, foreign.code], [404, "integration.not_found"])
    })

    it("a code that was asked for with another verifier is not exchanged", async () => {
      const begun = await world.begin(world.crm({ returnUrl }))
      const asked = new URL(begun["authorizeUrl"]!)
      asked.searchParams.set("code_challenge", createHash("sha256").update("another").digest("base64url"))
      const landing = await refused(async () => world.land(await world.consent(asked.href)))
      assert.strictEqual(landing.location!.searchParams.get("error"), "oauth.exchange_failed")
    })

    it("the redirect URI is the agreed one: at the callback and at the token endpoint", async () => {
      const back = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      const other = await refused(() => world.land(back.href.replace("/callback/quickbooks", "/callback/salesforce")))
      assert.strictEqual(other.status, 400)
      assert.include(other.text, "oauth.redirect_mismatch")
      const asked = new URL((await world.begin(world.books()))["authorizeUrl"]!)
      const agreed = asked.searchParams.get("redirect_uri")!
      asked.searchParams.set("redirect_uri", "https://evil.example/steal")
      const stolen = await world.consent(asked.href)
      assert.strictEqual(stolen.hostname, "evil.example")
      const brought = await refused(() => world.land(`${agreed}${stolen.search}`))
      assert.include(brought.text, "oauth.exchange_failed")
    })

    it("sends browsers only to the operator's return URLs, compared as they are", async () => {
      for (const url of [
        "https://evil.example/",
        "https://host.example/connected",
        `${returnUrl}&more=1`,
        `${returnUrl}#x`,
        returnUrl.replace("host.example", "host.example.evil.example"),
        returnUrl.replace("https://", "https://host.example@evil.example/"),
        returnUrl.toUpperCase(),
        "//host.example/connected?tab=books",
        "javascript:alert(1)",
        ""
      ]) {
        const { code, status } = await world.call("integration.authorize", world.books({ returnUrl: url }))
        assert.deepStrictEqual([status, code], [422, "oauth.return_url"], url)
      }
      const landing = await world.signIn(world.books({ returnUrl: "http://127.0.0.1:9/back" }))
      assert.strictEqual(landing.location!.origin, "http://127.0.0.1:9")
    })

    it("says when somebody did not agree, or the app has another complaint, in a code and not in its words", async () => {
      world.quickbooks.control.consent({ deny: true })
      world.salesforce.control.consent({ deny: true })
      const books = await refused(() => world.signIn(world.books({ returnUrl })))
      const crm = await refused(() => world.signIn(world.crm()))
      world.quickbooks.control.consent({})
      world.salesforce.control.consent({})
      assert.deepInclude(Object.fromEntries(books.location!.searchParams), { status: "failed", error: "oauth.denied" })
      assert.strictEqual(crm.status, 422)
      assert.include(crm.text, "oauth.denied")
      const begun = await world.begin(world.crm())
      const state = new URL(begun["authorizeUrl"]!).searchParams.get("state")!
      const query = new URLSearchParams({
        state,
        error: "<script>alert(1)</script>",
        error_description: "Call our hotline"
      })
      const odd = await refused(() => world.land(`${begun["redirectUri"]}?${query}`))
      assert.include(odd.text, "oauth.refused")
      assert.notInclude(odd.text, "alert(1)")
      assert.notInclude(odd.text, "hotline")
    })

    it("a company that the tokens do not open is not connected, whoever wrote its id", async () => {
      const back = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      back.searchParams.set("realmId", "9341450000000077")
      const other = await refused(() => world.land(back))
      assert.strictEqual(other.status, 422)
      assert.include(other.text, "auth.missing_permission")
      const bad = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      bad.searchParams.set("realmId", "../../oauth2")
      assert.include((await refused(() => world.land(bad))).text, "oauth.exchange_failed")
      const settings = { realmId: "9341 4500 0000 0099" }
      assert.include((await refused(() => world.signIn(world.books({ settings })))).text, "oauth.wrong_account")
    })

    it("connects an account again that needs it, the same one only", async () => {
      const { location } = await world.signIn(world.books({ returnUrl }))
      const integrationId = location!.searchParams.get("integrationId")!
      world.quickbooks.control.expireTokens({ refresh: true })
      const { data } = await world.call("integration.validate", {}, apiKey, integrationId)
      assert.strictEqual(data["state"], "needs_reconnect")
      world.quickbooks.control.consent({ realmId: "9341450000000099" })
      const wrong = await refused(() => world.signIn({ integrationId, returnUrl }))
      world.quickbooks.control.consent({})
      assert.deepInclude(Object.fromEntries(wrong.location!.searchParams), {
        status: "failed",
        error: "oauth.wrong_account",
        integrationId
      })
      const right = await world.signIn({ integrationId, returnUrl })
      assert.strictEqual(right.location!.searchParams.get("integrationId"), integrationId)
      const account = await world.account("integrationId", integrationId)
      assert.deepInclude(account, { state: "active", lastError: null })
      const { data: log } = await world.call("audit.list?action=integration.connect_refused")
      assert.strictEqual(log["entries"][0].detail.code, "oauth.wrong_account")
    })

    it("a program that is killed between the exchange and the commit has connected nothing", async () => {
      // Validation hangs, so nothing can be committed after the exchange, whenever the end comes.
      world.quickbooks.control.fault({ kind: "hang", times: Infinity, match: { path: "/companyinfo/" } })
      const back = await world.consent((await world.begin(world.books()))["authorizeUrl"]!)
      const before = await world.stored()
      const exchanges = () => world.quickbooks.requests.filter(({ path }) => path.endsWith("/tokens/bearer")).length
      const spent = async () => {
        const [row] = await world.database.query("SELECT count(*) AS n FROM authorizations WHERE used_at IS NOT NULL")
        return Number(row!["n"])
      }
      const [asked, spentBefore] = [exchanges(), await spent()]
      const cut = world.land(back).catch(() => null)
      // Accounts of other tests renew their tokens at the same endpoint: the sign-in itself has to be spent, too.
      while (exchanges() === asked || (await spent()) === spentBefore)
        await new Promise((resolve) => setTimeout(resolve, 10))
      await world.kill()
      assert.isNull(await cut)
      assert.deepStrictEqual(await world.stored(), before)
      const [{ n } = { n: null }] = await world.database.query(
        "SELECT count(*) AS n FROM authorizations WHERE used_at IS NOT NULL AND length(pending) > 0"
      )
      assert.strictEqual(Number(n), 0, "what was used is forgotten")
      world.quickbooks.control.clearFaults()
      const again = await world.land(`${world.url()}${back.pathname}${back.search}`)
      assert.include(again.text.slice(-300), "oauth.state_used")
      assert.strictEqual((await world.signIn(world.books())).status, 200)
    })

    it("goes on when the browser hangs up: the code is spent", async () => {
      world.quickbooks.control.fault({
        kind: "slow",
        delayMillis: 500,
        times: Infinity,
        match: { path: "/companyinfo/" }
      })
      const request = world.books()
      const back = await world.consent((await world.begin(request))["authorizeUrl"]!)
      await world.land(back, { signal: AbortSignal.timeout(150) }).catch(() => null)
      for (;;) {
        if ((await world.account("originOrgId", request.originOrgId)) !== undefined) break
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      world.quickbooks.control.clearFaults()
    })

    it("no code, state, verifier, token or secret is in the log, an answer, a page or the database", async () => {
      const tables = await world.database.query(
        name === "SQLite"
          ? "SELECT name FROM sqlite_master WHERE type = 'table'"
          : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
      )
      const rows: Array<string> = []
      for (const { name: table } of tables) {
        for (const row of await world.database.query(`SELECT * FROM "${String(table)}"`)) {
          for (const value of Object.values(row)) {
            rows.push(value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value))
          }
        }
      }
      const metrics = await (await fetch(`${world.url()}/metrics`)).text()
      const haystacks = { log: world.log(), answers: world.said.join("\n"), database: rows.join("\n"), metrics }
      assert.isAbove(world.secrets.size, 30, "there was something to find")
      assert.isAbove(world.challenges.size, 3)
      for (const [where, text] of Object.entries(haystacks)) {
        for (const secret of world.secrets) {
          for (const spelling of [secret, encodeURIComponent(secret)]) {
            assert.isFalse(text.includes(spelling), `${spelling} is in the ${where}`)
          }
        }
        // Tokens as the simulators make them.
        assert.notMatch(text, /\b(?:access|RT1|code)_\d{20}|00DSm0000000001!\d|5Aep\d{12}/, where)
        if (where !== "database")
          assert.isFalse(makesChallenge(text, world.challenges), `a verifier is in the ${where}`)
      }
      assert.isFalse(
        makesChallenge(rows.join("\n").replace(/[^\w\n-]/g, "\n"), world.challenges),
        "a verifier is stored"
      )
    })

    it("tries of states that nobody was given are held up like tries of keys", async () => {
      const statuses: Array<number> = []
      for (let i = 0; i < 25; i++) {
        statuses.push((await fetch(`${world.url()}/oauth/callback/quickbooks?state=${i}`)).status)
      }
      assert.include(statuses, 429)
      assert.strictEqual((await world.signIn(world.books())).status, 200, "sign-ins go on")
    })
  })
}
