import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { TrustedProxies } from "../api/ClientAddress.ts"
import { PublicUrl } from "../api/Envelope.ts"
import * as Routes from "../api/Routes.ts"
import { SettingsError } from "../config/SettingsError.ts"
import * as BrokenRequests from "./BrokenRequests.ts"

/** Where to listen. */
export interface ListenOptions {
  readonly port: number
  readonly host: string
  readonly publicUrl?: string | null | undefined
  /** Networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: ReadonlyArray<string> | undefined
  /** How long the headers of a request may take, and all of it; 10 and 30 seconds by default. */
  readonly patience?: { readonly headersMillis: number; readonly requestMillis: number } | undefined
}

/** The URL that a listening server is reached at from this machine. */
export const urlOf = (address: HttpServer.HttpServer["Service"]["address"], host: string): string => {
  const port = "port" in address ? address.port : 0
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host
  return `http://${name}:${port}`
}

const listenProblem = (options: ListenOptions, code: string) =>
  new SettingsError({
    problems: [
      code === "EADDRINUSE"
        ? {
            setting: "CROCHET_PORT",
            problem: `port ${options.port} on ${options.host} is in use.`,
            resolution: "Stop the other program, or choose another port."
          }
        : code === "EACCES"
          ? {
              setting: "CROCHET_PORT",
              problem: `this user may not listen on port ${options.port}.`,
              resolution: "Choose a port above 1023."
            }
          : {
              setting: "CROCHET_HOST",
              problem: `the server cannot listen on ${options.host} (${code}).`,
              resolution: "Give an address of this machine, e.g. 127.0.0.1 or 0.0.0.0."
            }
    ]
  })

/** A server that waits for nobody for long: a request that drips in is answered with 408 and its connection closed. */
const makeServer = ({ patience = { headersMillis: 10_000, requestMillis: 30_000 } }: ListenOptions) => {
  const server = createServer({
    // Longer than the minute for which proxies keep connections: who closes first must not be the one who is asked.
    keepAliveTimeout: 65_000,
    headersTimeout: patience.headersMillis,
    requestTimeout: patience.requestMillis,
    connectionsCheckingInterval: Math.min(1000, patience.headersMillis),
    maxHeaderSize: 16 * 1024
  })
  BrokenRequests.answer(server)
  return server
}

/**
 * Serves every route on node:http. When the scope closes, it takes no new connections and finishes the requests under
 * way, for at most ten seconds.
 */
export const layer = (options: ListenOptions): Layer.Layer<HttpServer.HttpServer, SettingsError, Routes.Services> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const server = yield* HttpServer.HttpServer
      const publicUrl = options.publicUrl ?? urlOf(server.address, options.host)
      const settings = Layer.merge(
        Layer.succeed(PublicUrl, publicUrl),
        Layer.succeed(TrustedProxies, options.trustedProxies ?? [])
      )
      return HttpRouter.serve(Routes.layer.pipe(Layer.provide(settings)), {
        disableLogger: true,
        disableListenLog: true
      })
    })
  ).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => makeServer(options), {
        port: options.port,
        host: options.host,
        gracefulShutdownTimeout: "10 seconds"
      })
    ),
    Layer.catchTag("ServeError", (error) => {
      const cause = error.cause
      const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "unknown"
      return Layer.effectContext(Effect.fail(listenProblem(options, code)))
    })
  )
