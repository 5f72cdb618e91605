import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as DeliveryHeaders from "../delivery/DeliveryHeaders.ts"
import { DestinationKeys, places } from "../delivery/DestinationKeys.ts"
import * as Hint from "../delivery/Hint.ts"
import * as Pauses from "../delivery/Pauses.ts"
import * as Signature from "../delivery/Signature.ts"
import * as SignatureTime from "../delivery/SignatureTime.ts"
import { SigningKeys } from "../delivery/SigningKeys.ts"
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
import { OutboxStore } from "../store/OutboxStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { reading } from "../sync/Run.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault } from "../vault/Vault.ts"
import type { Destination } from "./Destination.ts"
import { DestinationRegistry } from "./DestinationRegistry.ts"
import * as SecretRotation from "./SecretRotation.ts"

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
  | OutboxStore
  | SigningKeys
  | Syncs
  | SyncStore
  | Transport
  | Vault
  | Wakeup
> = Layer.effect(
  Destinations,
  Effect.gen(function* () {
    const crypto = yield* Crypto
    const keys = yield* DestinationKeys
    const signingKeys = yield* SigningKeys
    const vault = yield* Vault
    const store = yield* DestinationStore
    const apiKeys = yield* KeyStore
    const sync = yield* SyncStore
    const integrations = yield* IntegrationStore
    const syncs = yield* Syncs
    const transport = yield* Transport
    const signatureTime = yield* SignatureTime.reader
    const registry = yield* DestinationRegistry
    const wakeup = yield* Wakeup
    const outbox = yield* OutboxStore
    const pauses = Pauses.make({ destinations: store, vault: yield* Vault, wakeup })

    const find = (principal: Principal, id: string) =>
      Effect.flatMap(
        store.get(principal.workspaceId, id),
        Option.match({ onNone: () => Effect.fail(notFound("destination", "destinationId")), onSome: Effect.succeed })
      )

    const changed = <E>(
      principal: Principal,
      id: string,
      change: (known: Destination) => Result.Result<Destination, E>
    ) =>
      Effect.flatMap(
        store.change(principal.workspaceId, id, change),
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
      health: Effect.fn("Destinations.health")(function* (principal, destinations) {
        const own = destinations.filter(({ workspaceId }) => workspaceId === principal.workspaceId)
        const known = own.length === 0 ? [] : yield* outbox.health(own.map(({ id }) => id))
        return new Map(known.map((health) => [health.destinationId, health]))
      }, orRefuse),
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
        if (request.signatures?.includes("v1a") === true) yield* signingKeys.of(principal.workspaceId)
        const now = yield* Clock.currentTimeMillis
        const change = (destination: Destination): Destination => ({
          ...destination,
          url: request.url ?? destination.url,
          events: request.events ?? destination.events,
          mode: request.mode ?? destination.mode,
          aliases: request.aliases ?? destination.aliases,
          ack: request.ack ?? destination.ack,
          signatures: request.signatures === undefined ? destination.signatures : [...new Set(request.signatures)],
          ordering: request.ordering ?? destination.ordering,
          coalesce: request.coalesce ?? destination.coalesce,
          headers: headers === undefined ? destination.headers : headers,
          concurrency: request.concurrency === undefined ? destination.concurrency : request.concurrency,
          ratePerSecond: request.ratePerSecond === undefined ? destination.ratePerSecond : request.ratePerSecond,
          // Keys are cached by this time: it must grow even when the clock does not.
          updatedAt: Math.max(now, destination.updatedAt + 1)
        })
        const next = yield* changed(principal, destination.id, (known) => Result.succeed(change(known)))
        if (request.state === "paused") yield* pauses.pause(next, "operator")
        if (request.state === "active") yield* pauses.resume(next)
        yield* forgetKey(principal.workspaceId, destination.apiKeyId)
        yield* wakeup.notify(next.id)
        return request.state === undefined ? next : yield* find(principal, next.id)
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
          const headers = DeliveryHeaders.ofAttempt(event, yield* keys.of(destination), 1, signatureTime(), body)
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
            hint: Hint.hintOf(status, delivered)
          }
        },
        orRefuse,
        Effect.catchTag("KeysUnusable", (error) =>
          Effect.fail(
            unprocessable(
              "destination.keys_unusable",
              "destinationId",
              error.message,
              "Make another secret or key, or register it again, as the message says."
            )
          )
        )
      ),
      rotateSecret: Effect.fn("Destinations.rotateSecret")(function* (principal, request) {
        const { workspaceId } = principal
        const overlap = yield* SecretRotation.overlapOf(request)
        const { id } = yield* find(principal, request.destinationId)
        const sealer = yield* vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
        const secret = Signature.newSecret(crypto)
        const sealed = sealer.seal(places.secret(id), Redacted.value(secret))
        const now = yield* Clock.currentTimeMillis
        const destination = yield* changed(principal, id, (known) =>
          SecretRotation.rotated(known, sealed, overlap, now)
        )
        yield* wakeup.notify(id)
        return { destination, secret }
      }, orRefuse),
      keys: (principal) => orRefuse(signingKeys.of(principal.workspaceId)),
      rotateKey: Effect.fn("Destinations.rotateKey")(function* (principal, request) {
        return yield* signingKeys.rotate(principal.workspaceId, yield* SecretRotation.overlapOf(request))
      }, orRefuse),
      publishedKeys: (workspaceId) =>
        Effect.flatMap(
          orRefuse(signingKeys.published(workspaceId)),
          Option.match({ onNone: () => Effect.fail(notFound("workspace", "workspaceId")), onSome: Effect.succeed })
        ),
      forUrl: registry.forUrl
    })
  })
)
