import type { Reply, Request } from "../server/Reply.ts"
import { legacyError } from "./Errors.ts"
import type { OAuth } from "./OAuth.ts"

/** After so many refused keys everything is refused for a while. */
export interface LockoutOptions {
  readonly after: number
  readonly forMillis: number
}

/** Who may come in: the API key by Basic, access tokens by Bearer. */
export class Access {
  #key: string | undefined
  readonly #oauth: OAuth
  readonly #subdomain: string
  readonly #lockout: LockoutOptions | false
  readonly #now: () => number
  #refused = 0
  #lockedUntil = -Infinity

  constructor(key: string, subdomain: string, oauth: OAuth, lockout: LockoutOptions | false, now: () => number) {
    this.#key = key
    this.#subdomain = subdomain
    this.#oauth = oauth
    this.#lockout = lockout
    this.#now = now
  }

  /** From now on no key fits. */
  revoke(): void {
    this.#key = undefined
  }

  /** From now on this key fits, and nobody is locked out any more. */
  restore(key: string): void {
    this.#key = key
    this.#refused = 0
    this.#lockedUntil = -Infinity
  }

  /** The refusal, or undefined when the request may pass. */
  check({ headers, origin }: Request): Reply | undefined {
    if (this.#now() < this.#lockedUntil) return legacyError(403, "Too many failed attempts")
    const [scheme = "", credential = ""] = (headers.authorization ?? "").split(" ")
    if (scheme.toLowerCase() === "basic") {
      const [key] = Buffer.from(credential, "base64").toString("utf8").split(":")
      if (this.#key !== undefined && key === this.#key) return this.#welcome()
      this.#refused++
      if (this.#lockout !== false && this.#refused >= this.#lockout.after) {
        this.#lockedUntil = this.#now() + this.#lockout.forMillis
        this.#refused = 0
      }
    } else if (scheme.toLowerCase() === "bearer" && this.#oauth.accepts(credential)) return this.#welcome()
    return {
      status: 401,
      headers: {
        "content-type": "text/html; charset=UTF-8",
        "x-bamboohr-error-message": "API key not provided or invalid",
        "www-authenticate": `Basic realm="${origin}/${this.#subdomain}"`
      },
      text: ""
    }
  }

  #welcome(): undefined {
    this.#refused = 0
    return undefined
  }
}
