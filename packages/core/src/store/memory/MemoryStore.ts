import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AuditStore } from "../AuditStore.ts"
import { AuthorizationStore } from "../AuthorizationStore.ts"
import { DestinationStore } from "../DestinationStore.ts"
import { IntegrationStore } from "../IntegrationStore.ts"
import { KeyStore } from "../KeyStore.ts"
import { OutboxStore } from "../OutboxStore.ts"
import { ReplayStore } from "../ReplayStore.ts"
import { RevocationStore } from "../RevocationStore.ts"
import { SyncStore } from "../SyncStore.ts"
import * as MemoryAuditStore from "./MemoryAuditStore.ts"
import * as MemoryAuthorizationStore from "./MemoryAuthorizationStore.ts"
import * as MemoryDestinationStore from "./MemoryDestinationStore.ts"
import * as MemoryIntegrationStore from "./MemoryIntegrationStore.ts"
import * as MemoryKeyStore from "./MemoryKeyStore.ts"
import * as MemoryOutboxStore from "./MemoryOutboxStore.ts"
import { empty, type MemoryState } from "./MemoryState.ts"
import * as MemoryReplayStore from "./MemoryReplayStore.ts"
import * as MemoryRevocationStore from "./MemoryRevocationStore.ts"
import * as MemorySyncStore from "./MemorySyncStore.ts"
import type { Stores } from "../Stores.ts"

export type { Stores }

/** The storage ports over a given state, for tests that look into it. */
export const over = (state: MemoryState): Context.Context<Stores> =>
  Context.make(KeyStore, MemoryKeyStore.make(state)).pipe(
    Context.add(IntegrationStore, MemoryIntegrationStore.make(state)),
    Context.add(AuthorizationStore, MemoryAuthorizationStore.make(state)),
    Context.add(RevocationStore, MemoryRevocationStore.make(state)),
    Context.add(DestinationStore, MemoryDestinationStore.make(state)),
    Context.add(SyncStore, MemorySyncStore.make(state)),
    Context.add(OutboxStore, MemoryOutboxStore.make(state)),
    Context.add(ReplayStore, MemoryReplayStore.make(state)),
    Context.add(AuditStore, MemoryAuditStore.make(state))
  )

/** The storage ports over one state in memory: for tests and for trying things out. Nothing outlives the layer. */
export const layer: Layer.Layer<Stores> = Layer.effectContext(Effect.sync(() => over(empty())))
