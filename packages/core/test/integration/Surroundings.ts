import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import { type Connector, Connectors, DestinationPolicy, MemoryStore, PortableCrypto, Transport } from "@crochet/core"
import type { MemoryState } from "../../src/store/memory/MemoryState.ts"

/** What core's services stand on: a store, one app, which answers by `http`, and receivers that take everything. */
export const surroundings = (state: MemoryState, connector: Connector.Connector, http: HttpClient.HttpClient) =>
  Layer.mergeAll(
    Layer.succeedContext(MemoryStore.over(state)),
    PortableCrypto.layer,
    Connectors.Connectors.layer([connector]),
    Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
    Layer.succeed(HttpClient.HttpClient, http),
    Layer.succeed(Transport.Transport, { post: () => Effect.succeed({ status: 200 }) })
  )
