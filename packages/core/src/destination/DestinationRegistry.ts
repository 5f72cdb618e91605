import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as DeliveryHeaders from "../delivery/DeliveryHeaders.ts"
import { places } from "../delivery/DestinationKeys.ts"
import * as Signature from "../delivery/Signature.ts"
import { SigningKeys } from "../delivery/SigningKeys.ts"
import { eventTypes } from "../event/EventType.ts"
import { Access, type Principal } from "../service/Access.ts"
import type { RegisterRequest, UpdateRequest } from "../service/Destinations.ts"
import type { Refusal } from "../service/Refusal.ts"
import { orRefuse, unprocessable } from "../service/Refusal.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault, type VaultError } from "../vault/Vault.ts"
import type { Destination } from "./Destination.ts"
import { DestinationPolicy } from "./DestinationPolicy.ts"

/** Makes destinations: for `webhook.register`, and for URLs that a sync names. */
export class DestinationRegistry extends Context.Service<
  DestinationRegistry,
  {
    readonly create: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      request: Omit<RegisterRequest, "category">,
      category: Destination["category"]
    ) => Effect.Effect<
      { readonly destination: Destination; readonly secret: Redacted.Redacted },
      Refusal | StoreError | VaultError
    >
    /** The destination of a URL that a sync names, made on first use. */
    readonly forUrl: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      url: string
    ) => Effect.Effect<Destination, Refusal>
    /** Refuses a URL, event type or header that cannot be used. */
    readonly checkOptions: (
      request: Pick<UpdateRequest, "url" | "events" | "headers" | "aliases">
    ) => Effect.Effect<void, Refusal>
    /** Undefined stays undefined (no change), no headers become null. */
    readonly sealHeaders: (
      workspaceId: string,
      id: string,
      headers: { readonly [name: string]: string } | undefined
    ) => Effect.Effect<Uint8Array | null | undefined, StoreError | VaultError>
  }
>()("@crochet/core/destination/DestinationRegistry") {}

/** Destinations on the store, their secrets and headers sealed. */
export const layer: Layer.Layer<
  DestinationRegistry,
  never,
  Access | Crypto | DestinationPolicy | DestinationStore | SigningKeys | Vault
> = Layer.effect(
  DestinationRegistry,
  Effect.gen(function* () {
    const access = yield* Access
    const crypto = yield* Crypto
    const policy = yield* DestinationPolicy
    const signingKeys = yield* SigningKeys
    const store = yield* DestinationStore
    const vault = yield* Vault

    const sealerOf = (workspaceId: string) => vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })

    const sealHeaders = Effect.fnUntraced(function* (
      workspaceId: string,
      id: string,
      headers: { readonly [name: string]: string } | undefined
    ) {
      if (headers === undefined) return undefined
      const sealer = yield* sealerOf(workspaceId)
      return Object.keys(headers).length === 0 ? null : sealer.seal(places.headers(id), JSON.stringify(headers))
    })

    const checkOptions = Effect.fnUntraced(function* (
      request: Pick<UpdateRequest, "url" | "events" | "headers" | "aliases">
    ) {
      if (request.url !== undefined) {
        const problem = yield* policy.check(request.url)
        if (problem !== null) {
          return yield* unprocessable(
            "destination.invalid_url",
            "url",
            problem,
            "Give an https URL that the internet can reach, or let the operator allow the network with CROCHET_EGRESS_ALLOW."
          )
        }
      }
      const unknown = [...(request.events ?? []), ...Object.keys(request.aliases ?? {})].find(
        (type) => !eventTypes.some((known) => known === type)
      )
      if (unknown !== undefined) {
        return yield* unprocessable(
          "destination.unknown_event",
          "events",
          `There is no event type ${JSON.stringify(unknown)}.`,
          `Use some of ${eventTypes.join(", ")}.`
        )
      }
      for (const [name, value] of Object.entries(request.headers ?? {})) {
        const problem = DeliveryHeaders.refusal(name, value)
        if (problem !== null)
          return yield* unprocessable(
            "destination.invalid_header",
            `headers.${name}`,
            `This header cannot be sent: ${problem}.`,
            "Choose another name or value."
          )
      }
    })

    const create = Effect.fnUntraced(function* (
      principal: Principal,
      apiKey: Redacted.Redacted,
      request: Omit<RegisterRequest, "category">,
      category: Destination["category"]
    ) {
      yield* checkOptions(request)
      const { workspaceId } = principal
      const id = yield* Id.make(crypto, "dest")
      const secret = Signature.newSecret(crypto)
      const sealer = yield* sealerOf(workspaceId)
      const now = yield* Clock.currentTimeMillis
      const mode = request.mode ?? "knit"
      if (mode === "knit") yield* access.keepForSigning(workspaceId, principal.apiKeyId, apiKey)
      const destination: Destination = {
        id,
        workspaceId,
        category,
        url: request.url,
        events: request.events ?? null,
        mode,
        aliases: request.aliases ?? {},
        ack: request.ack ?? "200",
        apiKeyId: principal.apiKeyId,
        secret: sealer.seal(places.secret(id), Redacted.value(secret)),
        headers: (yield* sealHeaders(workspaceId, id, request.headers)) ?? null,
        concurrency: request.concurrency ?? null,
        ratePerSecond: request.ratePerSecond ?? null,
        ordering: request.ordering ?? "record",
        coalesce: request.coalesce ?? false,
        signatures: [...new Set(request.signatures ?? ["v1" as const])],
        previousSecrets: [],
        state: "active",
        pausedReason: null,
        pausedAt: null,
        createdAt: now,
        updatedAt: now
      }
      // So that there is a public key to be read before the first request comes.
      if (destination.signatures.includes("v1a")) yield* signingKeys.of(workspaceId)
      yield* store.save(destination)
      // Another destination of the key may have been removed meanwhile, and the key's text with it.
      if (mode === "knit") yield* access.keepForSigning(workspaceId, principal.apiKeyId, apiKey)
      return { destination, secret }
    })

    return DestinationRegistry.of({
      create,
      checkOptions,
      sealHeaders,
      forUrl: Effect.fn("DestinationRegistry.forUrl")(function* (principal, apiKey, url) {
        const known = yield* store.forUrl(principal.workspaceId, url, principal.apiKeyId)
        if (Option.isSome(known)) return known.value
        return (yield* create(principal, apiKey, { url }, null)).destination
      }, orRefuse)
    })
  })
)
