import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { RequestInit } from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"

/** The answer is larger than the kit reads. */
export class TooLarge {
  readonly _tag = "TooLarge"
}

/**
 * Marks requests to somebody else's API: no trace headers, no span that would carry URL or headers, and no redirect
 * that would take credentials along to another host.
 */
export const asThirdParty = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.serviceOption(RequestInit), (init) =>
    effect.pipe(
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      Effect.provideService(RequestInit, { ...Option.getOrUndefined(init), redirect: "manual" })
    )
  )

/** Reads the whole body as text, in the charset that it declares, up to `maxBytes`. */
export const readText = Effect.fnUntraced(function* (
  response: HttpClientResponse,
  maxBytes: number
): Effect.fn.Return<string, HttpClientError | TooLarge> {
  const parts: Array<string> = []
  const decoder = decoderFor(response.headers["content-type"])
  let bytes = 0
  yield* response.stream.pipe(
    Stream.runForEach((chunk) => {
      bytes += chunk.byteLength
      if (bytes > maxBytes) return Effect.fail(new TooLarge())
      parts.push(decoder.decode(chunk, { stream: true }))
      return Effect.void
    }),
    // A web response without a body (204, HEAD) has no stream at all.
    Effect.catchIf(
      (error) => error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError",
      () => Effect.void
    )
  )
  parts.push(decoder.decode())
  return parts.join("")
})

const decoderFor = (contentType: string | undefined): TextDecoder => {
  const charset = contentType === undefined ? undefined : /charset="?([^";\s]+)/i.exec(contentType)?.[1]
  try {
    return new TextDecoder(charset ?? "utf-8")
  } catch {
    return new TextDecoder()
  }
}
