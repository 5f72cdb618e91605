import type { UpstreamAnswer } from "../connector/Connector.ts"
import type { Secrets } from "./Secrets.ts"

/** Longest message that leaves the kit, in characters. */
const LONGEST = 300
/** An error body larger than this is a page or a data set, not a message. */
const LARGEST_BODY = 65_536
/** Where apps put their words, most telling first; compared in lower case. */
const FIELDS = [
  "error_description",
  "message",
  "detail",
  "details",
  "description",
  "title",
  "error",
  "errors",
  "fault",
  "messages",
  "code"
]

/**
 * The app's own words about a failure: from the profile, from the usual fields of a JSON body, or a short plain text.
 *
 * Never HTML, at most 300 characters, on one line, without any secret.
 */
export const upstreamMessage = (
  answer: UpstreamAnswer,
  secrets: Secrets,
  fromProfile?: (answer: UpstreamAnswer) => string | undefined
): string | undefined => {
  const words = given(answer, fromProfile) ?? fromBody(answer)
  return words === undefined ? undefined : tidy(words, secrets)
}

/** One line, at most 300 characters, secrets blanked; `undefined` when nothing is left. */
export const tidy = (words: string, secrets: Secrets): string | undefined => {
  // Scrubbed before it is cut: half a secret would not be recognised.
  const clean = secrets
    .scrub(words.slice(0, LARGEST_BODY))
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
  if (clean === "") return undefined
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST - 1)}…`
}

const given = (answer: UpstreamAnswer, fromProfile?: (answer: UpstreamAnswer) => string | undefined) => {
  try {
    return fromProfile?.(answer)
  } catch {
    // A profile that stumbles over an unforeseen body must not hide the failure itself.
    return undefined
  }
}

const fromBody = ({ headers, text }: UpstreamAnswer): string | undefined => {
  const body = text.trim()
  if (body === "" || body.length > LARGEST_BODY || body.startsWith("<")) return undefined
  if (body.startsWith("{") || body.startsWith("[")) {
    try {
      return words(JSON.parse(body), 0)
    } catch {
      return undefined
    }
  }
  return headers["content-type"]?.includes("html") === true && body.includes("<") ? undefined : body
}

const words = (value: unknown, depth: number): string | undefined => {
  if (typeof value === "string") return value.trim() === "" ? undefined : value
  if (typeof value !== "object" || value === null || depth > 4) return undefined
  if (Array.isArray(value)) return firstOf(value.slice(0, 3), depth)
  const entries = Object.entries(value)
  return firstOf(
    FIELDS.flatMap((field) => entries.filter(([key]) => key.toLowerCase() === field).map(([, found]) => found)),
    depth
  )
}

const firstOf = (candidates: ReadonlyArray<unknown>, depth: number): string | undefined => {
  for (const candidate of candidates) {
    const found = words(candidate, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}
