import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as DeliveryHeaders from "../delivery/DeliveryHeaders.ts"
import { DestinationKeys } from "../delivery/DestinationKeys.ts"
import { Transport } from "../delivery/Transport.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import * as Envelope from "../event/Envelope.ts"
import type { Principal } from "../service/Access.ts"
import { Destinations } from "../service/Destinations.ts"
import { notFound, Refusal, orRefuse, unprocessable } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { KeyStore } from "../store/KeyStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { reading } from "../sync/Run.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import type { Destination } from "./Destination.ts"
import { DestinationRegistry } from "./DestinationRegistry.ts"

const testTimeoutMillis = 15_000

/** Destinations on the stores. */
export const layer: Layer.Layer<
  Destinations,
  never,
  | Crypto
  | DestinationKeys
  | DestinationRegistry
  | DestinationStore
  | IntegrationStore
  | KeyStore
  | Syncs
  | SyncStore
  | Transport
  | Wakeup
> = Layer.effect(
  Destinations,
  Effect.gen(function* () {
    const crypto = yield* Crypto
    const keys = yield* DestinationKeys
    const store = yield* DestinationStore
    const apiKeys = yield* KeyStore
    const sync = yield* SyncStore
    const integrations = yield* IntegrationStore
    const syncs = yield* Syncs
    const transport = yield* Transport
    const registry = yield* DestinationRegistry
    const wakeup = yield* Wakeup

    const find = (principal: Principal, id: string) =>
      Effect.flatMap(
        store.get(principal.workspaceId, id),
        Option.match({ onNone: () => Effect.fail(notFound("destination", "destinationId")), onSome: Effect.succeed })
      )

    const isReadFor = Effect.fnUntraced(function* (workspaceId: string, id: string) {
      for (const status of reading) {
        for (let pageToken: string | undefined; ;) {
          const runs = yield* sync.runs({ workspaceId, status }, { limit: 1000, pageToken })
          if (runs.items.some(({ destinationId }) => destinationId === id)) return true
          if (runs.nextPageToken === null) break
          pageToken = runs.nextPageToken
        }
      }
      return false
    })

    /** The text of an API key is kept only while a destination in Knit mode is signed with it. */
    const forgetKey = Effect.fnUntraced(function* (workspaceId: string, id: string) {
      const key = yield* apiKeys.apiKey(workspaceId, id)
      if (Option.isNone(key) || key.value.sealedKey === null || (yield* store.usesApiKey(id))) return
      yield* apiKeys.updateApiKey({ ...key.value, sealedKey: null })
    })

    return Destinations.of({
      register: Effect.fn("Destinations.register")(function* (principal, apiKey, request) {
        const registered = yield* registry.create(principal, apiKey, request, request.category)
        // Accounts that were connected before there was a destination begin now.
        const { workspaceId } = principal
        for (let pageToken: string | undefined; ;) {
          const waiting = yield* integrations.list({ workspaceId, state: "active" }, { limit: 1000, pageToken })
          for (const { id } of waiting.items) {
            // The secret is answered this once: what starts later must not keep it from the caller.
            yield* Effect.catch(syncs.startAutomatic(workspaceId, id), (error) =>
              Effect.logWarning("A first sync could not be started", { integrationId: id, code: error.code })
            )
          }
          if (waiting.nextPageToken === null) return registered
          pageToken = waiting.nextPageToken
        }
      }, orRefuse),
      list: (principal, request) => orRefuse(store.list(principal.workspaceId, request)),
      update: Effect.fn("Destinations.update")(function* (principal, request) {
        const destination = yield* find(principal, request.destinationId)
        if (request.mode === "knit" && destination.mode === "standard") {
          return yield* unprocessable(
            "destination.mode_needs_key",
            "mode",
            "A destination in Knit mode is signed with the API key that registers it, which a change does not carry.",
            "Register the URL again with webhook.register and mode knit."
          )
        }
        yield* registry.checkOptions(request)
        const headers = yield* registry.sealHeaders(principal.workspaceId, destination.id, request.headers)
        const now = yield* Clock.currentTimeMillis
        const next: Destination = {
          ...destination,
          url: request.url ?? destination.url,
          events: request.events ?? destination.events,
          mode: request.mode ?? destination.mode,
          aliases: request.aliases ?? destination.aliases,
          ack: request.ack ?? destination.ack,
          ordering: request.ordering ?? destination.ordering,
          coalesce: request.coalesce ?? destination.coalesce,
          headers: headers === undefined ? destination.headers : headers,
          state: request.state ?? destination.state,
          pausedReason:
            request.state === undefined ? destination.pausedReason : request.state === "paused" ? "operator" : null,
          // Keys are cached by this time: it must grow even when the clock does not.
          updatedAt: Math.max(now, destination.updatedAt + 1)
        }
        yield* store.save(next)
        yield* forgetKey(principal.workspaceId, destination.apiKeyId)
        yield* wakeup.notify(next.id)
        return next
      }, orRefuse),
      remove: Effect.fn("Destinations.remove")(function* (principal, id) {
        const destination = yield* find(principal, id)
        const jobs = yield* store.jobsOf(id)
        // A run goes on with the destination that it began with, even when its sync names another by now.
        if (jobs.length > 0 || (yield* isReadFor(principal.workspaceId, id))) {
          return yield* new Refusal({
            kind: "conflict",
            code: "destination.in_use",
            msg:
              jobs.length > 0
                ? `${jobs.length} sync(s) send to this destination.`
                : "A run that is going on sends to this destination.",
            field: "destinationId",
            resolution:
              jobs.length > 0
                ? "Name another destination for them with sync.update, or change this one's URL with webhook.update."
                : "Wait until it has ended, or end it with sync.cancel."
          })
        }
        const discarded = yield* store.remove(principal.workspaceId, id)
        yield* forgetKey(principal.workspaceId, destination.apiKeyId)
        return { discarded }
      }, orRefuse),
      test: Effect.fn("Destinations.test")(
        function* (principal, id) {
          const destination = yield* find(principal, id)
          const now = yield* Clock.currentTimeMillis
          const event = { id: yield* Id.make(crypto, "ev"), integrationId: "int_test" }
          const body = new TextEncoder().encode(
            Envelope.plain(
              { eventId: event.id, eventType: "webhook.test", appId: "crochet", originOrgId: "test", occurredAt: now },
              { message: "A test event of webhook.test. Answer 200 to acknowledge." }
            )
          )
          const headers = DeliveryHeaders.ofAttempt(event, yield* keys.of(destination), 1, now, body)
          const outcome = yield* Effect.result(
            transport.post({ url: destination.url, headers, body, timeoutMillis: testTimeoutMillis })
          )
          const durationMillis = (yield* Clock.currentTimeMillis) - now
          if (outcome._tag === "Failure") {
            return { delivered: false, status: null, error: outcome.failure.message, durationMillis, hint: null }
          }
          const { status } = outcome.success
          const delivered = status === 200 || (destination.ack === "2xx" && status >= 200 && status < 300)
          return {
            delivered,
            status,
            error: delivered ? null : `The receiver answered ${status}`,
            durationMillis,
            hint: hintOf(status, delivered)
          }
        },
        orRefuse,
        Effect.catchTag("KeysUnusable", (error) =>
          Effect.fail(
            unprocessable(
              "destination.keys_unusable",
              "destinationId",
              error.message,
              "Register it again with webhook.register."
            )
          )
        )
      ),
      forUrl: registry.forUrl
    })
  })
)

const hintOf = (status: number, delivered: boolean): string | null =>
  delivered
    ? null
    : status >= 200 && status < 300
      ? "Only 200 acknowledges. Answer 200, or set ack to 2xx with webhook.update."
      : status >= 300 && status < 400
        ? "Redirects are not followed. Register the final URL."
        : status === 401 || status === 403
          ? "The receiver refused. Check which key it verifies signatures with."
          : null
