import {
  Crypto,
  type Destination,
  DestinationKeys,
  DestinationStore,
  type Event,
  IntegrationStore,
  KeyStore,
  RunEvents,
  Signature,
  Vault,
  Wakeup
} from "@crochet/core"
import type { SqlStore } from "@crochet/core/sql"
import { Fixtures } from "@crochet/core/testing"
import { EgressGuard, NodeCrypto, UndiciTransport } from "@crochet/runtime-node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const workspaceId = "ws_1"
const encoder = new TextEncoder()
const bodyOf = (id: string) => encoder.encode(JSON.stringify({ eventId: id, eventData: "x".repeat(1000) }))

/** What a dispatcher needs, with real HTTP to the loopback, on these stores. */
export const foundation = <E>(stores: Layer.Layer<SqlStore.Stores, E>) =>
  DestinationKeys.DestinationKeys.layer.pipe(
    Layer.provideMerge(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(1)))),
    Layer.provideMerge(Layer.mergeAll(stores, NodeCrypto.layer, Wakeup.Wakeup.layer)),
    Layer.provideMerge(
      UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })))
    )
  )

/** Deliveries alone, without accounts that are read: makes destinations at `url/<id>` and sealed events of 1 KB for them. */
export const machine = Effect.fnUntraced(function* (url: string) {
  const crypto = yield* Crypto.Crypto
  const vault = yield* Vault.Vault
  const keys = yield* KeyStore.KeyStore
  const destinations = yield* DestinationStore.DestinationStore
  const now = Date.now()
  yield* keys.addWorkspace(workspaceId, now)
  const workspace = yield* vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
  yield* Effect.flatMap(IntegrationStore.IntegrationStore, (store) =>
    store.save(Fixtures.integration("int_1", { workspaceId }))
  )
  const sealer = yield* vault.sealer({ owner: "integration", ownerId: "int_1", workspaceId })
  return {
    save: (id: string, state: Destination.Destination["state"]) => {
      const secret = Redacted.value(Signature.newSecret(crypto))
      return destinations.save(
        Fixtures.destination(id, {
          workspaceId,
          category: null,
          url: `${url}/${id}`,
          events: null,
          mode: "standard",
          aliases: {},
          secret: workspace.seal(DestinationKeys.places.secret(id), encoder.encode(secret)),
          state,
          createdAt: now,
          updatedAt: Date.now()
        })
      )
    },
    event: (id: string, destinationId: string): Event.NewEvent => ({
      id,
      workspaceId,
      destinationId,
      integrationId: "int_1",
      jobId: null,
      runId: null,
      type: "record.new",
      record: null,
      sequence: null,
      body: sealer.seal(RunEvents.bodyPlace(id), bodyOf(id)),
      createdAt: Date.now()
    })
  }
})
