import type { BambooHRSimulator } from "@crochet/simulators"

/** The OAuth app that a simulated BambooHR knows. */
export const oauthApp = {
  clientId: "crochet-test",
  clientSecret: "the-secret-of-the-oauth-app",
  rotateRefreshTokens: true
}

/** What the program must be told to refresh tokens of that app. */
export const oauthEnvironment = {
  CROCHET_OAUTH_BAMBOOHR_CLIENT_ID: oauthApp.clientId,
  CROCHET_OAUTH_BAMBOOHR_CLIENT_SECRET: oauthApp.clientSecret
}

/** Credentials as a customer's consent gives them, for `integration.import`. */
export const consent = async (simulator: BambooHRSimulator) => {
  const redirectUri = "http://127.0.0.1:9/back"
  const asked = new URLSearchParams({
    request: "authorize",
    response_type: "code",
    client_id: oauthApp.clientId,
    redirect_uri: redirectUri,
    scope: "employee offline_access",
    state: "x"
  })
  const sent = await fetch(`${simulator.url}/authorize.php?${asked}`, { redirect: "manual" })
  const code = new URL(sent.headers.get("location")!).searchParams.get("code")!
  const tokens = (await fetch(`${simulator.url}/token.php?request=token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "authorization_code",
      code,
      client_id: oauthApp.clientId,
      client_secret: oauthApp.clientSecret,
      redirect_uri: redirectUri
    })
  }).then((answer) => answer.json())) as { access_token: string; refresh_token: string; expires_in: number }
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    expiresAt: Date.now() + tokens.expires_in * 1000
  }
}
