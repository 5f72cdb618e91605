import { WebhookVerificationError } from "./WebhookVerificationError.ts"

/** Headers of a request: web-standard `Headers`, Node's `IncomingHttpHeaders`, or any record. */
export type WebhookHeaders =
  | { readonly get: (name: string) => string | null | undefined }
  | { readonly [name: string]: string | ReadonlyArray<string> | undefined }

const maximumLength = 4096
const maximumSignatures = 20

/** One item of `webhook-signature`. */
export interface SignatureItem {
  readonly version: string
  readonly signature: string
}

/** The three headers of Standard Webhooks, checked for shape. */
export interface StandardHeaders {
  readonly id: string
  /** As it was sent: this text is what is signed. */
  readonly timestamp: string
  readonly signatures: ReadonlyArray<SignatureItem>
}

const malformed = (name: string, expected: string): WebhookVerificationError =>
  new WebhookVerificationError(
    "header_malformed",
    `The header ${name} is not ${expected}: Crochet did not send this request as it is`
  )

const duplicated = (name: string): WebhookVerificationError =>
  new WebhookVerificationError(
    "header_duplicated",
    `The header ${name} came more than once: Crochet sends it once, so look at the proxies in between`
  )

const valuesOf = (headers: unknown, name: string): ReadonlyArray<unknown> => {
  if (typeof headers !== "object" || headers === null) return []
  if ("get" in headers && typeof headers.get === "function") {
    const value: unknown = headers.get(name)
    return value === null || value === undefined ? [] : [value]
  }
  const values: Array<unknown> = []
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() !== name || value === undefined) continue
    if (Array.isArray(value)) values.push(...(value as ReadonlyArray<unknown>))
    else values.push(value)
  }
  return values
}

/** The one value of a header that must be there. */
export const valueOf = (headers: unknown, name: string): string => {
  const values = valuesOf(headers, name)
  if (values.length > 1) throw duplicated(name)
  const [value] = values
  if (value === undefined || value === "") {
    throw new WebhookVerificationError(
      "header_missing",
      `The header ${name} is missing: pass all headers of the request, and let proxies pass webhook-* and x-knit-* on` +
        (name === "x-knit-signature" ? "; a destination in standard mode does not send it, so use secrets there" : "")
    )
  }
  if (typeof value !== "string") throw malformed(name, "text")
  if (value.length > maximumLength) {
    throw new WebhookVerificationError(
      "header_too_large",
      `The header ${name} is longer than ${maximumLength} characters`
    )
  }
  return value
}

/** Reads id, timestamp and signatures. Duplicates that a server has joined with commas are found, too. */
export const standard = (headers: unknown): StandardHeaders => {
  const id = valueOf(headers, "webhook-id")
  if (id.includes(",")) throw duplicated("webhook-id")
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw malformed("webhook-id", "made of letters, digits, _ and -")
  const timestamp = valueOf(headers, "webhook-timestamp")
  if (timestamp.includes(",")) throw duplicated("webhook-timestamp")
  if (!/^(0|[1-9][0-9]{0,14})$/.test(timestamp)) throw malformed("webhook-timestamp", "a whole number of seconds")
  const list = valueOf(headers, "webhook-signature")
  if (/,\s/.test(list)) throw duplicated("webhook-signature")
  const items = list.split(" ")
  if (items.length > maximumSignatures) {
    throw new WebhookVerificationError(
      "header_too_large",
      `The header webhook-signature has more than ${maximumSignatures} signatures`
    )
  }
  const signatures = items.map((item) => {
    const comma = item.indexOf(",")
    return { version: item.slice(0, Math.max(0, comma)), signature: item.slice(comma + 1) }
  })
  return { id, timestamp, signatures }
}
