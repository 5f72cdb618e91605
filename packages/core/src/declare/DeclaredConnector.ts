import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import * as Connector from "../connector/Connector.ts"
import {
  BadPayload,
  Forbidden,
  InvalidRequest,
  NotFound,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable,
  Unsupported
} from "../connector/ConnectorError.ts"
import type { ProviderRequest } from "../connector/ProviderClient.ts"
import { reader, textOf, type ValuePath } from "./AnswerPath.ts"
import * as Template from "./Template.ts"

/** What a status means, when it is not what the kit would think: a reason's name, or a function of the answer. */
export type Meaning =
  | Exclude<Reason["_tag"], "CursorExpired">
  | ((answer: Connector.UpstreamAnswer) => Reason | undefined)

/** How to reach the app, with the base URL as a template and the meaning of statuses as a table. */
export interface Http extends Omit<Connector.HttpProfile, "baseUrl"> {
  /** `https://{subdomain}.acme.example/api`; the names in braces are settings. */
  readonly baseUrl: string | Connector.HttpProfile["baseUrl"]
  /** By status, after `classify`. Use 200 for apps that put errors into successes. */
  readonly errors?: { readonly [status: number]: Meaning }
}

/** A cheap call that proves the credentials. */
export interface Validation extends Pick<ProviderRequest, "path" | "query"> {
  /** Where the account's name stands in the answer. */
  readonly name?: ValuePath<unknown>
  /** Where the id stands of whom the credentials belong to. */
  readonly subject?: ValuePath<unknown>
  /** What an end user is told to do, by reason. */
  readonly hints?: { readonly [Tag in Reason["_tag"]]?: string }
}

/** A connector as data. Auth schemes, settings and resources may come from presets or be written out. */
export interface Declaration extends Omit<Connector.Connector, "http" | "settings" | "validate"> {
  readonly settings?: Connector.Connector["settings"]
  readonly http: Http
  readonly validate: Validation | Connector.Connector["validate"]
}

/** Declares a connector. Throws a `TypeError` for a declaration that cannot work. */
export const connector = (spec: Declaration): Connector.Connector => {
  const { http, settings = [], validate, ...rest } = spec
  const { baseUrl, errors, ...profile } = http
  if (typeof baseUrl === "string") {
    for (const name of Template.namesOf(baseUrl)) {
      if (!settings.some(({ key }) => key === name)) {
        throw new TypeError(
          `Connector ${JSON.stringify(spec.app.id)}: http.baseUrl names {${name}}, which is no setting`
        )
      }
    }
  }
  const classify = errors === undefined ? profile.classify : classifier(errors, profile.classify)
  return Connector.make({
    ...rest,
    settings,
    http: {
      ...profile,
      baseUrl: typeof baseUrl === "string" ? (values) => Template.url(baseUrl, values) : baseUrl,
      ...(classify === undefined ? {} : { classify })
    },
    validate: typeof validate === "function" ? validate : validator(validate)
  })
}

const reasons = {
  BadPayload,
  Forbidden,
  InvalidRequest,
  NotFound,
  RateLimited,
  Unauthorized,
  Unavailable,
  Unsupported
} as const

const classifier =
  (errors: NonNullable<Http["errors"]>, before: Http["classify"]): NonNullable<Http["classify"]> =>
  (answer) => {
    const own = before?.(answer)
    if (own !== undefined) return own
    const meaning = errors[answer.status]
    return typeof meaning === "string" ? new reasons[meaning]({ status: answer.status }) : meaning?.(answer)
  }

const validator = ({ hints, name, path, query, subject }: Validation): Connector.Connector["validate"] => {
  const nameOf = reader("validate.name", name)
  const subjectOf = reader("validate.subject", subject)
  return (client) => {
    const at = Template.path(path, client.settings)
    if (Result.isFailure(at)) {
      return Effect.fail(client.fail("validate", new InvalidRequest({ message: at.failure })))
    }
    const request = { operation: "validate", path: at.success, ...(query === undefined ? {} : { query }) }
    return client.json(request).pipe(
      Effect.map((answer) => ({ name: textOf(nameOf(answer)), subject: textOf(subjectOf(answer)) })),
      Effect.mapError((error) => {
        const hint = hints?.[error.reason._tag]
        return hint === undefined ? error : client.fail("validate", error.reason, hint)
      })
    )
  }
}

/**
 * For `http.retryAfterMillis`: a header that says when requests are welcome again, as epoch seconds, compared with the
 * answer's own `Date` and so with the app's clock alone. Without either header nothing is known.
 */
export const resetAt =
  (header: string) =>
  ({ headers }: Connector.UpstreamAnswer): number | undefined => {
    const at = Number(headers[header.toLowerCase()])
    const now = Headers.parseHttpDate(headers["date"] ?? "")
    if (!(at > 0) || Result.isFailure(now)) return undefined
    // A second more, because both are cut to seconds.
    return Math.max(at * 1_000 - DateTime.toEpochMillis(now.success), 0) + 1_000
  }
