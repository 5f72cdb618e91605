import type { Connector } from "@crochet/core"
import { ConnectorError } from "@crochet/core"

/** An error in the app's own words. */
export interface Fault {
  /** Without leading zeros: the gateway writes `003200`, the data layer `3200`. */
  readonly code: string
  readonly message: string
  readonly type: string
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const said = (...parts: ReadonlyArray<unknown>): string =>
  [...new Set(parts.filter((part): part is string => typeof part === "string" && part.trim() !== ""))].join(": ")

const made = (code: unknown, message: string, type: unknown): Fault => {
  const written = typeof code === "string" || typeof code === "number" ? String(code) : ""
  const found = written === "" ? (/errorCode=(\d+)/.exec(message)?.[1] ?? "") : written
  return { code: found.replace(/^0+(?=\d)/, ""), message, type: typeof type === "string" ? type : "" }
}

const fromObject = (body: unknown): Fault | undefined => {
  if (!isObject(body)) return undefined
  const fault = body.Fault ?? body.fault
  if (!isObject(fault)) return undefined
  const errors = fault.Error ?? fault.error
  const error: unknown = Array.isArray(errors) ? errors[0] : undefined
  if (!isObject(error)) return made(undefined, "", fault.type)
  return made(error.code, said(error.Message ?? error.message, error.Detail ?? error.detail), fault.type)
}

/** The gateway falls back to XML for some errors, whatever was accepted. */
const fromXml = (text: string): Fault | undefined => {
  if (!/<Fault[\s>]/.test(text)) return undefined
  const of = (pattern: RegExp) => pattern.exec(text)?.[1]?.replace(/\s+/g, " ").trim()
  return made(
    of(/<Error[^>]*\bcode="(\d+)"/),
    said(of(/<Message>([^<]*)/), of(/<Detail>([^<]*)/)),
    of(/<Fault[^>]*\btype="([^"]*)"/)
  )
}

/**
 * The fault of an answer: `Fault.Error[]` of the data layer, `fault.error[]` of the gateway, or XML. Also of an answer
 * with HTTP 200; there only its beginning is looked at, since pages of data are not to be parsed twice.
 */
export const faultOf = ({ status, text }: Connector.UpstreamAnswer): Fault | undefined => {
  if (text.length > 1_000_000) return undefined
  if (/^\s*</.test(text)) return fromXml(text)
  if (!/"fault"\s*:/i.test(status < 400 ? text.slice(0, 400) : text)) return undefined
  try {
    return fromObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The fault of one part of an answer, e.g. of one entity of several. */
export const faultWithin = fromObject

/** The app's own words, with the number that Intuit's support asks for. */
export const messageOf = (answer: Connector.UpstreamAnswer): string | undefined => {
  const fault = faultOf(answer)
  if (fault === undefined) return undefined
  const code = fault.code === "" ? "" : ` [code ${fault.code}]`
  const trace = answer.headers["intuit_tid"]
  return `${fault.message}${code}${trace === undefined ? "" : ` (intuit_tid ${trace})`}`.trim() || undefined
}

const reasonOf = ({ code, message, type }: Fault, status: number): ConnectorError.Reason => {
  const about = { status }
  if (code === "3001" || /ThrottleExceeded/i.test(message) || status === 429) {
    return new ConnectorError.RateLimited(about)
  }
  if (code === "3200" || /^AUTHENTICATION$/i.test(type) || status === 401) {
    return new ConnectorError.Unauthorized(about)
  }
  // 3100: not this company's token; 5020: the user may not; 6190: the subscription has ended.
  if (["3100", "5020", "6190"].includes(code) || status === 403) return new ConnectorError.Forbidden(about)
  if (code === "610") return new ConnectorError.NotFound(about)
  if (code === "5030") return new ConnectorError.Unsupported(about)
  if (code === "10000" || /^SystemFault$/i.test(type) || status >= 500) return new ConnectorError.Unavailable(about)
  return new ConnectorError.InvalidRequest(about)
}

/** What an answer of QuickBooks means: its fault counts more than its status. */
export const classify = (answer: Connector.UpstreamAnswer): ConnectorError.Reason | undefined => {
  const fault = faultOf(answer)
  if (fault !== undefined) return reasonOf(fault, answer.status)
  const { status } = answer
  // A gateway's page or XML: nothing about the data, above all not that a record is gone.
  if (/^\s*</.test(answer.text) && (status < 400 || status === 404 || status === 410)) {
    return new ConnectorError.BadPayload({ status, message: "a page or XML came instead of JSON" })
  }
  // The API says that a record is gone by 610 with HTTP 400; this is an address that does not exist.
  if (status === 404 || status === 410) return new ConnectorError.InvalidRequest({ status })
  return undefined
}

/** Intuit asks to wait 60 s and sends no `Retry-After` (https://developer.intuit.com, limits and throttles, 2026-11). */
export const retryAfterMillis = (answer: Connector.UpstreamAnswer): number | undefined => {
  if (answer.headers["retry-after"] !== undefined) return undefined
  const fault = faultOf(answer)
  const throttled = fault === undefined ? answer.status === 429 : reasonOf(fault, answer.status)._tag === "RateLimited"
  return throttled ? 60_000 : undefined
}
