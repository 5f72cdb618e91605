import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import * as Redacted from "effect/Redacted"
import type { Json } from "effect/Schema"

/** Replaces values by fakes of the same shape. */
export interface Scrub {
  readonly value: (value: Json, key?: string) => Json
  readonly target: (url: URL) => string
  /** Every text that was replaced: none of them may be found in what is written. */
  readonly replaced: ReadonlySet<string>
}

/** How values are replaced. */
export interface Options {
  /** Without it nobody can find out by trial which name became which fake; keep it out of the repository. */
  readonly salt: Redacted.Redacted
  /** Keys whose texts are words of the app, not of a person. */
  readonly keep?: ReadonlyArray<string>
}

const encoder = new TextEncoder()
const dayMillis = 86_400_000
const isDate = /^\d{4}-\d{2}-\d{2}(?=$|T)/
const isMail = /^[^\s@]+@[^\s@]+$/
const isUrl = /^https?:\/\//i

/**
 * Every text and number becomes a fake, unless its key is kept: what is personal in an app's answer nobody can list in
 * advance. The same value becomes the same fake everywhere, so that references still hold; letters stay letters, digits
 * digits, dates dates (all moved by the same number of days), addresses addresses. True, false, null and 0 stay.
 */
export const make = ({ keep = [], salt }: Options): Scrub => {
  const key = encoder.encode(Redacted.value(salt))
  const bytesOf = (text: string) => hmac(sha256, key, encoder.encode(text))
  const [a = 1, b = 1] = bytesOf("days")
  const shiftDays = 1 + (((a << 8) | b) % 1_000)
  const replaced = new Set<string>()
  const kept = new Set(keep)

  const like = (text: string): string => {
    let pool = bytesOf(text)
    let at = 0
    const next = (many: number) => {
      if (at === pool.length) [pool, at] = [hmac(sha256, key, pool), 0]
      return pool[at++]! % many
    }
    return Array.from(text, (char) => {
      if (/[1-9]/.test(char)) return String(1 + next(9))
      if (char === "0") return String(next(10))
      if (/\p{Lu}/u.test(char)) return String.fromCharCode(65 + next(26))
      return /\p{L}/u.test(char) ? String.fromCharCode(97 + next(26)) : char
    }).join("")
  }
  const moved = (text: string): string => {
    const at = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
    if (Number.isNaN(at)) return like(text)
    return new Date(at + shiftDays * dayMillis).toISOString().slice(0, 10) + text.slice(10)
  }
  const text = (given: string): string => {
    if (given === "") return given
    replaced.add(given)
    if (isDate.test(given)) return moved(given)
    if (isMail.test(given)) return `${like(given.split("@")[0]!)}@example.org`
    if (isUrl.test(given)) return `https://example.org/${like(given.replace(isUrl, "").replace(/^[^/]*\/?/, ""))}`
    return like(given)
  }
  const number = (given: number): number => {
    if (given === 0) return 0
    replaced.add(String(given))
    // Epoch seconds and milliseconds since 2001.
    if (Number.isInteger(given) && given > 1e9 && given < 1e11) return given + (shiftDays * dayMillis) / 1000
    if (Number.isInteger(given) && given > 1e12 && given < 1e14) return given + shiftDays * dayMillis
    return Number(like(String(given)).replace(/[a-z]/gi, "e"))
  }
  const value = (given: Json, under = ""): Json => {
    if (typeof given === "string") return kept.has(under) ? given : text(given)
    if (typeof given === "number") return kept.has(under) ? given : number(given)
    if (typeof given !== "object" || given === null) return given
    if (Array.isArray(given)) return (given as ReadonlyArray<Json>).map((item) => value(item, under))
    return Object.fromEntries(
      // A key with digits or an address in it is an id that stands where a name should.
      Object.entries(given).map(([name, inner]) => [/@|\d{3,}/.test(name) ? text(name) : name, value(inner, name)])
    )
  }
  const target = (url: URL): string => {
    const path = url.pathname
      .split("/")
      .map((part) => (/\d/.test(part) && !/^v\d+(\.\d+)?$/.test(part) ? text(decodeURIComponent(part)) : part))
    const query = [...url.searchParams].map(([name, one]) => `${name}=${kept.has(name) ? one : text(one)}`)
    return path.join("/") + (query.length === 0 ? "" : `?${query.join("&")}`)
  }
  return { value, target, replaced }
}
