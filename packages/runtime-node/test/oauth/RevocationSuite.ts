import { cleanUp } from "@crochet/proof/CleanUp"
import { until } from "@crochet/proof/Deadline"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { apiKey, clientSecret, type Database, startWorld, type World } from "./World.ts"

interface App {
  readonly appId: "quickbooks" | "salesforce"
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly clientId: string
  /** A read that any live access token may make. */
  readonly read: (accessToken: string) => Promise<number>
}

/** Telling both apps that accounts have ended, over real HTTP, on a database. */
export const suite = (name: string, makeDatabase: (directory: string) => Promise<Database>): void => {
  describe(`an account that ends is told to its app, on ${name}`, () => {
    let world: World
    let books: App
    let crm: App
    beforeAll(async () => {
      world = await startWorld(makeDatabase)
      const { quickbooks, salesforce } = world
      const reading = (url: string) => async (accessToken: string) => {
        const response = await fetch(url, {
          headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" }
        })
        await response.text()
        return response.status
      }
      const company = `/v3/company/${quickbooks.realmId}/companyinfo/${quickbooks.realmId}`
      books = { ...quickbooks, appId: "quickbooks", read: reading(`${quickbooks.url}${company}`) }
      crm = {
        ...salesforce,
        appId: "salesforce",
        clientId: "crm-client",
        read: reading(`${salesforce.url}/services/data/v66.0/limits`)
      }
    })
    afterAll(cleanUp)

    const ask = async (app: App, form: Record<string, string>) => {
      const basic = Buffer.from(`${app.clientId}:${clientSecret}`).toString("base64")
      const response = await fetch(app.tokenUrl, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ ...form, client_id: app.clientId, client_secret: clientSecret })
      })
      return { status: response.status, json: (await response.json()) as Record<string, string> }
    }

    /** Tokens of a consent of their own; nobody else has them. */
    const granted = async (app: App) => {
      const redirectUri = "http://127.0.0.1:9/callback"
      const query = {
        client_id: app.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "refresh_token"
      }
      const sent = await fetch(`${app.authorizeUrl}?${new URLSearchParams(query)}`, { redirect: "manual" })
      const code = new URL(sent.headers.get("location")!).searchParams.get("code")!
      const tokens = await ask(app, { grant_type: "authorization_code", code, redirect_uri: redirectUri })
      const { access_token: accessToken = "", refresh_token: refreshToken = "" } = tokens.json
      assert.isNotEmpty(accessToken)
      assert.isNotEmpty(refreshToken)
      for (const secret of [accessToken, refreshToken]) world.secrets.add(secret)
      return { accessToken, refreshToken }
    }
    type Tokens = Awaited<ReturnType<typeof granted>>

    let orgs = 0
    const connect = async (app: App, tokens: Tokens, integrationId?: string): Promise<string> => {
      const { code, data, status } = await world.call("integration.import", {
        appId: app.appId,
        originOrgId: integrationId === undefined ? `${app.appId}-${++orgs}` : `${app.appId}-${orgs}`,
        settings: app.appId === "quickbooks" ? { realmId: world.quickbooks.realmId } : {},
        credentials: tokens,
        ...(integrationId === undefined ? {} : { integrationId })
      })
      assert.strictEqual(status, 200, code)
      return data["integrationId"]
    }
    const end = async (call: "deactivate" | "purge", id: string) => {
      const { code, status } = await world.call(`integration.${call}`, {}, apiKey, id)
      assert.strictEqual(status, 200, code)
    }
    const owed = async () => Number((await world.database.query("SELECT count(*) AS n FROM revocations"))[0]!["n"])
    const told = () => until("nothing is owed to an app", async () => ((await owed()) === 0 ? true : undefined))
    const asked = () =>
      [...world.quickbooks.requests, ...world.salesforce.requests].filter(({ path }) => path.endsWith("/revoke"))
    const dead = async (app: App, { accessToken, refreshToken }: Tokens) => {
      assert.strictEqual(await app.read(accessToken), 401, "the access token")
      const refreshed = await ask(app, { grant_type: "refresh_token", refresh_token: refreshToken })
      assert.deepStrictEqual([refreshed.status, refreshed.json["error"]], [400, "invalid_grant"])
    }
    const alive = async (app: App, { accessToken }: Tokens) => assert.strictEqual(await app.read(accessToken), 200)

    for (const call of ["deactivate", "purge"] as const) {
      it(`QuickBooks: ${call} ends the connection of the company`, async () => {
        const tokens = await granted(books)
        const id = await connect(books, tokens)
        await alive(books, tokens)
        await end(call, id)
        await told()
        await dead(books, tokens)
        assert.deepInclude(asked().at(0), { authorization: "basic", status: 200, query: {} })
      })

      it(`Salesforce: ${call} ends the grant, with the sessions of it, and no other one`, async () => {
        const tokens = await granted(crm)
        const colleague = await granted(crm)
        const id = await connect(crm, tokens)
        await end(call, id)
        await told()
        await dead(crm, tokens)
        await alive(crm, colleague)
        assert.deepInclude(asked().at(-1), { authorization: "none", status: 200, query: {} })
      })
    }

    it("QuickBooks: a sign-in to another company than was agreed ends that connection", async () => {
      const asked = () => world.quickbooks.requests.filter(({ path }) => path.endsWith("/revoke"))
      const { length } = asked()
      const other = world.books({ settings: { realmId: "9341 4500 0000 0099" } })
      assert.include((await world.signIn(other)).text, "oauth.wrong_account")
      await told()
      assert.deepInclude(asked().at(-1), { authorization: "basic", status: 200, query: {} })
      assert.lengthOf(asked(), length + 1)
    })

    it("QuickBooks: an account of the same company keeps the connection, until it ends too", async () => {
      const [first, second] = [await granted(books), await granted(books)]
      const [one, other] = [await connect(books, first), await connect(books, second)]
      const before = asked().length
      await end("deactivate", one)
      await told()
      assert.lengthOf(asked(), before)
      await alive(books, second)
      await end("purge", other)
      await told()
      await dead(books, first)
      await dead(books, second)
    })

    it("an app that is down is told later, also by another process", async () => {
      for (const [app, { control }, fault] of [
        [books, world.quickbooks, { kind: "status", status: 503 }],
        [crm, world.salesforce, { kind: "hang" }]
      ] as const) {
        const tokens = await granted(app)
        const id = await connect(app, tokens)
        control.fault({ ...fault, times: Infinity, match: { path: "/revoke" } })
        const before = asked().length
        await end("purge", id)
        await until("an attempt", async () => (asked().length > before ? true : undefined))
        await world.kill()
        control.clearFaults()
        assert.strictEqual(await owed(), 1, app.appId)
        await alive(app, tokens)
        // Instead of waiting for a minute: the next start finds that it is due.
        await world.database.query("UPDATE revocations SET next_attempt_at = 1 RETURNING id")
        await world.kill()
        await told()
        await dead(app, tokens)
      }
    })

    it("QuickBooks: a company that was connected again meanwhile stays so", async () => {
      const tokens = await granted(books)
      const id = await connect(books, tokens)
      world.quickbooks.control.fault({ kind: "status", status: 503, times: Infinity, match: { path: "/revoke" } })
      await end("deactivate", id)
      const fresh = await granted(books)
      await connect(books, fresh, id)
      world.quickbooks.control.clearFaults()
      await world.database.query("UPDATE revocations SET next_attempt_at = 1 RETURNING id")
      await world.kill()
      await told()
      await alive(books, fresh)
      await end("deactivate", id)
      await told()
      await dead(books, fresh)
    })

    it("no token is in the log, an answer or the database, and none that is owed is left", async () => {
      assert.strictEqual(await owed(), 0)
      const rows: Array<string> = []
      for (const table of ["revocations", "integrations", "credentials", "events", "audit_log"]) {
        for (const row of await world.database.query(`SELECT * FROM ${table}`)) {
          for (const value of Object.values(row)) {
            rows.push(value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value))
          }
        }
      }
      const haystacks = { log: world.log(), answers: world.said.join("\n"), database: rows.join("\n") }
      assert.isAbove(world.secrets.size, 15, "there was something to find")
      assert.include(haystacks.log, "rv_")
      for (const [where, text] of Object.entries(haystacks)) {
        for (const secret of world.secrets) {
          for (const spelling of [secret, encodeURIComponent(secret)]) {
            assert.isFalse(text.includes(spelling), `${spelling} is in the ${where}`)
          }
        }
      }
    })
  })
}
