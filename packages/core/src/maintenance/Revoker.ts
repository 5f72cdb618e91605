import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Connector } from "../connector/Connector.ts"
import { InvalidRequest } from "../connector/ConnectorError.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { Accounts, schemeOf } from "../integration/Accounts.ts"
import * as OwedRevocation from "../integration/OwedRevocation.ts"
import { RevocationWakeup } from "../integration/RevocationWakeup.ts"
import type { Failure } from "../provider/Failure.ts"
import { Connectors } from "../service/Connectors.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { type Revocation, RevocationStore } from "../store/RevocationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import * as Loop from "../sync/Loop.ts"
import { Vault } from "../vault/Vault.ts"

/** How long the loop waits when nobody wakes it. */
const everyMillis = 60_000
/** Revocations that are worked on at the same time. */
const atOnce = 8
/** Longer than an attempt can take: afterwards whoever made it is taken for dead. */
const leaseMillis = 2 * 60_000

const minute = 60_000
const hour = 60 * minute
/** How old a revocation is at its attempts; after the last it is given up. */
const ages = [0, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 24 * hour]

const refusal =
  "An app refuses to revoke tokens of an ended account; it is asked again for a day. " +
  "Check its OAuth client and CROCHET_OAUTH_<APP>_REVOKE_URL"
const uninstalled = "Tokens of an ended account cannot be revoked: there is no connector for their app any more"
const unreadable = "Tokens of an ended account cannot be revoked: they do not open"

/** A failure that is not the app's. */
const ours = (message: string): Failure => ({ reason: new InvalidRequest({ message }) })

/** How long after a failed attempt the next one comes; undefined after the last. */
export const nextDelay = (ageMillis: number, retryAfterMillis = 0): number | undefined => {
  const next = ages.find((age) => age > ageMillis)
  return next === undefined ? undefined : Math.max(next - ageMillis, retryAfterMillis)
}

/** Tells apps that accounts have ended, until they have understood. */
export class Revoker extends Context.Service<
  Revoker,
  {
    /** Makes an attempt at everything that is due; returns how many attempts. */
    readonly revokeDue: Effect.Effect<number, StoreError>
  }
>()("@crochet/core/maintenance/Revoker") {
  /**
   * Looks for what is due at the start, when an account ends, and every minute, in the layer's scope. An attempt that is
   * cut off is made again: a token that is revoked twice is revoked.
   */
  static readonly layer: Layer.Layer<
    Revoker,
    never,
    Accounts | Connectors | IntegrationStore | RevocationStore | RevocationWakeup | Vault
  > = Layer.effect(
    Revoker,
    Effect.suspend(() => make)
  )
}

const make = Effect.gen(function* () {
  const accounts = yield* Accounts
  const connectors = yield* Connectors
  const integrations = yield* IntegrationStore
  const store = yield* RevocationStore
  const vault = yield* Vault
  const wakeup = yield* RevocationWakeup
  /** Revocations of which the log has heard already that they meet with more than a passing fault. */
  const reported = new Set<string>()

  /**
   * Whether telling the app would cut off a live account: asked again before each attempt, because somebody may have
   * connected since.
   */
  const isNeeded = Effect.fnUntraced(function* (
    { appId }: Revocation,
    connector: Connector,
    { company, credentials }: OwedRevocation.Owed
  ) {
    const live = yield* store.sharing(appId, company)
    if (schemeOf(connector, credentials)?.revocation?.ends === "connection") return live.length > 0
    for (const account of live) {
      const sealed = yield* integrations.credentials(account.workspaceId, account.id)
      if (Option.isNone(sealed)) continue
      const theirs = yield* accounts.open(account, sealed.value).pipe(
        // Credentials that do not open are of no use to the account either.
        Effect.catchTag("VaultError", () => Effect.succeed(null))
      )
      if (theirs !== null && OwedRevocation.isSameGrant(credentials, theirs)) return true
    }
    return false
  })

  const forget = Effect.fnUntraced(function* ({ id }: Revocation) {
    yield* store.remove(id)
    reported.delete(id)
  })

  const failed = Effect.fnUntraced(function* (revocation: Revocation, { reason }: Failure, warning = refusal) {
    const about = { reason: reason._tag, status: reason.status ?? "none" }
    const age = (yield* Clock.currentTimeMillis) - revocation.createdAt
    const delay = nextDelay(age, "retryAfterMillis" in reason ? reason.retryAfterMillis : undefined)
    if (delay === undefined) {
      yield* forget(revocation)
      yield* Effect.annotateLogs(
        Effect.logWarning("Tokens of an ended account could not be revoked; they are given up"),
        about
      )
      return
    }
    yield* store.postpone(revocation, delay)
    const passing = reason._tag === "Unavailable" || reason._tag === "RateLimited"
    if (passing || reported.has(revocation.id)) return
    reported.add(revocation.id)
    yield* Effect.annotateLogs(Effect.logWarning(warning), about)
  })

  const attempt = Effect.fnUntraced(function* (revocation: Revocation) {
    const connector = connectors.byId(revocation.appId)
    if (connector === undefined) {
      return yield* failed(revocation, ours("There is no connector."), uninstalled)
    }
    const owed = yield* OwedRevocation.open(vault, revocation)
    if (yield* isNeeded(revocation, connector, owed)) {
      yield* forget(revocation)
      yield* Effect.logInfo("Tokens of an ended account are left as they are: another account needs them")
      return
    }
    const told = yield* Effect.result(accounts.revoke(connector, owed.settings, owed.credentials))
    if (told._tag === "Failure") return yield* failed(revocation, told.failure)
    CrashPoint.at("revocation.told")
    yield* forget(revocation)
    yield* Effect.logInfo("Tokens of an ended account were revoked")
  })

  const attempted = (revocation: Revocation) =>
    attempt(revocation).pipe(
      Effect.catchTag("VaultError", () => failed(revocation, ours("They do not open."), unreadable)),
      // The lease ends, and it is tried again.
      Effect.catchCause((cause) => Effect.logError("Tokens of an ended account could not be revoked yet", cause)),
      Effect.annotateLogs({
        revocationId: revocation.id,
        integrationId: revocation.integrationId,
        appId: revocation.appId,
        workspaceId: revocation.workspaceId
      })
    )

  const revokeDue = Effect.gen(function* () {
    for (let attempts = 0; ;) {
      const due = yield* store.claim(atOnce, leaseMillis)
      yield* Effect.forEach(due, attempted, { concurrency: atOnce, discard: true })
      attempts += due.length
      if (due.length < atOnce) return attempts
    }
  })

  yield* Loop.forever("Revoking tokens", everyMillis, revokeDue, () =>
    Effect.raceFirst(wakeup.wait, Effect.sleep(everyMillis))
  )
  return Revoker.of({ revokeDue })
})
