import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, InvalidUrlError, TransportError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Answer from "./Answer.ts"
import type { RunningApp } from "./Sandbox.ts"

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

/** The request's URL with its parameters. */
export const urlOf = (request: HttpClientRequest.HttpClientRequest): URL => {
  const url = new URL(request.url)
  for (const [name, value] of request.urlParams) {
    url.searchParams.append(name, Redacted.isRedacted(value) ? Redacted.value(value) : value)
  }
  return url
}

/** The request's body, when it is text. */
export const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

/** Asks the app: in this process where it answers there, and over a socket otherwise. */
export const to = ({ answer, baseUrl }: RunningApp): Layer.Layer<HttpClient.HttpClient> => {
  if (answer === undefined || baseUrl === null) return layer
  const { origin } = new URL(baseUrl)
  return Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (others) => {
      const send = (request: HttpClientRequest.HttpClientRequest) => {
        const url = urlOf(request)
        if (url.origin !== origin) return others.execute(request)
        return Effect.map(
          Effect.tryPromise({
            try: async () =>
              answer({ method: request.method, url: url.href, headers: { ...request.headers }, body: bodyOf(request) }),
            catch: (cause) =>
              new HttpClientError({ reason: new TransportError({ request, cause, description: "the app broke off" }) })
          }),
          ({ body, headers, status }) => Answer.whole(request, status, headers, body)
        )
      }
      return HttpClient.makeWith<never, never, HttpClientError, never>(
        (request) => Effect.flatMap(request, send),
        Effect.succeed
      )
    })
  ).pipe(Layer.provide(layer))
}

export { RequestInit } from "effect/http/FetchHttpClient"
