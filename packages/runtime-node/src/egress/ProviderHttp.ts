import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { EgressGuard, EgressRefused } from "./EgressGuard.ts"
import * as GuardedAgent from "./GuardedAgent.ts"

/**
 * The `HttpClient` that connectors get: on a guarded agent of its own, so that no setting of an integration (a base URL,
 * a subdomain, a link in an answer) leads into private networks.
 *
 * It follows no redirect, not even within an origin: a redirected request could carry credentials elsewhere. It sends no
 * tracing headers to third parties.
 */
export const layer = (
  options: Partial<GuardedAgent.AgentOptions> = {}
): Layer.Layer<HttpClient.HttpClient, never, EgressGuard> =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function* () {
      const guard = yield* EgressGuard
      const agent = yield* GuardedAgent.make(guard, options)
      const client = yield* Effect.provideService(NodeHttpClient.makeUndici, NodeHttpClient.Dispatcher, agent)
      return HttpClient.transform(client, (sent, request) => {
        const url = Option.getOrUndefined(HttpClientRequest.toUrl(request))
        // Neither a fragment, which never travels, nor the length of a query says where a request goes.
        const refused = url === undefined ? null : guard.check(url.href.split(/[?#]/)[0]!)
        if (refused !== null) return Effect.fail(refusal(request, refused))
        return sent.pipe(
          Effect.provideService(HttpClient.TracerPropagationEnabled, false),
          Effect.mapError((error) =>
            error.reason._tag === "TransportError" && error.reason.cause instanceof EgressRefused
              ? refusal(request, error.reason.cause)
              : error
          )
        )
      })
    })
  )

/**
 * As an invalid URL, not as a failed connection, so that nobody asks again for what will be refused again; a name that
 * cannot be found may be found later.
 */
const refusal = (request: HttpClientRequest.HttpClientRequest, refused: EgressRefused) => {
  const said = { request, cause: refused, description: refused.message }
  return new HttpClientError.HttpClientError({
    reason:
      refused.refusal === "unresolved"
        ? new HttpClientError.TransportError(said)
        : new HttpClientError.InvalidUrlError(said)
  })
}
