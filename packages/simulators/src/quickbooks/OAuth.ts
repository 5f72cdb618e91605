import { createHash } from "node:crypto"
import type { Random } from "../server/Random.ts"
import type { Reply, Request } from "../server/Reply.ts"

/** How the simulated authorisation server behaves. */
export interface OAuthOptions {
  /** Default `crochet`. */
  readonly clientId?: string
  /** Default `client-secret`. */
  readonly clientSecret?: string
  /** Life of an access token in seconds. Default 3,600. */
  readonly accessTokenSeconds?: number
}

interface Code {
  readonly redirectUri: string
  readonly expires: number
  readonly realmId: string
  readonly challenge: string | null
}

interface Refresh {
  /** How often it may still be used: for ever while it is the newest, once after it was replaced. */
  left: number
  readonly realmId: string
}

/** How the people who sign in behave from now on. */
export interface Consent {
  /** They refuse: the browser comes back with `access_denied`. */
  readonly deny?: boolean
  /** Which company they choose; default this one. */
  readonly realmId?: string
}

/** Tokens as the app gives them at a first consent. */
export interface Granted {
  readonly accessToken: string
  readonly refreshToken: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const refreshSeconds = 8_726_400
const codeMillis = 300_000

const refusal = (status: number, error: string, description: string): Reply => ({
  status,
  headers: { "cache-control": "no-store" },
  json: { error, error_description: description }
})

const tokenOf = ({ body, headers }: Request): string => {
  if (!(headers["content-type"] ?? "").includes("json")) return new URLSearchParams(body).get("token") ?? ""
  try {
    const { token } = JSON.parse(body) as { readonly token?: unknown }
    return typeof token === "string" ? token : ""
  } catch {
    return ""
  }
}

/** Authorisation codes, access tokens and rotating refresh tokens of one company. Who asks is let in, unless `consent` says otherwise. */
export class OAuth {
  readonly clientId: string
  readonly clientSecret: string
  readonly #seconds: number
  readonly #realmId: string
  readonly #random: Random
  readonly #now: () => number
  readonly #codes = new Map<string, Code>()
  consent: Consent = {}
  readonly #access = new Map<string, { readonly expires: number; readonly realmId: string }>()
  readonly #refresh = new Map<string, Refresh>()

  constructor(options: OAuthOptions, realmId: string, random: Random, now: () => number) {
    this.clientId = options.clientId ?? "crochet"
    this.clientSecret = options.clientSecret ?? "client-secret"
    this.#seconds = options.accessTokenSeconds ?? 3600
    this.#realmId = realmId
    this.#random = random
    this.#now = now
  }

  /** The company that an access token opens; undefined when it is not known or expired. */
  realmOf(token: string): string | undefined {
    const known = this.#access.get(token)
    return known !== undefined && known.expires > this.#now() ? known.realmId : undefined
  }

  /** A pair of tokens as if somebody had connected, this company or, to be refused, another. */
  grant(realmId = this.#realmId): Granted {
    const expiresAt = this.#now() + this.#seconds * 1000
    return { accessToken: this.#newAccess(realmId), refreshToken: this.#newRefresh(realmId), expiresAt }
  }

  /** Ends every access token, and the refresh tokens too when told. Gives how many were ended. */
  expire(refreshToo: boolean): number {
    const ended = this.#access.size + (refreshToo ? this.#refresh.size : 0)
    this.#access.clear()
    if (refreshToo) this.#refresh.clear()
    return ended
  }

  #secret(prefix: string): string {
    return `${prefix}_${this.#random.digits(10)}${this.#random.digits(10)}${this.#random.digits(12)}`
  }

  #newAccess(realmId: string): string {
    const token = this.#secret("access")
    this.#access.set(token, { expires: this.#now() + this.#seconds * 1000, realmId })
    return token
  }

