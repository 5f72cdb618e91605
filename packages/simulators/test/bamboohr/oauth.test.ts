import { createHash } from "node:crypto"
import { assert, describe, it } from "vitest"
import type { BambooHRSimulator } from "../../src/index.ts"
import { clock, get, type Json, start } from "./Api.ts"

describe("OAuth", () => {
  const redirect = "http://127.0.0.1:1/callback"
  const consent = async (sim: BambooHRSimulator, scope: string, more = "") => {
    const query = new URLSearchParams({
      request: "authorize",
      response_type: "code",
      client_id: "app",
      redirect_uri: redirect,
      scope,
      state: "s 1"
    })
    const response = await fetch(`${sim.url}/authorize.php?${query}${more}`, { redirect: "manual" })
    assert.strictEqual(response.status, 302)
    const target = new URL(response.headers.get("location") ?? "")
    assert.strictEqual(target.searchParams.get("state"), "s 1")
    assert.strictEqual(target.origin + target.pathname, redirect)
    return target.searchParams.get("code") ?? ""
  }
  const token = async (sim: BambooHRSimulator, form: Record<string, string>) => {
    const response = await fetch(`${sim.url}/token.php?request=token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "app", client_secret: "shh", redirect_uri: redirect, ...form })
    })
    return { status: response.status, body: (await response.json()) as Json }
  }
  const whoAmI = async (sim: BambooHRSimulator, access: string) =>
    (await get(sim, "/v1/employees/0", { authorization: `Bearer ${access}` })).status

  it("gives tokens for a code, once, and refreshes them after they expire", async () => {
    const time = clock()
    const sim = await start({ now: time.now, oauth: { clientId: "app", clientSecret: "shh", accessTokenSeconds: 60 } })
    const code = await consent(sim, "employee offline_access")
    const first = await token(sim, { grant_type: "authorization_code", code })
    assert.strictEqual(first.status, 200)
    assert.strictEqual(first.body.expires_in, 60)
    assert.strictEqual(await whoAmI(sim, first.body.access_token), 200)
    const again = await token(sim, { grant_type: "authorization_code", code })
    assert.deepStrictEqual([again.status, again.body.error], [400, "invalid_grant"])
    time.advance(61)
    assert.strictEqual(await whoAmI(sim, first.body.access_token), 401)
    const fresh = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.strictEqual(await whoAmI(sim, fresh.body.access_token), 200)
    assert.strictEqual(fresh.body.refresh_token, first.body.refresh_token, "no rotation unless asked for")
    sim.control.expireTokens()
    assert.strictEqual(await whoAmI(sim, fresh.body.access_token), 401)
    const wrong = await token(sim, {
      grant_type: "refresh_token",
      refresh_token: first.body.refresh_token,
      client_secret: "no"
    })
    assert.deepStrictEqual([wrong.status, wrong.body.error], [401, "invalid_client"])
  })

  it("rotates refresh tokens when told, and gives none without offline_access", async () => {
    const sim = await start({ oauth: { rotateRefreshTokens: true } })
    const without = await token(sim, { grant_type: "authorization_code", code: await consent(sim, "employee") })
    assert.notProperty(without.body, "refresh_token")
    const first = await token(sim, { grant_type: "authorization_code", code: await consent(sim, "offline_access") })
    const second = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.notStrictEqual(second.body.refresh_token, first.body.refresh_token)
    const reused = await token(sim, { grant_type: "refresh_token", refresh_token: first.body.refresh_token })
    assert.strictEqual(reused.body.error, "invalid_grant")
    sim.control.expireTokens({ refresh: true })
    const ended = await token(sim, { grant_type: "refresh_token", refresh_token: second.body.refresh_token })
    assert.strictEqual(ended.body.error, "invalid_grant")
  })

  it("checks the code verifier", async () => {
    const sim = await start()
    const challenge = createHash("sha256").update("verifier").digest("base64url")
    const more = `&code_challenge=${challenge}&code_challenge_method=S256`
    const bad = await token(sim, {
      grant_type: "authorization_code",
      code: await consent(sim, "", more),
      code_verifier: "x"
    })
    assert.strictEqual(bad.body.error, "invalid_grant")
    const good = await token(sim, {
      grant_type: "authorization_code",
      code: await consent(sim, "", more),
      code_verifier: "verifier"
    })
    assert.strictEqual(good.status, 200)
  })
})
