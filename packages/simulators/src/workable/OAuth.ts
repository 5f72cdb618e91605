import type { Random } from "../server/Random.ts"
import type { Reply, Request } from "../server/Reply.ts"

/** How the simulated authorisation server behaves. */
export interface WorkableOAuthOptions {
  /** Only this client may ask, when given. */
  readonly clientId?: string
  /** Checked at the token endpoint, when given. */
  readonly clientSecret?: string
  /** Life of an access token in seconds; null leaves `expires_in` out. Default 7,200. */
  readonly accessTokenSeconds?: number | null
  /** Whether a refresh ends the old refresh token. Default true. */
  readonly rotateRefreshTokens?: boolean
}

const refusal = (status: number, error: string, description: string): Reply => ({
  status,
  json: { error, error_description: description }
})

const codeMillis = 300_000

/** Codes, access tokens and refresh tokens of one account. Everybody who asks is let in. */
export class OAuth {
  readonly #options: WorkableOAuthOptions
  readonly #random: Random
  readonly #now: () => number
  readonly #codes = new Map<string, { readonly redirectUri: string; readonly expires: number }>()
  readonly #access = new Map<string, number>()
  readonly #refresh = new Set<string>()

  constructor(options: WorkableOAuthOptions, random: Random, now: () => number) {
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

  /** `GET /oauth/authorize?response_type=code&…`: approves at once and sends the browser back. */
  authorize({ query }: Request): Reply {
    const redirectUri = query.get("redirect_uri") ?? ""
    if (!URL.canParse(redirectUri)) return refusal(400, "invalid_request", "redirect_uri is missing or not a URL")
    if (!this.#knows(query.get("client_id"))) return refusal(401, "invalid_client", "Unknown client")
    const target = new URL(redirectUri)
    if (query.get("response_type") !== "code") target.searchParams.set("error", "unsupported_response_type")
    else {
      const code = this.#secret("code")
      this.#codes.set(code, { redirectUri, expires: this.#now() + codeMillis })
      target.searchParams.set("code", code)
    }
    const state = query.get("state")
    if (state !== null) target.searchParams.set("state", state)
    return { status: 302, headers: { location: target.href }, text: "" }
  }

  /** `POST /oauth/token` with a form. */
  token({ body }: Request): Reply {
    const input = new URLSearchParams(body)
    const { clientSecret } = this.#options
    const secretFits = clientSecret === undefined || clientSecret === input.get("client_secret")
    if (!this.#knows(input.get("client_id")) || !secretFits) return refusal(401, "invalid_client", "Unknown client")
    if (input.get("grant_type") === "authorization_code") {
      const code = this.#codes.get(input.get("code") ?? "")
      this.#codes.delete(input.get("code") ?? "")
      if (code === undefined || code.expires <= this.#now() || code.redirectUri !== input.get("redirect_uri")) {
        return refusal(400, "invalid_grant", "The code is unknown, used, expired or of another redirect_uri")
      }
      return this.issue()
    }
    if (input.get("grant_type") === "refresh_token") {
      const old = input.get("refresh_token") ?? ""
      if (!this.#refresh.has(old)) return refusal(400, "invalid_grant", "The refresh token is unknown or used")
      if (this.#options.rotateRefreshTokens !== false) this.#refresh.delete(old)
      return this.issue()
    }
    return refusal(400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
  }

  /** New tokens, as the token endpoint answers them. */
  issue(): Reply {
    const seconds = this.#options.accessTokenSeconds === undefined ? 7200 : this.#options.accessTokenSeconds
    const access = this.#secret("access")
    const refresh = this.#secret("refresh")
    this.#access.set(access, seconds === null ? Infinity : this.#now() + seconds * 1000)
    this.#refresh.add(refresh)
    return {
      status: 200,
      headers: { "cache-control": "no-store" },
      json: {
        access_token: access,
        token_type: "bearer",
        ...(seconds === null ? {} : { expires_in: seconds }),
        refresh_token: refresh
      }
    }
  }

  #knows(clientId: string | null): boolean {
    return clientId !== null && (this.#options.clientId === undefined || clientId === this.#options.clientId)
  }

  #secret(prefix: string): string {
    return `${prefix}_${this.#random.digits(16)}${this.#random.digits(16)}`
  }
}
