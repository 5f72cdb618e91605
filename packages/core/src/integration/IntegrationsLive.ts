import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Connector } from "../connector/Connector.ts"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import * as FormField from "../connector/FormField.ts"
import * as CredentialsSource from "../provider/CredentialsSource.ts"
import type { Principal } from "../service/Access.ts"
import { Connectors } from "../service/Connectors.ts"
import { Integrations, type ImportRequest } from "../service/Integrations.ts"
import { notFound, ofConnector, Refusal, orRefuse, unprocessable } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault } from "../vault/Vault.ts"
import * as AccountEnd from "./AccountEnd.ts"
import { Accounts } from "./Accounts.ts"
import * as CredentialsForm from "./CredentialsForm.ts"
import { isOver, type Integration } from "./Integration.ts"
import { IntegrationEvents } from "./IntegrationEvents.ts"
import { TestAccounts } from "./TestAccounts.ts"

export { defaultLimits, type TestAccountLimits } from "./TestAccounts.ts"

/** Integrations on the stores, validated through their connectors. */
export const layer: Layer.Layer<
  Integrations,
  never,
  Connectors | Accounts | IntegrationEvents | IntegrationStore | Syncs | TestAccounts | Crypto | Vault
> = Layer.effect(
  Integrations,
  Effect.suspend(() => make)
)

const make = Effect.gen(function* () {
  const connectors = yield* Connectors
  const accounts = yield* Accounts
  const events = yield* IntegrationEvents
  const store = yield* IntegrationStore
  const syncs = yield* Syncs
  const testAccounts = yield* TestAccounts
  const crypto = yield* Crypto
  const vault = yield* Vault
  const end = yield* AccountEnd.make

  const find = (principal: Principal, id: string) =>
    Effect.flatMap(
      store.get(principal.workspaceId, id),
      Option.match({
        onNone: () => Effect.fail(notFound("integration", "X-Knit-Integration-Id")),
        onSome: Effect.succeed
      })
    )

  const activation = (integration: Integration, about: number, errors: ReadonlyArray<unknown>) =>
    events.send(integration, "app.integration.activate", `${about}|${errors.length === 0}`, {
      integrationId: integration.id,
      appId: integration.appId,
      categoryId: integration.category,
      originOrgId: integration.originOrgId,
      success: errors.length === 0,
      errors
    })

  /** The account is connected even if a first sync cannot be started now: the timetable, or a validation, does it. */
  const startAutomatic = (integration: Integration) =>
    Effect.catchTag(syncs.startAutomatic(integration.workspaceId, integration.id), "Refusal", (error) =>
      Effect.logWarning("A first sync could not be started", { integrationId: integration.id, code: error.code })
    )

  const importAccount = Effect.fn("Integrations.import")(function* (principal: Principal, request: ImportRequest) {
    const { workspaceId } = principal
    const connector = connectors.byId(request.appId)
    if (connector === undefined) return yield* unknownApp(connectors.all, request.appId)
    const previous = request.integrationId === undefined ? null : yield* find(principal, request.integrationId)
    if (previous !== null && (previous.appId !== request.appId || previous.originOrgId !== request.originOrgId)) {
      return yield* unprocessable(
        "integration.mismatch",
        "integrationId",
        "This integration belongs to another app or origin organisation.",
        "Leave integrationId out to connect a new account."
      )
    }
    const accountType = request.accountType ?? previous?.accountType ?? "test"
    if (previous !== null) yield* testAccounts.checkRevival(previous, accountType)
    yield* testAccounts.checkLimit(workspaceId, previous, accountType)
    const form = FormField.check(connector.settings, request.settings ?? {})
    if ("issues" in form) return yield* formRefusal("settings", form.issues)
    const parsed = CredentialsForm.parse(connector, request.authScheme, request.credentials ?? {})
    if ("issues" in parsed) return yield* formRefusal("credentials", parsed.issues)

    // A refresh during validation may replace the tokens: what is stored is what the source holds afterwards.
    const source = CredentialsSource.memory(parsed.credentials)
    const account = yield* Effect.scoped(
      Effect.flatMap(accounts.candidate(connector, form.values, source), (client) => connector.validate(client))
    ).pipe(Effect.catchTag("ConnectorError", (error) => refuseImport(error, previous)))

    // The app may have taken its time: meanwhile others may have connected, or this integration was purged or ended.
    if (previous !== null) yield* testAccounts.checkRevival(yield* find(principal, previous.id), accountType)
    yield* testAccounts.checkLimit(workspaceId, previous, accountType)
    const now = yield* Clock.currentTimeMillis
    const integration: Integration = {
      id: previous?.id ?? (yield* Id.make(crypto, "int")),
      workspaceId,
      appId: connector.app.id,
      category: connector.app.categories[0]!,
      originOrgId: request.originOrgId,
      originOrgName: request.originOrgName ?? previous?.originOrgName ?? null,
      accountType,
      testSince: accountType === "test" ? (previous?.testSince ?? now) : null,
      state: "active",
      settings: { ...form.values, ...account.settings },
      accountName: account.name,
      subject: account.subject,
      lastError: null,
      createdAt: previous?.createdAt ?? now,
      updatedAt: now,
      deactivatedAt: null
    }
    yield* store.save(integration, yield* accounts.seal(integration, yield* source.current))
    yield* activation(integration, now, [])
    if (previous !== null && previous.state !== "active") {
      yield* events.send(integration, "integration.reconnected", String(now), {
        integrationId: integration.id,
        appId: integration.appId,
        categoryId: integration.category,
        originOrgId: integration.originOrgId
      })
    }
    yield* startAutomatic(integration)
    return integration
  }, orRefuse)

  /** Nothing is kept of a rejected import; an integration that was to be reconnected says why it was not. */
  const refuseImport = Effect.fnUntraced(function* (error: ConnectorError, previous: Integration | null) {
    const rejected = !error.isRetryable && error.reason._tag !== "BadPayload"
    if (previous !== null) {
      yield* activation(previous, yield* Clock.currentTimeMillis, [faultOf(error)])
    }
    const refusal = ofConnector(error, rejected ? "unprocessable" : "upstream")
    return yield* rejected ? new Refusal({ ...refusal, field: fieldOf(error) }) : refusal
  })

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
      yield* find(principal, id)
      const report = yield* store.purge(principal.workspaceId, id)
      yield* vault.shred({ owner: "integration", ownerId: id, workspaceId: principal.workspaceId })
      return report
    }, orRefuse)
  })
})

