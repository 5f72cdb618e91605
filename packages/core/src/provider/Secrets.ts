import * as Redacted from "effect/Redacted"
import type { Credentials } from "../connector/Credentials.ts"

/** Shorter values are words or numbers that may stand in any sentence; blanking them would only destroy messages. */
const SHORTEST = 4

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""))

/**
 * Remembers every secret that a client has handled and blanks it wherever an app echoes it: as is, percent-encoded or
 * in Base64.
 */
export class Secrets {
  readonly #known = new Set<string>()

  /** Remembers one secret. */
  add(secret: string): void {
    if (secret.length < SHORTEST || this.#known.has(secret)) return
    this.#known.add(secret)
    this.#known.add(encodeURIComponent(secret))
    this.#known.add(base64(secret).replace(/=+$/, ""))
  }

  /** Remembers the secrets of an account. */
  addCredentials(credentials: Credentials): void {
    if (credentials.kind === "key") {
      for (const value of Object.values(credentials.values)) this.add(Redacted.value(value))
    } else if (credentials.kind === "oauth2") {
      this.add(Redacted.value(credentials.accessToken))
      if (credentials.refreshToken !== undefined) this.add(Redacted.value(credentials.refreshToken))
    }
  }

  /** Remembers header values and the credential part of `Bearer …` and `Basic …`. */
  addHeaders(headers: { readonly [name: string]: string }): void {
    for (const value of Object.values(headers)) {
      this.add(value)
      const space = value.indexOf(" ")
      if (space > 0) this.add(value.slice(space + 1))
    }
  }

  /** The text with every known secret blanked. */
  scrub(text: string): string {
    // Longest first: a secret that contains another one must not be blanked only in part.
    const known = Array.from(this.#known).sort((left, right) => right.length - left.length)
    return known.reduce((clean, secret) => clean.split(secret).join("***"), text)
  }
}
