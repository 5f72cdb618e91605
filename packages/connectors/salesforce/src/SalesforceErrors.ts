import type { Connector } from "@crochet/core"
import { ConnectorError } from "@crochet/core"

interface Said {
  readonly code: string
  readonly message: string
}

/** Errors are always a list; only the first one counts. */
const saidIn = ({ text }: Connector.UpstreamAnswer): Said | undefined => {
  if (!/^\s*\[/.test(text) || text.length > 100_000) return undefined
  try {
    const [first] = JSON.parse(text) as ReadonlyArray<{ readonly errorCode?: unknown; readonly message?: unknown }>
    if (typeof first?.errorCode !== "string") return undefined
    const message = typeof first.message === "string" ? first.message : ""
    // A refused query is quoted before the reason: it is long, and its conditions may name people.
    return { code: first.errorCode, message: message.replace(/^[\s\S]*ERROR at Row:\d+:Column:\d+\s*/, "").trim() }
  } catch {
    return undefined
  }
}

/** The app's own words, with the code that its documentation lists. */
export const messageOf = (answer: Connector.UpstreamAnswer): string | undefined => {
  const said = saidIn(answer)
  return said === undefined ? undefined : `${said.code}: ${said.message}`
}

const hour = 3_600_000
/** The daily quota counts the last 24 hours: something is free again after a while, and nothing tells when. */
const dailyPause = hour
const concurrencyPause = 15_000

/** 401s that a new token does not mend: https://github.com/jsforce/jsforce (http-api), read 2026-11. */
const hopeless = /not attached to Agent|not valid for use with the REST API/i

const kinds: {
  readonly [code: string]: "Unavailable" | "CursorExpired" | "Forbidden" | "Unsupported" | "NotFound" | "InvalidRequest"
} = {
  SERVER_UNAVAILABLE: "Unavailable",
  QUERY_TIMEOUT: "Unavailable",
  UNABLE_TO_LOCK_ROW: "Unavailable",
  UNKNOWN_EXCEPTION: "Unavailable",
  INVALID_QUERY_LOCATOR: "CursorExpired",
  INVALID_REPLICATION_DATE: "CursorExpired",
  EXCEEDED_ID_LIMIT: "CursorExpired",
  API_DISABLED_FOR_ORG: "Forbidden",
  API_CURRENTLY_DISABLED: "Forbidden",
  INSUFFICIENT_ACCESS: "Forbidden",
  INSUFFICIENT_ACCESS_OR_READONLY: "Forbidden",
  FUNCTIONALITY_NOT_ENABLED: "Unsupported",
  FEATURENOTENABLED: "Unsupported",
  INVALID_TYPE: "Unsupported",
  INVALID_TYPE_FOR_OPERATION: "Unsupported",
  INVALIDENTITY: "Unsupported",
  ENTITY_IS_DELETED: "NotFound",
  NOT_FOUND: "NotFound",
  INVALID_FIELD: "InvalidRequest",
  MALFORMED_QUERY: "InvalidRequest",
  MALFORMED_ID: "InvalidRequest"
}

const isHtml = ({ text }: Connector.UpstreamAnswer) => /^\s*<(?:!doctype html|html)\b/i.test(text)

/**
 * What an answer of Salesforce means. The body decides, not the status: the daily limit, the limit of long requests at
 * the same time and missing permissions are all 403.
 */
export const classify = (answer: Connector.UpstreamAnswer): ConnectorError.Reason | undefined => {
  const { status } = answer
  if (isHtml(answer) && (status < 400 || status === 404)) {
    return new ConnectorError.BadPayload({ status, message: "a web page came instead of data" })
  }
  if (status < 400) return undefined
  const said = saidIn(answer)
  const about = { status, ...(said === undefined ? {} : { message: `${said.code}: ${said.message}` }) }
  if (said?.code === "REQUEST_LIMIT_EXCEEDED") {
    const retryAfterMillis = /^Concurrent/i.test(said.message) ? concurrencyPause : dailyPause
    return new ConnectorError.RateLimited({ ...about, retryAfterMillis })
  }
  if (status === 401) {
    return hopeless.test(answer.text) ? new ConnectorError.Forbidden(about) : new ConnectorError.Unauthorized(about)
  }
  // How userinfo answers an expired session.
  if (status === 403 && /^(?:Bad|Missing)_OAuth_Token/.test(answer.text)) {
    return new ConnectorError.Unauthorized({ status, message: "Bad_OAuth_Token" })
  }
  const kind = said === undefined ? undefined : kinds[said.code]
  return kind === undefined ? undefined : new ConnectorError[kind](about)
}

/** Whether this endpoint refuses for good, so that another way may be taken. */
export const isRefusal = ({ reason }: ConnectorError.ConnectorError): boolean =>
  reason._tag === "Forbidden" ||
  reason._tag === "NotFound" ||
  reason._tag === "Unsupported" ||
  reason._tag === "InvalidRequest"

/** Why something was refused, for an issue that a person reads. */
export const because = ({ reason }: ConnectorError.ConnectorError): string =>
  reason.message === undefined || reason.message === "" ? reason._tag : reason.message
