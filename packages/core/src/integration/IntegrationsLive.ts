import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CredentialsSource from "../provider/CredentialsSource.ts"
import type { Principal } from "../service/Access.ts"
import { Connectors } from "../service/Connectors.ts"
import { Integrations, type ImportRequest } from "../service/Integrations.ts"
import { orRefuse, unprocessable } from "../service/Refusal.ts"
import type { Syncs } from "../service/Syncs.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import type { Crypto } from "../vault/Crypto.ts"
import { Vault } from "../vault/Vault.ts"
import * as AccountConnection from "./AccountConnection.ts"
import { faultOf, formRefusal, unknownApp } from "./AccountConnection.ts"
import * as AccountEnd from "./AccountEnd.ts"
import { Accounts } from "./Accounts.ts"
import * as CredentialsForm from "./CredentialsForm.ts"
import { isOver, type Integration } from "./Integration.ts"
import type { IntegrationEvents } from "./IntegrationEvents.ts"
import type { RevocationWakeup } from "./RevocationWakeup.ts"
import { TestAccounts } from "./TestAccounts.ts"

export { defaultLimits, type TestAccountLimits } from "./TestAccounts.ts"

/** Integrations on the stores, validated through their connectors. */
export const layer: Layer.Layer<
  Integrations,
  never,
  | Connectors
  | Accounts
  | IntegrationEvents
  | IntegrationStore
  | RevocationWakeup
  | Syncs
  | TestAccounts
  | Crypto
  | Vault
> = Layer.effect(
  Integrations,
  Effect.suspend(() => make)
)

const make = Effect.gen(function* () {
  const connectors = yield* Connectors
  const accounts = yield* Accounts
  const store = yield* IntegrationStore
  const testAccounts = yield* TestAccounts
  const vault = yield* Vault
  const { end, purge } = yield* AccountEnd.make

  const { activation, connect, find, identify, prepare, startAutomatic } = yield* AccountConnection.make

  const importAccount = Effect.fn("Integrations.import")(function* (principal: Principal, request: ImportRequest) {
    const prepared = yield* prepare(principal, request)
    const parsed = CredentialsForm.parse(prepared.connector, request.authScheme, request.credentials ?? {})
    if ("issues" in parsed) return yield* formRefusal("credentials", parsed.issues)
    const source = CredentialsSource.memory(parsed.credentials)
    return yield* connect(prepared, source, yield* identify(prepared, source))
  }, orRefuse)

  const validate = Effect.fn("Integrations.validate")(function* (principal: Principal, id: string) {
    const integration = yield* find(principal, id)
    const connector = connectors.byId(integration.appId)
    if (connector === undefined) return yield* unknownApp(connectors.all, integration.appId)
    if (isOver(integration)) return yield* over(integration)
    const outcome = yield* Effect.scoped(
      Effect.flatMap(accounts.client(connector, integration), (client) => connector.validate(client))
    ).pipe(Effect.result)
    // What happened while the app was asked stays: a deactivated account does not come back to life.
    const current = yield* find(principal, id)
    if (isOver(current)) return yield* over(current)
    const now = yield* Clock.currentTimeMillis
    if (outcome._tag === "Failure") {
      const fault = faultOf(outcome.failure)
      // A passing fault of the app says nothing about the credentials.
      const next: Integration = outcome.failure.isRetryable
        ? { ...current, lastError: fault, updatedAt: now }
        : { ...current, state: "needs_reconnect", lastError: fault, updatedAt: now }
      yield* store.save(next)
      yield* activation(next, now, [fault])
      return { integration: next, success: false, errors: [fault] }
    }
    const next: Integration = {
      ...current,
      state: "active",
      accountName: outcome.success.name,
      subject: outcome.success.subject,
      settings: { ...current.settings, ...outcome.success.settings },
      lastError: null,
      updatedAt: now
    }
    yield* store.save(next)
    yield* activation(next, now, [])
    yield* startAutomatic(next)
    return { integration: next, success: true, errors: [] }
  }, orRefuse)

  const deactivate = Effect.fn("Integrations.deactivate")(function* (principal: Principal, id: string) {
    const integration = yield* find(principal, id)
    return isOver(integration) ? integration : yield* end(integration, "deactivated")
  }, orRefuse)

  return Integrations.of({
    import: importAccount,
    validate,
    deactivate,
    get: (principal, id) => orRefuse(find(principal, id)),
    list: (principal, filter, request) =>
      orRefuse(store.list({ workspaceId: principal.workspaceId, ...filter }, request)),
    update: Effect.fn("Integrations.update")(function* (principal, id, { accountType }) {
      const integration = yield* find(principal, id)
      if (!isOver(integration)) yield* testAccounts.checkLimit(principal.workspaceId, integration, accountType)
      const now = yield* Clock.currentTimeMillis
      const testSince = accountType === "test" ? (integration.testSince ?? now) : null
      const next: Integration = { ...integration, accountType, testSince, updatedAt: now }
      yield* store.save(next)
      return next
    }, orRefuse),
    purge: Effect.fn("Integrations.purge")(function* (principal, id) {
      const report = yield* purge(yield* find(principal, id))
      yield* vault.shred({ owner: "integration", ownerId: id, workspaceId: principal.workspaceId })
      return report
    }, orRefuse)
  })
})

const over = ({ state }: Integration) =>
  unprocessable(
    "integration.inactive",
    "X-Knit-Integration-Id",
    `The integration is ${state}; its credentials are destroyed.`,
    "Connect the account again."
  )
