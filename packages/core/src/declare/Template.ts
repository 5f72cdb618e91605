import * as Result from "effect/Result"
import type { Values } from "../connector/AuthScheme.ts"

const placeholder = /\{([^{}]*)\}/g

/** The names between braces, each once: `https://{subdomain}.acme.example` names `subdomain`. */
export const namesOf = (template: string): ReadonlyArray<string> => [
  ...new Set(Array.from(template.matchAll(placeholder), ([, name]) => name ?? ""))
]

/**
 * Puts an account's settings into a URL template.
 *
 * In the host a value may only be letters, digits, hyphens and dots; a whole address that somebody pasted is cut down to
 * the part that is asked for. Elsewhere it is percent-encoded. Throws a `TypeError` that names the setting, never its value.
 */
export const url = (template: string, settings: Values): string => {
  const hostEnd = endOfHost(template)
  // From the right, so that a pasted address can be compared with what already follows it.
  return Array.from(template.matchAll(placeholder))
    .reverse()
    .reduce((text, { 0: braces, 1: name = "", index }) => {
      const rest = text.slice(index + braces.length)
      const value = valueOf(settings, name)
      return text.slice(0, index) + (index < hostEnd ? hostPart(name, value, rest) : encodeURIComponent(value)) + rest
    }, template)
}

/**
 * Puts values into a path template, percent-encoded. Fails with a sentence for a value that is missing, and for one that a
 * URL would take for a step upwards, however it is encoded.
 */
export const path = (template: string, values: Values): Result.Result<string, string> => {
  const bad = namesOf(template).find((name) => /^\.{0,2}$/.test(values[name]?.trim() ?? ""))
  return bad === undefined
    ? Result.succeed(template.replace(placeholder, (_, name: string) => encodeURIComponent(valueOf(values, name))))
    : Result.fail(`${bad} is missing, or cannot be part of a path.`)
}

const valueOf = (values: Values, name: string): string => {
  const value = values[name]?.trim() ?? ""
  if (value === "") throw new TypeError(`The setting ${name} is missing.`)
  return value
}

const hostPart = (name: string, value: string, rest: string): string => {
  const host = value.replace(/^https?:\/\//i, "").replace(/[/?#].*$/s, "")
  const after = rest.slice(0, /[/?#]|$/.exec(rest)?.index)
  const part = after !== "" && host.toLowerCase().endsWith(after.toLowerCase()) ? host.slice(0, -after.length) : host
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(part))
    throw new TypeError(`The setting ${name} cannot be part of an address.`)
  return part.toLowerCase()
}

const endOfHost = (template: string): number => {
  const start = template.indexOf("://")
  if (start < 0) return 0
  const end = template.indexOf("/", start + 3)
  return end < 0 ? template.length : end
}
