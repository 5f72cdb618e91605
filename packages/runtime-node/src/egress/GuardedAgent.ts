import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { LookupAddress } from "node:dns"
import { connect as connectTcp, type LookupFunction, type Socket } from "node:net"
import { rootCertificates } from "node:tls"
import { Agent, buildConnector, type Dispatcher, type errors } from "undici"
import { bare, EgressRefused, type EgressGuard, type Target } from "./EgressGuard.ts"

/** How connections are made and kept. */
export interface AgentOptions {
  /** Connections to one origin; null for as many as there are requests at once. */
  readonly connections: number | null
  /** For look-up, TCP and TLS together, in milliseconds. */
  readonly connectTimeoutMillis: number
  /** Certificates to trust beside the usual ones (PEM). */
  readonly certificates?: ReadonlyArray<string> | undefined
}

/** No limit of connections (callers limit their requests), ten seconds to connect. */
export const defaults: AgentOptions = { connections: null, connectTimeoutMillis: 10_000 }

/**
 * An undici agent whose every connection is guarded: names are looked up once, all answers judged, one of them connected
 * to, and the address that the socket really has judged again before a byte is written, TLS included.
 *
 * It never follows redirects and ignores proxy variables of the environment: undici does neither unless told.
 */
export const make = (
  guard: EgressGuard["Service"],
  options: Partial<AgentOptions> = {}
): Effect.Effect<Dispatcher, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const { connections, connectTimeoutMillis, certificates } = { ...defaults, ...options }
      return new Agent({
        connections,
        connect: connector(guard, connectTimeoutMillis, certificates),
        pipelining: 1,
        maxHeaderSize: 16 * 1024
      })
    }),
    (agent) => Effect.promise(() => agent.destroy())
  )

/** undici's connector, with the guard in it. */
const connector = (
  guard: EgressGuard["Service"],
  timeoutMillis: number,
  certificates: ReadonlyArray<string> | undefined
): buildConnector.connector => {
  const secure = buildConnector({
    timeout: timeoutMillis,
    allowH2: false,
    ...(certificates === undefined ? {} : { ca: [...rootCertificates, ...certificates] })
  })
  return (options, callback) => {
    const target: Target = {
      protocol: options.protocol,
      hostname: bare(options.hostname),
      port: options.port === "" ? (options.protocol === "https:" ? 443 : 80) : Number(options.port)
    }
    guard.addresses(target, (error, addresses) => {
      if (error !== null) return callback(error, null)
      open(guard, target, addresses, timeoutMillis, (failure, socket) => {
        if (failure !== null) return callback(failure, null)
        if (options.protocol === "https:") secure({ ...options, httpSocket: socket }, callback)
        else callback(null, socket)
      })
    })
  }
}

const open = (
  guard: EgressGuard["Service"],
  target: Target,
  addresses: ReadonlyArray<LookupAddress>,
  timeoutMillis: number,
  callback: (...result: [null, Socket] | [Error, null]) => void
) => {
  const lookup: LookupFunction = (_hostname, { all }, found) => {
    if (all === true) found(null, [...addresses])
    else found(null, addresses[0]!.address, addresses[0]!.family)
  }
  const socket = connectTcp({
    host: target.hostname,
    port: target.port,
    // Tries the addresses one after another; `lookup` is asked for all of them then.
    autoSelectFamily: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    // Not called for literal addresses: those were judged like the answers of a look-up.
    lookup
  })
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), timeoutMillis)
  const failed = (error: Error) => {
    clearTimeout(timer)
    callback(error, null)
  }
  socket.once("error", failed)
  socket.once("connect", () => {
    clearTimeout(timer)
    socket.off("error", failed)
    if (guard.permits(target, socket.remoteAddress)) return callback(null, socket)
    socket.on("error", () => {})
    socket.destroy()
    callback(new EgressRefused({ refusal: "address" }), null)
  })
}

/** The connection was not made in time. It has undici's code, so that both kinds of timeout are told alike. */
class ConnectTimeout extends Error {
  readonly code: errors.ConnectTimeoutError["code"] = "UND_ERR_CONNECT_TIMEOUT"
}
