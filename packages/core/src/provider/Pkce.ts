import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"

/** A PKCE pair (RFC 7636): the challenge goes with the browser, the verifier stays on the server. */
export interface Pkce {
  readonly verifier: Redacted.Redacted<string>
  readonly challenge: string
  readonly method: "S256"
}

/** The S256 challenge of a verifier. */
export const challengeOf = (verifier: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
    (digest) => Base64Url.encode(new Uint8Array(digest))
  )

/** A fresh pair with 256 bits of randomness from the platform's cryptographic source. */
export const make: Effect.Effect<Pkce> = Effect.gen(function* () {
  const verifier = Base64Url.encode(yield* Effect.sync(() => crypto.getRandomValues(new Uint8Array(32))))
  return { verifier: Redacted.make(verifier), challenge: yield* challengeOf(verifier), method: "S256" }
})
