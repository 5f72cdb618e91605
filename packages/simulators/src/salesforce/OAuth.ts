import { createHash } from "node:crypto"
import type { Random } from "../server/Random.ts"
import type { Reply, Request } from "../server/Reply.ts"

/** How the simulated authorisation server behaves. */
export interface SalesforceOAuthOptions {
  /** Only this client may ask, when given. */
  readonly clientId?: string
  /** Checked at the token endpoint, when given. */
  readonly clientSecret?: string
  /** Whether each refresh gives a new refresh token and ends the old one. Default false. */
  readonly rotateRefreshTokens?: boolean
}

/** How the people who sign in behave from now on. */
export interface Consent {
  /** They refuse: the browser comes back with `access_denied`. */
  readonly deny?: boolean
}

interface Grant {
  readonly clientId: string | undefined
  readonly scope: string
  readonly redirectUri: string
  readonly challenge: string | null
  readonly expires: number
}

/** What somebody has agreed to: all tokens of it are of the same object. */
type Consented = Pick<Grant, "clientId" | "scope">

const codeMillis = 600_000

const refusal = (error: string, description: string): Reply => ({
  status: 400,
  headers: { "cache-control": "no-store" },
  json: { error, error_description: description }
})

/** Codes, sessions and refresh tokens of one org. Sessions last until they are ended: answers have no `expires_in`. */
export class OAuth {
  readonly #options: SalesforceOAuthOptions
  readonly #random: Random
  readonly #now: () => number
  readonly #identity: () => { readonly instanceUrl: string; readonly id: string }
  consent: Consent = {}
  readonly #codes = new Map<string, Grant>()
  /** By access token: the grant of which it is. */
  readonly #sessions = new Map<string, Consented>()
  readonly #refresh = new Map<string, Consented>()

  constructor(
    options: SalesforceOAuthOptions,
    random: Random,
    now: () => number,
    identity: () => { readonly instanceUrl: string; readonly id: string }
  ) {
    this.#options = options
    this.#random = random
    this.#now = now
    this.#identity = identity
  }

  accepts(token: string): boolean {
    return this.#sessions.has(token)
  }

  /** Ends every session, and the refresh tokens too when told. Gives how many were ended. */
  expire(refreshToo: boolean): number {
    const ended = this.#sessions.size + (refreshToo ? this.#refresh.size : 0)
    this.#sessions.clear()
    if (refreshToo) this.#refresh.clear()
    return ended
  }

  /** Tokens as a consent that somebody gave earlier. */
  granted(): { readonly accessToken: string; readonly refreshToken: string } {
    const grant = { clientId: this.#options.clientId, scope: "refresh_token api" }
    return { accessToken: this.#session(grant), refreshToken: this.#remember(grant) }
  }

  /** `GET /services/oauth2/authorize?response_type=code&…`: decides at once and sends the browser back. */
  authorize({ query }: Request): Reply {
    const redirectUri = query.get("redirect_uri") ?? ""
    const clientId = query.get("client_id") ?? ""
    if (!URL.canParse(redirectUri)) return refusal("redirect_uri_mismatch", "redirect_uri must match configuration")
    if (this.#options.clientId !== undefined && clientId !== this.#options.clientId) {
      return refusal("invalid_client_id", "client identifier invalid")
    }
    const target = new URL(redirectUri)
    if (this.consent.deny === true) {
      target.searchParams.set("error", "access_denied")
      target.searchParams.set("error_description", "end-user denied authorization")
    } else if (query.get("response_type") !== "code") target.searchParams.set("error", "unsupported_response_type")
    else {
      const code = this.#secret("aPrx")
      this.#codes.set(code, {
        clientId,
        scope: query.get("scope") ?? "",
        redirectUri,
        challenge: query.get("code_challenge"),
        expires: this.#now() + codeMillis
      })
      target.searchParams.set("code", code)
    }
    const state = query.get("state")
    if (state !== null) target.searchParams.set("state", state)
    return { status: 302, headers: { location: target.toString() }, text: "" }
  }

  /** `POST /services/oauth2/token` with a form: `authorization_code` or `refresh_token`. */
  token({ body }: Request): Reply {
    const form = new URLSearchParams(body)
    const { clientId, clientSecret } = this.#options
    if (clientId !== undefined && form.get("client_id") !== clientId) {
      return refusal("invalid_client_id", "client identifier invalid")
    }
    if (clientSecret !== undefined && form.get("client_secret") !== clientSecret) {
      return refusal("invalid_client", "invalid client credentials")
    }
    if (form.get("grant_type") === "authorization_code") {
      const grant = this.#codes.get(form.get("code") ?? "")
      this.#codes.delete(form.get("code") ?? "")
      if (grant === undefined || grant.expires <= this.#now())
        return refusal("invalid_grant", "invalid authorization code")
      if (grant.clientId !== form.get("client_id") || grant.redirectUri !== form.get("redirect_uri")) {
        return refusal("redirect_uri_mismatch", "redirect_uri must match configuration")
      }
      const digest = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url")
      if (grant.challenge !== null && digest !== grant.challenge)
        return refusal("invalid_grant", "invalid code verifier")
      const offline = /\b(?:refresh_token|offline_access|full)\b/.test(grant.scope)
      return this.#issue(grant, offline ? this.#remember(grant) : undefined)
    }
    if (form.get("grant_type") === "refresh_token") {
      const old = form.get("refresh_token") ?? ""
      const grant = this.#refresh.get(old)
      if (grant === undefined) return refusal("invalid_grant", "expired access/refresh token")
      // Without rotation the answer of a refresh has no refresh token.
      if (this.#options.rotateRefreshTokens !== true) return this.#issue(grant, undefined)
      this.#refresh.delete(old)
      return this.#issue(grant, this.#remember(grant))
    }
    return refusal("unsupported_grant_type", "grant type not supported")
  }

  /** `POST /services/oauth2/revoke`: a session alone, or a refresh token with the sessions that were had by it. */
  revoke({ body, query }: Request): Reply {
    const token = new URLSearchParams(body).get("token") ?? query.get("token") ?? ""
    if (this.#sessions.delete(token)) return { status: 200, text: "" }
    const grant = this.#refresh.get(token)
    if (grant === undefined) return refusal("unsupported_token_type", "this token type is not supported")
    this.#refresh.delete(token)
    for (const [session, theirs] of this.#sessions) if (theirs === grant) this.#sessions.delete(session)
    return { status: 200, text: "" }
  }

  #secret(prefix: string): string {
    return `${prefix}${this.#random.digits(12)}.${this.#random.digits(14)}`
  }

  #session(grant: Consented): string {
    const token = this.#secret("00DSm0000000001!")
    this.#sessions.set(token, grant)
    return token
  }

  #remember(grant: Consented): string {
    const token = this.#secret("5Aep")
    this.#refresh.set(token, grant)
    return token
  }

  #issue(grant: Consented, refreshToken: string | undefined): Reply {
    const { id, instanceUrl } = this.#identity()
    return {
      status: 200,
      headers: { "cache-control": "no-store" },
      json: {
        access_token: this.#session(grant),
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        signature: "c2lnbmF0dXJlIG9mIHRoZSBzaW11bGF0b3I=",
        scope: grant.scope,
        instance_url: instanceUrl,
        id,
        token_type: "Bearer",
        issued_at: String(this.#now())
      }
    }
  }
}
