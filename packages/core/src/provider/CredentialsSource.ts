import * as Effect from "effect/Effect"
import type { Credentials } from "../connector/Credentials.ts"

/**
 * Where a provider client reads an account's credentials, and stores refreshed ones.
 *
 * The runtime backs it with the vault; the client asks for `current` before every attempt and keeps no copy, so a
 * reconnect takes effect at once.
 */
export interface CredentialsSource {
  readonly current: Effect.Effect<Credentials>
  /** Stores refreshed credentials durably; the new access token is used only after this has succeeded. */
  readonly refreshed: (next: Credentials, previous: Credentials) => Effect.Effect<void>
  /**
   * Runs one refresh while no other process refreshes the same account. Absent: the client's own single flight, which
   * covers one process.
   */
  readonly exclusively?: <A, E>(refresh: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Credentials that live in memory only: for a connect form's validation, before anything is stored, and for tests. */
export const memory = (credentials: Credentials): CredentialsSource => {
  let stored = credentials
  return {
    current: Effect.sync(() => stored),
    refreshed: (next) =>
      Effect.sync(() => {
        stored = next
      })
  }
}
