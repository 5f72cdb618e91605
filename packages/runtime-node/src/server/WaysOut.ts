import { DestinationPolicy, Transport } from "@crochet/core"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Settings } from "../config/Settings.ts"

const maxAnswerBytes = 16_384

const post: Transport.Transport["Service"]["post"] = (request) =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(request.url, {
        method: "POST",
        headers: request.headers,
        body: request.body.slice(),
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMillis)])
      })
      let read = 0
      for await (const chunk of response.body ?? []) {
        read += chunk.length
        if (read > maxAnswerBytes) break
      }
      return { status: response.status }
    },
    catch: (error) =>
      new Transport.DeliveryFailure({
        reason: error instanceof Error && error.name === "TimeoutError" ? new Transport.Timeout() : new Transport.Connection()
      })
  })

const check: DestinationPolicy.DestinationPolicy["Service"]["check"] = (url) => {
  const parsed = URL.parse(url)
  return Effect.succeed(
    parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:") ? "This is not an http(s) URL." : null
  )
}

/** The ways out of the process: to apps, to receivers, and which URLs may be receivers at all. */
export const layer = (_settings: Pick<Settings, "egressAllow">) =>
  Layer.mergeAll(
    NodeHttpClient.layerUndici,
    Layer.succeed(Transport.Transport, { post }),
    Layer.succeed(DestinationPolicy.DestinationPolicy, { check })
  )
