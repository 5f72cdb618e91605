import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Values } from "../connector/AuthScheme.ts"
import type { Account, Connector } from "../connector/Connector.ts"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import * as FormField from "../connector/FormField.ts"
import type { CredentialsSource } from "../provider/CredentialsSource.ts"
import type { Principal } from "../service/Access.ts"
import { Connectors } from "../service/Connectors.ts"
import { notFound, ofConnector, Refusal, unprocessable } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import type { VaultError } from "../vault/Vault.ts"
import { Accounts } from "./Accounts.ts"
import type { Integration } from "./Integration.ts"
import { IntegrationEvents } from "./IntegrationEvents.ts"
import { TestAccounts } from "./TestAccounts.ts"

/** Which account is to be connected, before its credentials are known. */
export interface Wanted {
  readonly appId: string
  readonly originOrgId: string
  readonly originOrgName?: string
  readonly settings?: { readonly [key: string]: unknown }
  readonly accountType?: Integration["accountType"]
  /** To connect an existing integration again. */
  readonly integrationId?: string
}

/** An account that may be connected, as far as can be told without its credentials. */
export interface Prepared {
  readonly principal: Principal
  readonly wanted: Wanted
  readonly connector: Connector
  readonly previous: Integration | null
  readonly accountType: Integration["accountType"]
  readonly settings: Values
}

