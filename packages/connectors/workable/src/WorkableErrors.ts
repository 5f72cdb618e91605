import type { Connector } from "@crochet/core"
import { ConnectorError } from "@crochet/core"

type Answer = Connector.UpstreamAnswer

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The body of a failure, if it is JSON of the app. */
const bodyOf = (answer: Answer): { readonly [key: string]: unknown } | undefined => {
  if (!/^\s*\{/.test(answer.text) || answer.text.length > 100_000) return undefined
  try {
    const parsed: unknown = JSON.parse(answer.text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Names of fields and what is wrong with them, never their values. */
const complaints = (errors: unknown): string => {
  if (!isObject(errors)) return ""
  const parts = Object.entries(errors).map(
    ([field, problems]) => `${field} ${Array.isArray(problems) ? problems.join(", ") : String(problems)}`
  )
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`
}

/** `{"error": "Not found"}`, with `validation_errors` beside it on 422. */
export const messageOf = (answer: Answer): string | undefined => {
  // Pages of records are long, and none of them has an error.
  if (!answer.text.includes('"error"')) return undefined
  const body = bodyOf(answer)
  if (typeof body?.error !== "string") return undefined
  return `${body.error}${complaints(body.validation_errors)}`.replace(/\s+/g, " ").trim().slice(0, 300)
}

/**
 * What an answer of Workable means, where it is not what its status says.
 *
 * A 404 that is not the app's own JSON (a web site's page, an empty one) says nothing about a record: counted as "not
 * found" it would make a candidate look deleted.
 */
export const classify = (answer: Answer): ConnectorError.Reason | undefined => {
  const { status } = answer
  if ((status === 404 || status === 410) && bodyOf(answer) === undefined) {
    return new ConnectorError.BadPayload({ status, message: "a web page came instead of data" })
  }
  if (status >= 300 && status < 400) {
    return new ConnectorError.BadPayload({ status, message: "a redirect came instead of data" })
  }
  const said = messageOf(answer)
  // A success has the rows and no error; some of the app's 200s are said to carry one all the same.
  if (status === 200 && said !== undefined) {
    return new ConnectorError.BadPayload({ status, message: said })
  }
  return undefined
}

const windowMillis = 10_000

/** Until when the quota lasts: the second of the app's clock in which the next window begins. */
const untilReset = ({ headers }: Answer): number | undefined => {
  const reset = headers["x-rate-limit-reset"]
  const date = Date.parse(headers["date"] ?? "")
  if (reset === undefined || !/^\d+$/.test(reset) || Number.isNaN(date)) return undefined
  return Math.max(0, Number(reset) * 1000 - date)
}

/**
 * The app refuses with `X-Rate-Limit-Reset`, in seconds since 1970, and without `Retry-After`
 * (https://workable.readme.io/docs/rate-limits, 2026-11). Measured on its own clock; without it, a whole window. An
 * answer that has `Retry-After` all the same is the kit's to read.
 */
export const retryAfterMillis = (answer: Answer): number | undefined =>
  answer.status === 429 && answer.headers["retry-after"] === undefined
    ? (untilReset(answer) ?? windowMillis)
    : undefined

/** Every answer tells what is left in its window: with nothing left, asking again before the next one is refused. */
export const pauseMillis = (answer: Answer): number | undefined =>
  answer.headers["x-rate-limit-remaining"] === "0" ? untilReset(answer) : undefined

/** Whether the account is refused this endpoint for good: no scope, or not in its plan. */
export const isRefusal = (error: ConnectorError.ConnectorError): boolean =>
  error.reason._tag === "Forbidden" || error.reason._tag === "NotFound" || error.reason._tag === "Unsupported"
