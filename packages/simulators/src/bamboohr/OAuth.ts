import { createHash } from "node:crypto"
import type { Random } from "../server/Random.ts"
import type { Reply, Request } from "../server/Reply.ts"

/** How the simulated authorisation server behaves. */
export interface OAuthOptions {
  /** Only this client may ask, when given. */
  readonly clientId?: string
  /** Checked at the token endpoint, when given. */
  readonly clientSecret?: string
  /** Life of an access token in seconds. Default 3,600. */
  readonly accessTokenSeconds?: number
  /** Whether each refresh gives a new refresh token and ends the old one. Default false. */
  readonly rotateRefreshTokens?: boolean
}

interface Grant {
  readonly clientId: string
  readonly scope: string
  readonly redirectUri: string
  readonly challenge: string | null
  readonly expires: number
}

const codeMillis = 300_000

const refusal = (status: number, error: string, description: string): Reply => ({
  status,
  headers: { "cache-control": "no-store" },
  json: { error, error_description: description }
})

/** Authorisation codes, access tokens and refresh tokens of one company. Everybody who asks is let in. */
export class OAuth {
  readonly #options: OAuthOptions
  readonly #random: Random
  readonly #now: () => number
  readonly #codes = new Map<string, Grant>()
  readonly #access = new Map<string, number>()
  readonly #refresh = new Map<string, Pick<Grant, "clientId" | "scope">>()

  constructor(options: OAuthOptions, random: Random, now: () => number) {
    this.#options = options
    this.#random = random
    this.#now = now
  }

  /** Whether an access token is known and not expired. */
  accepts(token: string): boolean {
    return (this.#access.get(token) ?? 0) > this.#now()
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

  /** `GET /authorize.php?request=authorize&response_type=code&…`: approves at once and sends the browser back. */
  authorize({ query }: Request): Reply {
    const redirectUri = query.get("redirect_uri") ?? ""
    if (!URL.canParse(redirectUri)) return refusal(400, "invalid_request", "redirect_uri is missing or not a URL")
    const clientId = query.get("client_id") ?? ""
    if (clientId === "" || (this.#options.clientId !== undefined && clientId !== this.#options.clientId)) {
      return refusal(400, "invalid_client", "client_id is missing or unknown")
    }
    const target = new URL(redirectUri)
    const state = query.get("state")
    if (query.get("request") !== "authorize" || query.get("response_type") !== "code") {
      target.searchParams.set("error", "unsupported_response_type")
    } else {
      const code = this.#secret("code")
      this.#codes.set(code, {
        clientId,
        scope: query.get("scope") ?? "",
        redirectUri,
        challenge: query.get("code_challenge"),
        expires: this.#now() + codeMillis
      })
      target.searchParams.set("code", code)
    }
    if (state !== null) target.searchParams.set("state", state)
    return { status: 302, headers: { location: target.toString() }, text: "" }
  }

  /** `POST /token.php?request=token` with a form or JSON: `authorization_code` or `refresh_token`. */
  token(request: Request): Reply {
    const input = this.#input(request)
    if (input === undefined || request.query.get("request") !== "token") {
      return refusal(400, "invalid_request", "Send a form or JSON to /token.php?request=token")
    }
    const { clientId: wantedId, clientSecret: wantedSecret } = this.#options
    if (wantedId !== undefined && input.client_id !== wantedId) return refusal(401, "invalid_client", "Unknown client")
    if (wantedSecret !== undefined && input.client_secret !== wantedSecret) {
      return refusal(401, "invalid_client", "Wrong client secret")
    }
    if (input.grant_type === "authorization_code") {
      const grant = this.#codes.get(input.code ?? "")
      this.#codes.delete(input.code ?? "")
      if (grant === undefined || grant.expires <= this.#now()) {
        return refusal(400, "invalid_grant", "The code is unknown, used or expired")
      }
      if (grant.clientId !== input.client_id || grant.redirectUri !== input.redirect_uri) {
        return refusal(400, "invalid_grant", "The code was given to another client or redirect_uri")
      }
      if (grant.challenge !== null) {
        const digest = createHash("sha256")
          .update(input.code_verifier ?? "")
          .digest("base64url")
        if (digest !== grant.challenge) return refusal(400, "invalid_grant", "code_verifier does not fit")
      }
      const offline = grant.scope.split(" ").includes("offline_access")
      return this.#issue(grant, offline ? this.#remember(grant) : undefined)
    }
    if (input.grant_type === "refresh_token") {
      const old = input.refresh_token ?? ""
      const grant = this.#refresh.get(old)
      if (grant === undefined || grant.clientId !== input.client_id) {
        return refusal(400, "invalid_grant", "The refresh token is unknown, used or revoked")
      }
      if (this.#options.rotateRefreshTokens !== true) return this.#issue(grant, old)
      this.#refresh.delete(old)
      return this.#issue(grant, this.#remember(grant))
    }
    return refusal(400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
  }

  #remember(grant: Pick<Grant, "clientId" | "scope">): string {
    const token = this.#secret("refresh")
    this.#refresh.set(token, { clientId: grant.clientId, scope: grant.scope })
    return token
  }

  #issue(grant: Pick<Grant, "scope">, refreshToken: string | undefined): Reply {
    const seconds = this.#options.accessTokenSeconds ?? 3600
    const token = this.#secret("access")
    this.#access.set(token, this.#now() + seconds * 1000)
    return {
      status: 200,
      headers: { "cache-control": "no-store" },
      json: {
        access_token: token,
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        token_type: "Bearer",
        expires_in: seconds,
        scope: grant.scope
      }
    }
  }

  #input({ body, headers }: Request): Record<string, string | undefined> | undefined {
    const input: Record<string, string | undefined> = {}
    if ((headers["content-type"] ?? "").includes("json")) {
      try {
        const parsed: unknown = JSON.parse(body)
        if (typeof parsed !== "object" || parsed === null) return undefined
        for (const [name, value] of Object.entries(parsed)) if (typeof value === "string") input[name] = value
      } catch {
        return undefined
      }
    } else for (const [name, value] of new URLSearchParams(body)) input[name] = value
    const basic = /^Basic (.+)$/i.exec(headers.authorization ?? "")?.[1]
    if (basic !== undefined) {
      const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":")
      input.client_id ??= decodeURIComponent(id)
      input.client_secret ??= decodeURIComponent(secret)
    }
    return input
  }
}
