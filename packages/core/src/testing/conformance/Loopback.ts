import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, InvalidUrlError } from "effect/http/HttpClientError"

const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^(127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/.test(new URL(url).hostname)

/** Talks to simulators on this machine, and to nobody else: a connector under test cannot reach its app by mistake. */
export const layer: Layer.Layer<HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.mapRequestEffect((request) =>
      isLoopback(request.url)
        ? Effect.succeed(request)
        : Effect.fail(
            new HttpClientError({
              reason: new InvalidUrlError({ request, description: "the kit talks to the loopback address only" })
            })
          )
    )
  )
).pipe(Layer.provide(FetchHttpClient.layer))

export { RequestInit } from "effect/http/FetchHttpClient"
