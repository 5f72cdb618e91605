import * as Result from "effect/Result"
import type { OAuth2Scheme, Values } from "../connector/AuthScheme.ts"
import type { Connector } from "../connector/Connector.ts"
import * as BaseUrl from "./BaseUrl.ts"
import type { OAuthClient } from "./TokenEndpoint.ts"

/** Where requests go: the base in use and, when an operator's override is in use, the connector's own one. */
export interface Place {
  readonly base: Result.Result<BaseUrl.BaseUrl, string>
  readonly overridden: BaseUrl.BaseUrl | undefined
}

/** Where requests of an account go; `override` is the operator's base URL. */
export const of = (connector: Connector, settings: Values, override: Place["base"] | undefined): Place => {
  const own = ownBase(connector, settings)
  return override === undefined
    ? { base: own, overridden: undefined }
    : { base: override, overridden: Result.getOrUndefined(own) }
}

/** Where people sign in: like `tokenUrl`. */
export const authorizeUrl = (
  scheme: OAuth2Scheme,
  settings: Values,
  client: OAuthClient,
  place: Place
): string | undefined => client.authorizeUrl ?? follow(() => scheme.authorizeUrl?.(settings), place)

/**
 * Where an account's tokens are asked for: where the operator says, else at the scheme's own address, which follows the
 * base URL when it is on the same host. Undefined when the settings cannot make an address.
 */
export const tokenUrl = (
  scheme: OAuth2Scheme,
  settings: Values,
  client: OAuthClient,
  place: Place
): string | undefined => client.tokenUrl ?? follow(() => scheme.tokenUrl(settings), place)

/**
 * Where an account's tokens are revoked: like `tokenUrl`. Undefined where the operator has replaced the token URL alone:
 * the tokens are of another server, and none of the app's business.
 */
export const revokeUrl = (
  scheme: OAuth2Scheme,
  settings: Values,
  client: OAuthClient | undefined,
  place: Place
): string | undefined =>
  client?.revokeUrl ??
  (client?.tokenUrl === undefined ? follow(() => scheme.revocation?.url(settings), place) : undefined)

const follow = (make: () => string | undefined, { base, overridden }: Place): string | undefined => {
  const url = Result.getOrUndefined(Result.try(make))
  if (url === undefined || Result.isFailure(base)) return url
  return BaseUrl.mapOntoOverride(url, base.success, overridden)
}

const ownBase = ({ http }: Connector, settings: Values): Place["base"] => {
  try {
    return BaseUrl.parse(http.baseUrl(settings))
  } catch {
    return Result.fail("The base URL cannot be made from the account's settings: check them.")
  }
}
