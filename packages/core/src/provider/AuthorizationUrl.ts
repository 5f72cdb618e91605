import type { OAuth2Scheme } from "../connector/AuthScheme.ts"

/** What an authorisation request (RFC 6749 4.1.1, RFC 7636 4.3) says beside what the scheme declares. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  /** The S256 challenge, where the scheme has PKCE. */
  readonly challenge?: string
}

/** The address at which somebody signs in. Undefined when `endpoint` is no http(s) URL. */
export const make = (endpoint: string, scheme: OAuth2Scheme, request: AuthorizationRequest): string | undefined => {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined
  const parameters = {
    ...scheme.authorizeParameters,
    response_type: "code",
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    ...(scheme.scopes.length === 0 ? {} : { scope: scheme.scopes.join(" ") }),
    state: request.state,
    ...(request.challenge === undefined ? {} : { code_challenge: request.challenge, code_challenge_method: "S256" })
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
