import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Headers from "effect/http/Headers"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

const encoder = new TextEncoder()
/** Texts that were asked for before, which are few and long in a world whose answers are remembered. */
const encoded = new Map<string, Uint8Array<ArrayBuffer>>()

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => {
  const known = encoded.get(text) ?? encoder.encode(text)
  if (encoded.size > 500) encoded.clear()
  encoded.set(text, known)
  return known
}

const hollows = new Map<number, Response>()

/** A response of the status, and nothing else. */
const hollow = (status: number): Response => {
  const known = hollows.get(status) ?? new Response(null, { status })
  hollows.set(status, known)
  return known
}

/**
 * A response whose text is all there. A web response with its stream costs more than everything else that is done with
 * it.
 */
export const whole = (
  request: HttpClientRequest.HttpClientRequest,
  status: number,
  headers: { readonly [name: string]: string },
  text: string
): HttpClientResponse.HttpClientResponse => {
  if (status === 204 || status === 304 || text === "") {
    return HttpClientResponse.fromWeb(request, new Response(null, { status, headers }))
  }
  return Object.defineProperties(HttpClientResponse.fromWeb(request, hollow(status)), {
    headers: { value: Headers.fromInput(headers) },
    stream: { get: () => Stream.succeed(bytesOf(text)) },
    text: { value: Effect.succeed(text) },
    arrayBuffer: { get: () => Effect.succeed(bytesOf(text).buffer) }
  })
}

/** A response that breaks after the text. */
export const cut = (
  request: HttpClientRequest.HttpClientRequest,
  status: number,
  headers: { readonly [name: string]: string },
  text: string
): HttpClientResponse.HttpClientResponse => {
  let sent = false
  const body = new ReadableStream({
    pull: (controller) => {
      if (sent) return controller.error(new TypeError("terminated"))
      sent = true
      controller.enqueue(encoder.encode(text))
    }
  })
  const empty = status === 204 || status === 304 || text === ""
  return HttpClientResponse.fromWeb(request, new Response(empty ? null : body, { status, headers }))
}
