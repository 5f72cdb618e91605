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
import { atLeast, exactly, type Report, type Section } from "../Section.ts"

const guardOf = ({ settings }: PreparedVector) => Layer.sync(EgressGuard.EgressGuard, () => EgressGuard.make(settings))

/** As an event is delivered. */
const deliver = (vector: PreparedVector) =>
  Effect.flatMap(Transport.Transport, ({ post }) =>
    Effect.match(post({ url: vector.url, headers: {}, body: new TextEncoder().encode("{}"), timeoutMillis: 2000 }), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => reason._tag
    })
  ).pipe(Effect.provide(UndiciTransport.layer().pipe(Layer.provide(guardOf(vector)))), Effect.runPromise)

/** As a connector or a token refresh asks. */
const ask = (vector: PreparedVector) =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.match(client.execute(HttpClientRequest.get(vector.url)), {
      onSuccess: ({ status }) => String(status),
      onFailure: ({ reason }) => (reason._tag === "InvalidUrlError" ? "Blocked" : reason._tag)
    })
  ).pipe(
    Effect.provide(ProviderHttp.layer().pipe(Layer.provide(guardOf(vector)))),
    Effect.timeout("2 seconds"),
    Effect.runPromise
  )

const run = async (): Promise<Report> => {
  const delivered = await runEgressVectors(blockedVectors, deliver)
  // A connector's URL was parsed before: what only a text can say does not come that far.
  const asked = await runEgressVectors(
    blockedVectors.filter(({ textual }) => !textual),
    ask
  )
  const control = [
    ...(await runEgressVectors(controlVectors, deliver)),
    ...(await runEgressVectors(controlVectors, ask))
  ]
  const all = [...delivered, ...asked]
  const broken = [...all, ...control].filter((result) => !holds(result))
  const sum = (of: (result: VectorResult) => number) => all.reduce((total, result) => total + of(result), 0)
  return {
    lines: [
      atLeast("vectors", blockedVectors.length, 300),
      exactly("deliveries blocked", delivered.filter(holds).length, delivered.length),
      exactly("connectors' requests blocked", asked.filter(holds).length, asked.length),
      exactly(
        "bytes sent",
        sum(({ bytes }) => bytes),
        0
      ),
      exactly(
        "connections made",
        sum(({ connections }) => connections),
        0
      ),
      exactly("control group that arrived", control.filter(holds).length, control.length)
    ],
    details: broken.map(
      ({ bytes, connections, outcome, vector }) =>
        `${vector.group}: ${vector.url}: ${outcome}, ${connections} connections, ${bytes} bytes`
    ),
    raw: all.map(({ bytes, connections, outcome, vector }) => ({ url: vector.url, bytes, connections, outcome }))
  }
}

/** F-80, M12. */
export const section: Section = {
  name: "egress",
  shows: "every address that leads inside, over real sockets and name servers that lie: blocked with 0 bytes sent",
  run
}
