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
  /** Bytes that may come as the answer to one request, whatever they mean; null for no limit. */
  readonly answerBytes: number | null
  /** Certificates to trust beside the usual ones (PEM). */
  readonly certificates?: ReadonlyArray<string> | undefined
}

/** No limit of connections (callers limit their requests) nor of answers, ten seconds to connect. */
export const defaults: AgentOptions = { connections: null, connectTimeoutMillis: 10_000, answerBytes: null }

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
      const settings = { ...defaults, ...options }
      return new Agent({
        connections: settings.connections,
        connect: connector(guard, settings),
        pipelining: 1,
        maxHeaderSize: 16 * 1024
      })
    }),
    (agent) => Effect.promise(() => agent.destroy())
  )

/** undici's connector, with the guard in it. */
const connector = (guard: EgressGuard["Service"], settings: AgentOptions): buildConnector.connector => {
  const { answerBytes, certificates, connectTimeoutMillis } = settings
  const secure = buildConnector({
    timeout: connectTimeoutMillis,
    allowH2: false,
    // Said here, so that no variable of the environment (NODE_TLS_REJECT_UNAUTHORIZED, NODE_OPTIONS) can say otherwise.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(certificates === undefined ? {} : { ca: [...rootCertificates, ...certificates] })
  })
  return (options, callback) => {
    const target: Target = {
      protocol: options.protocol,
      hostname: bare(options.hostname),
      port: options.port === "" ? (options.protocol === "https:" ? 443 : 80) : Number(options.port)
    }
    let raw: Socket | undefined
    let done = false
    /** `socket` is undefined or null beside an error: undici leaves it out where its types promise null. */
    const finish = (error: Error | null, socket?: Socket | null) => {
      // Too late: the other end did its part after the time was up.
      if (done) return void socket?.destroy()
      done = true
      clearTimeout(timer)
      if (error !== null || socket === undefined || socket === null)
        return callback(error ?? new ConnectTimeout(), null)
      if (answerBytes !== null) limitAnswers(socket, answerBytes)
      callback(null, socket)
    }
    const timer = setTimeout(() => {
      finish(new ConnectTimeout())
      raw?.destroy()
    }, connectTimeoutMillis)
    guard.addresses(target, (error, addresses) => {
      if (done) return
      if (error !== null) return finish(error)
      raw = open(guard, target, addresses, (failure, socket) => {
        if (failure !== null) return finish(failure)
        if (done || options.protocol !== "https:") return finish(null, socket)
        secure({ ...options, httpSocket: socket }, finish)
      })
    })
  }
}

const open = (
  guard: EgressGuard["Service"],
  target: Target,
  addresses: ReadonlyArray<LookupAddress>,
  callback: (...result: [null, Socket] | [Error, null]) => void
): Socket => {
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
  const failed = (error: Error) => callback(error, null)
  socket.once("error", failed)
  socket.once("connect", () => {
    socket.off("error", failed)
    if (guard.permits(target, socket.remoteAddress)) return callback(null, socket)
    socket.on("error", () => {})
    socket.destroy()
    callback(new EgressRefused({ refusal: "address" }), null)
  })
  return socket
}

/**
 * Breaks a connection on which more comes than an answer may be. It counts what undici's own limits leave out: interim
 * answers, extensions of chunks and trailers without end.
 */
const limitAnswers = (socket: Socket, bytes: number) => {
  let before = 0
  let counted = 0
  let written = 0
  socket.on("readable", () => {
    if (socket.bytesWritten !== written) {
      // Something was asked since: what came until now belonged to earlier answers.
      written = socket.bytesWritten
      before = counted
    }
    counted = socket.bytesRead
    if (counted - before > bytes) socket.destroy(new AnswerTooLarge())
  })
}

/** The connection was not made in time. It has undici's code, so that both kinds of timeout are told alike. */
class ConnectTimeout extends Error {
  readonly code: errors.ConnectTimeoutError["code"] = "UND_ERR_CONNECT_TIMEOUT"
}

/** More came than an answer may be. It has undici's code for answers that exceed a limit. */
class AnswerTooLarge extends Error {
  readonly code: errors.ResponseExceededMaxSizeError["code"] = "UND_ERR_RES_EXCEEDED_MAX_SIZE"
}
