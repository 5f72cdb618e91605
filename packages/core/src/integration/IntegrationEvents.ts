import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import * as Envelope from "../event/Envelope.ts"
import type { EventType } from "../event/EventType.ts"
import * as RunEvents from "../event/RunEvents.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Vault } from "../vault/Vault.ts"
import type { Integration } from "./Integration.ts"

/** Events about an integration itself, sent to the destination of its category; without one nothing is sent. */
export class IntegrationEvents extends Context.Service<
  IntegrationEvents,
  {
    /** Sends an event; `about` makes its id unique among the integration's events of the type. */
    readonly send: (
      integration: Integration,
      type: EventType,
      about: string,
      eventData: { readonly [key: string]: unknown }
    ) => Effect.Effect<void, StoreError>
    /** Marks the integration as in need of a new connection, and says so once. */
    readonly needsReconnect: (workspaceId: string, id: string, error: ConnectorError) => Effect.Effect<void, StoreError>
  }
>()("@crochet/core/integration/IntegrationEvents") {
  static readonly layer: Layer.Layer<
    IntegrationEvents,
    never,
    DestinationStore | IntegrationStore | OutboxStore | Vault | Wakeup
  > = Layer.effect(
    IntegrationEvents,
    Effect.gen(function* () {
      const destinations = yield* DestinationStore
      const integrations = yield* IntegrationStore
      const outbox = yield* OutboxStore
      const vault = yield* Vault
      const wakeup = yield* Wakeup

      const send = Effect.fnUntraced(function* (
        integration: Integration,
        type: EventType,
        about: string,
        eventData: { readonly [key: string]: unknown }
      ): Effect.fn.Return<void, StoreError> {
        const destination = yield* destinations.forCategory(integration.workspaceId, integration.category)
        if (Option.isNone(destination) || !RunEvents.wants(destination.value, type)) return
        const { appId, id: integrationId, originOrgId, workspaceId } = integration
        const at = yield* Clock.currentTimeMillis
        // Without the vault nothing can be sealed; the state of the integration tells the same.
        const sealer = yield* Effect.orDie(vault.sealer({ owner: "integration", ownerId: integrationId, workspaceId }))
        const eventId = `ev_${sealer.fingerprint(`event|${integrationId}|${about}|${type}`)}`
        const body = Envelope.plain({ eventId, eventType: type, appId, originOrgId, occurredAt: at }, eventData)
        yield* outbox.enqueue([
          {
            id: eventId,
            workspaceId,
            destinationId: destination.value.id,
            integrationId,
            jobId: null,
            runId: null,
            type,
            record: null,
            sequence: null,
            body: sealer.seal(RunEvents.bodyPlace(eventId), body),
            createdAt: at
          }
        ])
        yield* wakeup.notify(destination.value.id)
      })

      const needsReconnect = Effect.fnUntraced(function* (workspaceId: string, id: string, error: ConnectorError) {
        const found = yield* integrations.get(workspaceId, id)
        if (Option.isNone(found) || found.value.state !== "active") return
        const at = yield* Clock.currentTimeMillis
        const lastError = { code: error.code, msg: error.message, resolution: error.resolution }
        // Said before it is written: after a crash in between, the next run that fails says it again.
        yield* send(found.value, "integration.needs_reconnect", String(at), {
          integrationId: id,
          appId: found.value.appId,
          categoryId: found.value.category,
          originOrgId: found.value.originOrgId,
          errors: [lastError]
        })
        yield* integrations.save({ ...found.value, state: "needs_reconnect", lastError, updatedAt: at })
      })

      return { send, needsReconnect }
    })
  )
}
