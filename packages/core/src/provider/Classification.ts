import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpProfile, UpstreamAnswer } from "../connector/Connector.ts"
import {
  BadPayload,
  CursorExpired,
  Forbidden,
  InvalidRequest,
  NotFound,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable,
  Unsupported
} from "../connector/ConnectorError.ts"
import type { TooLarge } from "./Exchange.ts"
import * as RetryAfter from "./RetryAfter.ts"
import type { Secrets } from "./Secrets.ts"
import { tidy, upstreamMessage } from "./UpstreamMessage.ts"

const classes = {
  BadPayload,
  CursorExpired,
  Forbidden,
  InvalidRequest,
  NotFound,
  RateLimited,
  Unauthorized,
  Unavailable,
  Unsupported
} as const

/** How an answer is read. */
export interface Reading {
  readonly profile: HttpProfile
  readonly secrets: Secrets
  /** The request's `accept`. */
  readonly accept: ReadonlyArray<number>
  readonly nowMillis: number
}

/**
 * What went wrong according to an answer; `undefined` when nothing did.
 *
 * The profile's own `classify` comes first, on every status, because apps throttle with 200, 403 and 503 too. A status
 * that the request accepts is no error, unless the app throttles or is down.
 */
export const classify = (answer: UpstreamAnswer, reading: Reading): Reason | undefined => {
  const own = ownReading(answer, reading.profile)
  if (reading.accept.includes(answer.status) && own?._tag !== "RateLimited" && own?._tag !== "Unavailable")
    return undefined
  const reason = own ?? byStatus(answer.status)
  return reason === undefined ? undefined : detailed(reason, answer, reading)
}

/** The same reason with its message made safe to show. */
export const tidied = (reason: Reason, secrets: Secrets): Reason => {
  if (reason.message === undefined || reason.message === "") return reason
  const { message: _, ...rest } = { ...reason }
  return rebuild(reason, { ...rest, ...optional("message", tidy(reason.message, secrets)) })
}

const ownReading = (answer: UpstreamAnswer, profile: HttpProfile): Reason | undefined => {
  try {
    return profile.classify?.(answer)
  } catch {
    // Most likely a JSON.parse of something unforeseen: the status still tells enough.
    return undefined
  }
}

const byStatus = (status: number): Reason | undefined => {
  if (status >= 200 && status < 300) return undefined
  if (status === 304)
    return new BadPayload({ status, message: "The app answered that nothing has changed, without being asked." })
  if (status < 400)
    return new InvalidRequest({
      status,
      message: "The app redirects to another address: check the account's settings."
    })
  if (status === 401) return new Unauthorized({ status })
  if (status === 403) return new Forbidden({ status })
  if (status === 404 || status === 410) return new NotFound({ status })
  if (status === 408 || status === 425) return new Unavailable({ status })
  if (status === 429) return new RateLimited({ status })
  return status < 500 ? new InvalidRequest({ status }) : new Unavailable({ status })
}

const detailed = (reason: Reason, answer: UpstreamAnswer, { nowMillis, profile, secrets }: Reading): Reason => {
  const said = reason.message === undefined || reason.message === "" ? undefined : tidy(reason.message, secrets)
  const fields = {
    ...reason,
    status: reason.status ?? answer.status,
    ...optional("message", said ?? upstreamMessage(answer, secrets, profile.errorMessage))
  }
  if (reason._tag !== "RateLimited" && reason._tag !== "Unavailable") return rebuild(reason, fields)
  const wait =
    reason.retryAfterMillis ?? ownWait(answer, profile) ?? RetryAfter.parse(answer.headers["retry-after"], nowMillis)
  return rebuild(reason, {
    ...fields,
    ...optional("retryAfterMillis", wait === undefined ? undefined : RetryAfter.clamp(wait))
  })
}

const ownWait = (answer: UpstreamAnswer, profile: HttpProfile): number | undefined => {
  try {
    return profile.retryAfterMillis?.(answer)
  } catch {
    return undefined
  }
}

/** The pause that an answer asks for which is fine, in milliseconds; a header that cannot be read asks for none. */
export const pauseAsked = (answer: UpstreamAnswer, profile: HttpProfile): number => {
  try {
    return RetryAfter.clamp(profile.pauseMillis?.(answer) ?? 0)
  } catch {
    return 0
  }
}

const rebuild = (reason: Reason, fields: object): Reason => {
  const { _tag: _, ...rest } = { _tag: undefined, ...fields }
  return classes[reason._tag].make(rest)
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  // A computed key widens to an index signature; the key is exactly K.
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }

/** What a failed exchange means; the transport's own words stay inside, they name URLs and internal addresses. */
export const transportReason = (error: HttpClientError | TooLarge, secrets: Secrets): Reason => {
  if (error._tag === "TooLarge") return new BadPayload({ message: "The answer is larger than may be read." })
  switch (error.reason._tag) {
    // How the runtime's guard says that an address may not be reached: asking again cannot help.
    case "InvalidUrlError": {
      const said = tidy(error.reason.description ?? "", secrets)
      return new InvalidRequest({
        message: said ?? "The address cannot be reached from here: check the account's settings."
      })
    }
    case "EncodeError":
      return new InvalidRequest({ message: "The request cannot be sent." })
    case "TransportError":
      return new Unavailable({ message: "No connection to the app." })
    default:
      return new Unavailable({ message: "The app's answer broke off." })
  }
}