  #newRefresh(realmId: string): string {
    const token = this.#secret("RT1")
    this.#refresh.set(token, { left: Infinity, realmId })
    return token
  }

  /** `GET /connect/oauth2`: decides at once and sends the browser back with the realm beside the code. */
  authorize({ query }: Request): Reply {
    const redirectUri = query.get("redirect_uri") ?? ""
    if (!URL.canParse(redirectUri)) return refusal(400, "invalid_request", "redirect_uri is missing or not a URL")
    if (query.get("client_id") !== this.clientId) return refusal(400, "invalid_client", "client_id is unknown")
    const target = new URL(redirectUri)
    const { deny = false, realmId = this.#realmId } = this.consent
    if (deny) target.searchParams.set("error", "access_denied")
    else if (query.get("response_type") === "code") {
      const code = this.#secret("code")
      const challenge = query.get("code_challenge")
      this.#codes.set(code, { redirectUri, expires: this.#now() + codeMillis, realmId, challenge })
      target.searchParams.set("code", code)
      target.searchParams.set("realmId", realmId)
    } else target.searchParams.set("error", "unsupported_response_type")
    const state = query.get("state")
    if (state !== null) target.searchParams.set("state", state)
    return { status: 302, headers: { location: target.toString() }, text: "" }
  }

  #isClient({ headers }: Request): boolean {
    const basic = /^Basic (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? ""
    const [id, secret] = Buffer.from(basic, "base64").toString("utf8").split(":").map(decodeURIComponent)
    return id === this.clientId && secret === this.clientSecret
  }

  /** `POST /oauth2/v1/tokens/bearer` with a form and Basic client authentication. */
  token(request: Request): Reply {
    const { body } = request
    if (!this.#isClient(request)) return refusal(401, "invalid_client", "Invalid client")
    const form = new URLSearchParams(body)
    if (form.get("grant_type") === "authorization_code") {
      const code = form.get("code") ?? ""
      const grant = this.#codes.get(code)
      this.#codes.delete(code)
      if (grant === undefined || grant.expires <= this.#now() || grant.redirectUri !== form.get("redirect_uri")) {
        return refusal(400, "invalid_grant", "The code is unknown, used, expired or for another redirect_uri")
      }
      const digest = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url")
      if (grant.challenge !== null && digest !== grant.challenge) {
        return refusal(400, "invalid_grant", "code_verifier does not fit")
      }
      return this.#answer(grant.realmId)
    }
    if (form.get("grant_type") === "refresh_token") {
      const token = form.get("refresh_token") ?? ""
      const refresh = this.#refresh.get(token)
      if (refresh === undefined || refresh.left <= 0) {
        return refusal(400, "invalid_grant", "Token has been expired or revoked.")
      }
      if (refresh.left === Infinity) refresh.left = 1
      else refresh.left--
      return this.#answer(refresh.realmId)
    }
    return refusal(400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
  }

  /**
   * `POST /v2/oauth2/tokens/revoke` with JSON or a form: an access or a refresh token ends the connection of its company.
   * Who sends one that is not known, or not any more, gets a 400 that says nothing
   * (https://github.com/intuit/oauth-jsclient/issues/71, 2020-01).
   */
  revoke(request: Request): Reply {
    if (!this.#isClient(request)) return { status: 401, text: "" }
    const token = tokenOf(request)
    const realmId = (this.#access.get(token) ?? this.#refresh.get(token))?.realmId
    if (realmId === undefined) return { status: 400, text: "" }
    for (const [known, { realmId: theirs }] of this.#access) if (theirs === realmId) this.#access.delete(known)
    for (const [known, { realmId: theirs }] of this.#refresh) if (theirs === realmId) this.#refresh.delete(known)
    return { status: 200, text: "" }
  }

  #answer(realmId: string): Reply {
    return {
      status: 200,
      headers: { "cache-control": "no-store" },
      json: {
        token_type: "bearer",
        access_token: this.#newAccess(realmId),
        expires_in: this.#seconds,
        refresh_token: this.#newRefresh(realmId),
        x_refresh_token_expires_in: refreshSeconds
      }
    }
  }
}
