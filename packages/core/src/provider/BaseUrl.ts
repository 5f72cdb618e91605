import * as Result from "effect/Result"
import type { ProviderRequest } from "../connector/ProviderClient.ts"

/** A base URL, parsed: no user info, query or fragment; `path` has no slash at its end. */
export interface BaseUrl {
  readonly origin: string
  readonly path: string
}

/** Where a request goes, and under which address the connector knows the place. */
export interface Target {
  readonly url: string
  readonly known: string
}

/** Parses a base URL; the failure is a sentence that names what is wrong, never the URL's user info. */
export const parse = (text: string): Result.Result<BaseUrl, string> => {
  if (!URL.canParse(text)) return Result.fail("The base URL is not a URL: check the account's settings.")
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return Result.fail("The base URL must begin with https://.")
  if (url.username !== "" || url.password !== "")
    return Result.fail("The base URL must not contain a user name or password.")
  return Result.succeed({ origin: url.origin, path: url.pathname.replace(/\/+$/, "") })
}

/**
 * Resolves a request's path against the base URL in use.
 *
 * A path stays below the base. An absolute URL must have the base's origin; with an operator's override, links of the
 * connector's `own` base are mapped onto the override. Anything else fails before credentials are sent anywhere.
 */
export const resolve = (
  request: Pick<ProviderRequest, "path" | "query">,
  base: BaseUrl,
  own: BaseUrl | undefined
): Result.Result<Target, string> => {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.path)
    ? absolute(request.path, base, own)
    : below(request.path, base)
  if (Result.isFailure(url)) return Result.fail(url.failure)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) url.success.searchParams.append(name, String(one))
  }
  url.success.hash = ""
  return Result.succeed({ url: url.success.href, known: known(url.success, base, own) })
}

/** Maps an absolute URL of the connector's own origin onto the override; other URLs stay as they are. */
export const mapOntoOverride = (url: string, base: BaseUrl, own: BaseUrl | undefined): string => {
  if (own === undefined || !URL.canParse(url)) return url
  const parsed = new URL(url)
  return parsed.origin === own.origin ? moved(parsed, own, base).href : url
}

const below = (path: string, base: BaseUrl): Result.Result<URL, string> => {
  const text = `${base.origin}${base.path}/${path.replace(/^\/+/, "")}`
  if (!URL.canParse(text)) return Result.fail("The request's path cannot be part of a URL.")
  const url = new URL(text)
  // `..` in a record id must not lead to another account's part of the same host.
  return isBelow(url.pathname, base.path)
    ? Result.succeed(url)
    : Result.fail("The request's path leads out of the base URL.")
}

const absolute = (text: string, base: BaseUrl, own: BaseUrl | undefined): Result.Result<URL, string> => {
  if (!URL.canParse(text)) return Result.fail("The app's link is not a URL.")
  const url = new URL(text)
  if (url.username !== "" || url.password !== "") return Result.fail("The app's link contains a user name or password.")
  if (url.origin === base.origin) return Result.succeed(url)
  if (own !== undefined && url.origin === own.origin) return Result.succeed(moved(url, own, base))
  return Result.fail(`The link leads to another host (${url.host}); nothing was sent there.`)
}

const moved = (url: URL, from: BaseUrl, to: BaseUrl): URL => {
  const path = isBelow(url.pathname, from.path) ? url.pathname.slice(from.path.length) : url.pathname
  return new URL(`${to.origin}${to.path}${path}${url.search}`)
}

const known = (url: URL, base: BaseUrl, own: BaseUrl | undefined): string =>
  own === undefined ? url.href : moved(url, base, own).href

const isBelow = (path: string, base: string): boolean => base === "" || path === base || path.startsWith(`${base}/`)
