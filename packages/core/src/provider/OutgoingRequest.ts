import * as Effect from "effect/Effect"
import { pipe } from "effect/Function"
import * as Headers from "effect/http/Headers"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { InvalidRequest } from "../connector/ConnectorError.ts"
import type { ProviderRequest } from "../connector/ProviderClient.ts"
import type { Failure } from "./Failure.ts"

/** Set by the transport; a caller's value would break the message or reach another virtual host. */
const TRANSPORT_HEADERS = ["connection", "content-length", "host", "transfer-encoding"]

/** Whether a header value can be sent at all: transports refuse line breaks and control characters, and quote them. */
export const isSendable = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

/** The HTTP request of a provider request. */
export const outgoingRequest = (
  request: ProviderRequest,
  url: string,
  profileHeaders: { readonly [name: string]: string },
  auth: { readonly [name: string]: string }
): Effect.Effect<HttpClientRequest.HttpClientRequest, Failure> => {
  const invalid = (message: string) => Effect.fail<Failure>({ reason: new InvalidRequest({ message }) })
  // Authentication last: no header of a request may replace it.
  const headers = pipe(
    Headers.fromInput({ accept: "application/json" }),
    Headers.setAll(profileHeaders),
    Headers.setAll(request.headers ?? {}),
    Headers.removeMany(TRANSPORT_HEADERS),
    Headers.setAll(auth)
  )
  const unsendable = Object.entries(headers).find(([, value]) => !isSendable(value))
  if (unsendable !== undefined) return invalid(`The header ${unsendable[0]} contains a character that cannot be sent.`)
  const outgoing = HttpClientRequest.make(request.method ?? "GET")(url, { headers })
  if (request.body !== undefined && request.form !== undefined)
    return invalid("A request has either a JSON body or a form.")
  if (request.form !== undefined) return Effect.succeed(HttpClientRequest.bodyUrlParams(outgoing, request.form))
  if (request.body === undefined) return Effect.succeed(outgoing)
  return HttpClientRequest.bodyJson(outgoing, request.body).pipe(
    Effect.catch(() => invalid("The body cannot be written as JSON."))
  )
}
