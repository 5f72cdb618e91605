// How the text of a setting becomes a value; each gives `undefined` for what cannot be one.
import * as Base64 from "effect/encoding/Base64"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as AddressPolicy from "../egress/AddressPolicy.ts"

/** A whole number between two. */
export const wholeNumber = (least: number, most: number) => (text: string) => {
  const number = Number(text)
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined
}

/** One of a few words, in any case. */
export const oneOf =
  <const A extends string>(values: ReadonlyArray<A>) =>
  (text: string): A | undefined =>
    values.find((value) => value === text.toLowerCase())

/** An http(s) URL, without slashes at its end. */
export const httpUrl = (text: string): string | undefined => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? text.replace(/\/+$/, "") : undefined
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** URLs that a browser may be sent to, separated by commas, each as it was written. */
export const returnUrlsOf = (text: string): ReadonlyArray<string> | undefined => {
  const urls = text
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "")
  return urls.every((given) => {
    const url = URL.parse(given)
    return (
      url !== null &&
      (url.protocol === "https:" || (url.protocol === "http:" && loopback.test(url.hostname))) &&
      url.username === "" &&
      url.password === "" &&
      !given.includes("#")
    )
  })
    ? urls
    : undefined
}

/** Networks, separated by commas. */
export const cidrs = (text: string): ReadonlyArray<string> | undefined => {
  const ranges = text
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "")
  try {
    AddressPolicy.make(ranges)
    return ranges
  } catch {
    return undefined
  }
}

/** A master key of 32 bytes in base64. */
export const masterKeyOf = (text: string): Redacted.Redacted<Uint8Array> | undefined => {
  const bytes = Result.getOrUndefined(Base64.decode(text.trim()))
  return bytes?.length === 32 ? Redacted.make(bytes) : undefined
}

/** Master keys, separated by commas. */
export const masterKeysOf = (text: string): ReadonlyArray<Redacted.Redacted<Uint8Array>> | undefined => {
  const keys = text.split(",").map(masterKeyOf)
  return keys.every((key) => key !== undefined) ? keys : undefined
}
