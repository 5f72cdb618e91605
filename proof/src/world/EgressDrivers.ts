import { Transport } from "@crochet/core"
import { EgressGuard, ProviderHttp, UndiciTransport } from "@crochet/runtime-node"
import { blockedVectors, type PreparedVector, type VectorResult } from "@crochet/simulators/network"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"

/** Longer than anything on the loopback takes; what is blocked does not wait at all. */
const timeoutMillis = 10_000

const guardOf = ({ settings }: PreparedVector) => Layer.sync(EgressGuard.EgressGuard, () => EgressGuard.make(settings))

/** Goes to a vector's URL as an event is delivered, past the guard that its settings make unless told otherwise. */
export const deliver = (
  vector: PreparedVector,
  guard: Layer.Layer<EgressGuard.EgressGuard, unknown> = guardOf(vector)
): Promise<string> =>
  Effect.flatMap(Transport.Transport, ({ post }) =>
    Effect.match(post({ url: vector.url, headers: {}, body: new TextEncoder().encode("{}"), timeoutMillis }), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => reason._tag
    })
  ).pipe(Effect.provide(UndiciTransport.layer().pipe(Layer.provide(guard))), Effect.runPromise)

/** Goes there as a connector or a token refresh asks. */
export const ask = (vector: PreparedVector): Promise<string> =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.match(client.execute(HttpClientRequest.get(vector.url)), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => (reason._tag === "InvalidUrlError" ? "Blocked" : reason._tag)
    })
  ).pipe(
    Effect.provide(ProviderHttp.layer().pipe(Layer.provide(guardOf(vector)))),
    Effect.timeout(timeoutMillis),
    Effect.runPromise
  )

/** Those that a connector's URL can be: it was parsed before, and what only a text can say does not come that far. */
export const askable = blockedVectors.filter(({ textual }) => !textual)

/** What came of a vector, in one line. */
export const described = ({ bytes, connections, outcome, vector }: VectorResult): string => {
  const names = vector.answers.length > 0 ? ` → ${vector.answers.join(", ")}` : ""
  return `${vector.group}: ${vector.url}${names}: ${outcome}, ${connections} connections, ${bytes} bytes`
}
