import type * as Effect from "effect/Effect"
import type { Category, DataType } from "../model/DataType.ts"
import type { AuthScheme, Values } from "./AuthScheme.ts"
import type { ConnectorError, Reason } from "./ConnectorError.ts"
import type { FormField } from "./FormField.ts"
import type { ProviderClient } from "./ProviderClient.ts"
import type { AnyResource } from "./Resource.ts"

/** Who and what an app is. */
export interface App {
  /** Lower-case id in URLs, settings and package names: `bamboohr`. */
  readonly id: string
  readonly name: string
  readonly categories: ReadonlyArray<Category>
  readonly website: string
  /** Where the connect form sends an end user who needs help. */
  readonly docs: string
  /** An SVG or PNG as a `data:` URL, or an https URL. */
  readonly logo?: string
}

/** An answer as the classifier sees it. */
export interface UpstreamAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly text: string
}

/** How to reach an app and how it speaks. */
export interface HttpProfile {
  /** The account's base URL, without a slash at its end. An operator's `CROCHET_BASE_URL_<APP>` replaces it. */
  readonly baseUrl: (settings: Values) => string
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string }
  /** At most so many requests at the same time, per account. Default 4. */
  readonly concurrency?: number
  /** A published or prudent quota per account. Absent: only the app's own signals count. */
  readonly rateLimit?: { readonly limit: number; readonly windowMillis: number }
  /** What the app's answer means; `undefined` leaves it to the kit's own reading of the status. */
  readonly classify?: (answer: UpstreamAnswer) => Reason | undefined
  /** How long the app asks to wait, in milliseconds, when it says so in its own way (`Retry-After` is the kit's). */
  readonly retryAfterMillis?: (answer: UpstreamAnswer) => number | undefined
  /**
   * How long to send nothing after an answer that is fine, in milliseconds: for apps whose headers say that the quota is
   * spent before they refuse anything. Asked on successes only.
   */
  readonly pauseMillis?: (answer: UpstreamAnswer) => number | undefined
  /** The app's own words about a failure, when they are not in the JSON body's usual fields, e.g. in a header. */
  readonly errorMessage?: (answer: UpstreamAnswer) => string | undefined
  /** Whole request and body, default 60,000. */
  readonly timeoutMillis?: number
  /** The largest answer that is read, default 64 MiB. A larger one is `BadPayload`. */
  readonly maxAnswerBytes?: number
}

/** What a successful validation tells about the account. */
export interface Account {
  /** The company's or account's name, for people. */
  readonly name: string | null
  /**
   * Whose credentials these are, in the app's own ids: a change makes listings incomparable. `company/user` where both
   * are known: who signs in again must be of the same company.
   */
  readonly subject: string | null
  /** Settings that only the app could tell, e.g. an instance URL; merged into the account's settings. */
  readonly settings?: Values
}

/**
 * The plugin for one app, as a value.
 *
 * A connector declares; paging, retries, rate limits, token refresh, diff and deletion safety are the kit's and the
 * engine's. Make it with `Connector.make`, which checks the declaration.
 */
export interface Connector {
  readonly app: App
  readonly auth: ReadonlyArray<AuthScheme>
  readonly settings: ReadonlyArray<FormField>
  readonly http: HttpProfile
  /**
   * A cheap call that proves that the credentials work. Each known failure carries a hint that an end user can act on.
   */
  readonly validate: (client: ProviderClient) => Effect.Effect<Account, ConnectorError>
  readonly resources: ReadonlyArray<AnyResource>
}

/** Declares a connector. Throws a `TypeError` for a declaration that cannot work. */
export const make = (connector: Connector): Connector => {
  const { app, auth, resources } = connector
  const fault = (what: string): never => {
    throw new TypeError(`Connector ${JSON.stringify(app.id)}: ${what}`)
  }
  if (!/^[a-z][a-z0-9-]*$/.test(app.id)) fault("app.id must be lower-case letters, digits and hyphens")
  if (auth.length === 0) fault('declare at least one auth scheme (kind "none" if the app needs none)')
  if (new Set(auth.map((scheme) => scheme.id)).size !== auth.length) fault("auth scheme ids must be unique")
  for (const scheme of auth) {
    if (scheme.kind !== "oauth2") continue
    const told = Object.keys({ ...scheme.settingsFrom?.answer, ...scheme.settingsFrom?.callback })
    const unknown = told.find((key) => !connector.settings.some((field) => field.key === key))
    if (unknown !== undefined) fault(`settingsFrom of ${scheme.id} names ${unknown}, which settings do not declare`)
  }
  const ids = resources.map((resource) => resource.dataType.id)
  if (new Set(ids).size !== ids.length) fault("one resource per data type")
  for (const resource of resources) {
    const known = Object.keys(resource.dataType.models)
    for (const key of Object.keys(resource.support)) {
      if (!known.includes(key)) fault(`support names ${key}, which ${resource.dataType.id} does not have`)
    }
  }
  return connector
}

/** The connector's resource for a data type id. */
export const resourceOf = (connector: Connector, dataTypeId: string): AnyResource | undefined =>
  connector.resources.find((resource) => resource.dataType.id === dataTypeId)

/** The model ids of a resource's data type that the connector supports and that are sent unless others are asked for. */
export const defaultModels = (resource: AnyResource): ReadonlyArray<string> =>
  supportedModels(resource).filter((id) => modelById(resource.dataType, id)?.byDefault === true)

/** All model ids of a resource's data type that the connector supports. */
export const supportedModels = (resource: AnyResource): ReadonlyArray<string> =>
  Object.entries(resource.dataType.models)
    .filter(([key]) => resource.support[key]?.support === "SUPPORTED")
    .map(([, model]) => model.id)

const modelById = (dataType: DataType, id: string) => Object.values(dataType.models).find((model) => model.id === id)