/** Makes the one way in which an account becomes connected, whoever brings its credentials. */
export const make = Effect.gen(function* () {
  const connectors = yield* Connectors
  const accounts = yield* Accounts
  const events = yield* IntegrationEvents
  const store = yield* IntegrationStore
  const syncs = yield* Syncs
  const testAccounts = yield* TestAccounts
  const crypto = yield* Crypto

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

  /** Checks all that can be checked without credentials; `told` names settings that the app will tell. */
  const prepare = Effect.fnUntraced(function* (
    principal: Principal,
    wanted: Wanted,
    told: ReadonlyArray<string> = []
  ): Effect.fn.Return<Prepared, Refusal | StoreError> {
    const connector = connectors.byId(wanted.appId)
    if (connector === undefined) return yield* unknownApp(connectors.all, wanted.appId)
    const previous = wanted.integrationId === undefined ? null : yield* find(principal, wanted.integrationId)
    if (previous !== null && (previous.appId !== wanted.appId || previous.originOrgId !== wanted.originOrgId)) {
      return yield* unprocessable(
        "integration.mismatch",
        "integrationId",
        "This integration belongs to another app or origin organisation.",
        "Leave integrationId out to connect a new account."
      )
    }
    const accountType = wanted.accountType ?? previous?.accountType ?? "test"
    if (previous !== null) yield* testAccounts.checkRevival(previous, accountType)
    yield* testAccounts.checkLimit(principal.workspaceId, previous, accountType)
    const fields = connector.settings.map((field) => (told.includes(field.key) ? { ...field, required: false } : field))
    const form = FormField.check(fields, wanted.settings ?? {})
    if ("issues" in form) return yield* formRefusal("settings", form.issues)
    return { principal, wanted, connector, previous, accountType, settings: form.values }
  })

  /** Asks the app whose the credentials are; nothing is kept when it rejects them. */
  const identify = Effect.fnUntraced(function* (
    { connector, previous, settings }: Prepared,
    source: CredentialsSource
  ): Effect.fn.Return<Account, Refusal | StoreError | VaultError> {
    return yield* Effect.scoped(
      Effect.flatMap(accounts.candidate(connector, settings, source), (client) => connector.validate(client))
    ).pipe(Effect.catchTag("ConnectorError", (error) => refuseImport(error, previous)))
  })

  /**
   * Stores the validated account with its credentials, in one transaction; then tells about it and starts its syncs.
   * `told` are the settings that the app told at a sign-in: who signed in must be of the same company as before.
   */
  const connect = Effect.fnUntraced(function* (
    { accountType, connector, previous, principal, settings, wanted }: Prepared,
    // A refresh during validation may have replaced the tokens: what is stored is what the source holds afterwards.
    source: CredentialsSource,
    account: Account,
    told?: Values
  ): Effect.fn.Return<Integration, Refusal | StoreError | VaultError> {
    const { workspaceId } = principal
    if (told !== undefined && previous !== null && isOfAnother(previous.subject, account.subject)) {
      return yield* wrongAccount(connector.app.name)
    }

    // The app may have taken its time: meanwhile others may have connected, or this integration was purged or ended.
    if (previous !== null) yield* testAccounts.checkRevival(yield* find(principal, previous.id), accountType)
    yield* testAccounts.checkLimit(workspaceId, previous, accountType)
    const now = yield* Clock.currentTimeMillis
    const integration: Integration = {
      id: previous?.id ?? (yield* Id.make(crypto, "int")),
      workspaceId,
      appId: connector.app.id,
      category: connector.app.categories[0]!,
      originOrgId: wanted.originOrgId,
      originOrgName: wanted.originOrgName ?? previous?.originOrgName ?? null,
      accountType,
      testSince: accountType === "test" ? (previous?.testSince ?? now) : null,
      state: "active",
      settings: { ...settings, ...told, ...account.settings },
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
  })

  /** Nothing is kept of a rejected import; an integration that was to be reconnected says why it was not. */
  const refuseImport = Effect.fnUntraced(function* (error: ConnectorError, previous: Integration | null) {
    const rejected = !error.isRetryable && error.reason._tag !== "BadPayload"
    if (previous !== null) {
      yield* activation(previous, yield* Clock.currentTimeMillis, [faultOf(error)])
    }
    const refusal = ofConnector(error, rejected ? "unprocessable" : "upstream")
    return yield* rejected ? new Refusal({ ...refusal, field: fieldOf(error) }) : refusal
  })

  return { find, activation, startAutomatic, prepare, identify, connect }
})

/** A failure of the app, in words for an end user. */
export const faultOf = (error: ConnectorError) => ({
  code: error.code,
  msg: error.message,
  resolution: error.resolution
})

/** There is no connector for the app. */
export const unknownApp = (all: ReadonlyArray<Connector>, appId: string) =>
  unprocessable(
    "app.unknown",
    "appId",
    `There is no connector for ${JSON.stringify(appId)} here.`,
    `Use one of ${all.map(({ app }) => app.id).join(", ")}, or install the connector.`
  )

/** Values of a form that cannot be accepted. */
export const formRefusal = (form: "settings" | "credentials", issues: ReadonlyArray<FormField.FormIssue>) => {
  const [first] = issues
  return unprocessable(
    `integration.invalid_${form}`,
    `${form}.${first?.field ?? ""}`,
    issues.map(({ message }) => message).join(" "),
    `Correct ${issues.map(({ field }) => `${form}.${field}`).join(", ")}; apps.list says what the app needs.`
  )
}

/** Somebody signed in to another account than the one that is connected or was asked for. */
export const wrongAccount = (appName: string) =>
  unprocessable(
    "oauth.wrong_account",
    "integrationId",
    `This is another account of ${appName} than the one that was to be connected.`,
    "Sign in to the same account as before; leave integrationId out to connect another one."
  )

/** Whether two subjects say that they are of different companies; where only users are known nobody can tell. */
const isOfAnother = (before: string | null, now: string | null): boolean => {
  const [company, user] = (before ?? "").split("/")
  const [signedIn, who] = (now ?? "").split("/")
  return user !== undefined && who !== undefined && company !== signedIn
}

/** The part of the call that the app refused. */
const fieldOf = ({ reason }: ConnectorError): string =>
  reason._tag === "InvalidRequest" || reason._tag === "NotFound"
    ? reason._tag === "InvalidRequest" && reason.field !== undefined
      ? `settings.${reason.field}`
      : "settings"
    : "credentials"
