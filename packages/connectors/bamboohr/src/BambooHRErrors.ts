import type { Connector } from "@crochet/core"
import { ConnectorError } from "@crochet/core"

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `{"error": …}` or problem details (RFC 9457, formerly 7807), whatever the content type says. */
const bodyOf = (answer: Connector.UpstreamAnswer): { readonly [key: string]: unknown } | undefined => {
  if (!answer.text.startsWith("{") || answer.text.length > 100_000) return undefined
  try {
    const parsed: unknown = JSON.parse(answer.text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

const short = (value: unknown): string | undefined => {
  if (typeof value !== "string") return undefined
  const clean = value.replace(/\s+/g, " ").trim()
  return clean === "" ? undefined : clean.slice(0, 300)
}

/**
 * The app's own words. Legacy endpoints send an empty body and say it in a header, which exists beside a twin with three
 * s, and whose value a proxy may have doubled: "Employee not found, Employee not found" (recorded 2021-10).
 */
export const messageOf = (answer: Connector.UpstreamAnswer): string | undefined => {
  const header = short(answer.headers["x-bamboohr-error-message"] ?? answer.headers["x-bamboohr-error-messsage"])
  if (header !== undefined) return [...new Set(header.split(",").map((part) => part.trim()))].join(", ")
  const body = bodyOf(answer)
  const error = isObject(body?.error) ? body.error : undefined
  return (
    short(error?.message) ?? short(body?.error) ?? short(body?.detail) ?? short(body?.title) ?? short(body?.message)
  )
}

/** A code inside the body of an answer that claims to be a success: `{"error": {"code": 429}}` with HTTP 200. */
const codeWithin = (answer: Connector.UpstreamAnswer): number | undefined => {
  // Pages of data are not parsed twice for it.
  if (!answer.text.slice(0, 200).includes('"error"')) return undefined
  const error = bodyOf(answer)?.error
  return isObject(error) && typeof error.code === "number" ? error.code : undefined
}

const isHtml = (answer: Connector.UpstreamAnswer) => /^\s*<(?:!doctype html|html)\b/i.test(answer.text)

/**
 * Which of the 5xx would be said again. What is not known to be for good counts as temporary: data that a refused
 * endpoint holds is reported as gone. 599, like 598, is a proxy's time-out; with a JSON body a server has spoken itself.
 */
const isUnsupported = (status: number, answer: Connector.UpstreamAnswer) =>
  status === 501 || status === 505 || (status === 599 && bodyOf(answer) !== undefined)

/**
 * What an answer of BambooHR means.
 *
 * Throttling is 429 since 2026-09-16 and was 503 before; both wait, so that either time works
 * (https://documentation.bamboohr.com/docs/planned-changes-to-the-api, read 2026-11).
 */
export const classify = (answer: Connector.UpstreamAnswer): ConnectorError.Reason | undefined => {
  const status = answer.status === 200 ? (codeWithin(answer) ?? 200) : answer.status
  // Nobody's subdomain, a sign-in page, a gateway's page. Never a refusal: that would let data vanish behind it.
  if (isHtml(answer) && (status < 400 || status === 404)) {
    return new ConnectorError.BadPayload({ status: answer.status, message: "a web page came instead of data" })
  }
  if (status < 300) return undefined
  if (status < 400)
    return new ConnectorError.BadPayload({ status: answer.status, message: "a redirect came instead of data" })
  const said = messageOf(answer)
  const about = { status: answer.status, ...(said === undefined ? {} : { message: said }) }
  switch (status) {
    case 400:
    case 406:
    case 409:
    case 413:
    case 422:
      return new ConnectorError.InvalidRequest(about)
    case 401:
      return new ConnectorError.Unauthorized(about)
    case 402:
    case 403:
      return new ConnectorError.Forbidden(about)
    case 404:
    case 410:
      return new ConnectorError.NotFound(about)
    case 405:
      return new ConnectorError.Unsupported(about)
    case 408:
      return new ConnectorError.Unavailable(about)
    case 429:
    case 503:
      return new ConnectorError.RateLimited(about)
    default:
      if (isUnsupported(status, answer)) return new ConnectorError.Unsupported(about)
      return status >= 500 ? new ConnectorError.Unavailable(about) : new ConnectorError.InvalidRequest(about)
  }
}

/** Whether the account is refused this endpoint for good, so that another endpoint may be tried in its place. */
export const isRefusal = (error: ConnectorError.ConnectorError): boolean =>
  error.reason._tag === "Forbidden" || error.reason._tag === "NotFound" || error.reason._tag === "Unsupported"

/** Why an endpoint refused, for an issue that a person reads. */
export const because = (error: ConnectorError.ConnectorError): string => {
  const { _tag, message, status } = error.reason
  const what =
    _tag === "Forbidden"
      ? "no permission"
      : _tag === "InvalidRequest"
        ? "the request was refused"
        : "not offered to this account"
  return `${what}${status === undefined ? "" : ` (HTTP ${status})`}${message ? `: ${message}` : ""}`
}