const faultOf = (error: ConnectorError) => ({ code: error.code, msg: error.message, resolution: error.resolution })

/** The part of the call that the app refused. */
const fieldOf = ({ reason }: ConnectorError): string =>
  reason._tag === "InvalidRequest" || reason._tag === "NotFound"
    ? reason._tag === "InvalidRequest" && reason.field !== undefined
      ? `settings.${reason.field}`
      : "settings"
    : "credentials"

const over = ({ state }: Integration) =>
  unprocessable(
    "integration.inactive",
    "X-Knit-Integration-Id",
    `The integration is ${state}; its credentials are destroyed.`,
    "Connect the account again."
  )

const unknownApp = (all: ReadonlyArray<Connector>, appId: string) =>
  unprocessable(
    "app.unknown",
    "appId",
    `There is no connector for ${JSON.stringify(appId)} here.`,
    `Use one of ${all.map(({ app }) => app.id).join(", ")}, or install the connector.`
  )

const formRefusal = (form: "settings" | "credentials", issues: ReadonlyArray<FormField.FormIssue>) => {
  const [first] = issues
  return unprocessable(
    `integration.invalid_${form}`,
    `${form}.${first?.field ?? ""}`,
    issues.map(({ message }) => message).join(" "),
    `Correct ${issues.map(({ field }) => `${form}.${field}`).join(", ")}; apps.list says what the app needs.`
  )
}
