import * as Effect from "effect/Effect"
import type { Values } from "../connector/AuthScheme.ts"
import type { CredentialsSource } from "../provider/CredentialsSource.ts"
import { RevocationStore } from "../store/RevocationStore.ts"
import type { Prepared } from "./AccountConnection.ts"
import { Accounts } from "./Accounts.ts"
import { RevocationWakeup } from "./RevocationWakeup.ts"

/** The tokens of a sign-in that came to nothing after the app had given them. */
export interface Unused {
  /** The sign-in's id. */
  readonly authorizationId: string
  readonly prepared: Prepared
  /** Settings that the app told at the sign-in. */
  readonly told: Values
  readonly source: CredentialsSource
  /** Whose they are; null when the app did not get to say so. */
  readonly subject: string | null
}

/** Makes what writes down that an app is to be told that nobody is going to use its tokens; it is told afterwards. */
export const make = Effect.gen(function* () {
  const accounts = yield* Accounts
  const revocations = yield* RevocationStore
  const wakeup = yield* RevocationWakeup
  return ({ authorizationId, prepared, source, subject, told }: Unused): Effect.Effect<void> =>
    Effect.gen(function* () {
      const { connector, principal, settings } = prepared
      const owner = {
        // There is no account, or it has other tokens.
        id: authorizationId,
        workspaceId: principal.workspaceId,
        appId: connector.app.id,
        settings: { ...settings, ...told },
        subject
      }
      const owed = yield* accounts.revocation(connector, owner, yield* source.current)
      if (owed === null) return
      yield* revocations.add(owed)
      yield* wakeup.notify
    }).pipe(
      // Whoever signed in is told why that came to nothing, whatever becomes of this.
      Effect.catch((error) =>
        Effect.logWarning("Tokens of a sign-in that came to nothing are not revoked").pipe(
          Effect.annotateLogs({ authorizationId, appId: prepared.connector.app.id, reason: error._tag })
        )
      )
    )
})
