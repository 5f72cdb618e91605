import { Transport } from "@crochet/core"
import { EgressGuard, ProviderHttp, UndiciTransport } from "@crochet/runtime-node"
import {
  blockedVectors,
  controlVectors,
  holds,
  type PreparedVector,
  runEgressVectors,
  type VectorResult
} from "@crochet/simulators/network"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"

/** What the proof of the egress guard came to. */
export interface EgressReport {
  readonly ok: boolean
  /** What was counted, to be printed. */
  readonly lines: ReadonlyArray<string>
}

const guardOf = ({ settings }: PreparedVector) => Layer.sync(EgressGuard.EgressGuard, () => EgressGuard.make(settings))

/** As an event is delivered. */
const deliver = (vector: PreparedVector): Promise<string> =>
  Effect.flatMap(Transport.Transport, ({ post }) =>
    Effect.match(post({ url: vector.url, headers: {}, body: new Uint8Array([123, 125]), timeoutMillis: 10_000 }), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => reason._tag
    })
  ).pipe(Effect.provide(UndiciTransport.layer().pipe(Layer.provide(guardOf(vector)))), Effect.runPromise)

/** As a connector or a token refresh asks. */
const ask = (vector: PreparedVector): Promise<string> =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.match(client.execute(HttpClientRequest.get(vector.url)), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => (reason._tag === "InvalidUrlError" ? "Blocked" : reason._tag)
    })
  ).pipe(Effect.provide(ProviderHttp.layer().pipe(Layer.provide(guardOf(vector)))), Effect.runPromise)

const summary = (what: string, results: ReadonlyArray<VectorResult>) => {
  const blocked = results.filter(holds).length
  const sum = (of: (result: VectorResult) => number) => results.reduce((total, result) => total + of(result), 0)
  return `${what}: ${blocked} of ${results.length} blocked, ${sum((one) => one.connections)} connections, ${sum((one) => one.bytes)} bytes sent`
}

/**
 * Tries every vector through the delivery transport and the connectors' client, with the guard on, against a real
 * listener; then the control group, which must arrive.
 */
export const proveEgress = async (): Promise<EgressReport> => {
  const delivered = await runEgressVectors(blockedVectors, deliver)
  const asked = await runEgressVectors(
    blockedVectors.filter(({ textual }) => !textual),
    ask
  )
  const controls = [
    ...(await runEgressVectors(controlVectors, deliver)),
    ...(await runEgressVectors(controlVectors, ask))
  ]
  const breaches = [...delivered, ...asked, ...controls].filter((result) => !holds(result))
  return {
    ok: breaches.length === 0 && delivered.length >= 300,
    lines: [
      summary("deliveries", delivered),
      summary("connectors", asked),
      `control group: ${controls.filter(holds).length} of ${controls.length} arrived`,
      ...breaches.map(({ outcome, vector }) => `NOT HELD: ${vector.group}: ${vector.url} came to ${outcome}`)
    ]
  }
}
