import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Destination } from "../destination/Destination.ts"
import { KeyStore } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "../vault/Crypto.ts"
import { Vault, type VaultError, type Place, type Sealer } from "../vault/Vault.ts"
import { refusal, type DeliveryKeys } from "./DeliveryHeaders.ts"
import * as Signature from "./Signature.ts"
import { seedPlace, SigningKeys } from "./SigningKeys.ts"

/** A destination cannot be signed for. It needs a person: a new key or secret. */
export class KeysUnusable extends Schema.TaggedError<KeysUnusable>()("KeysUnusable", {
  destinationId: Schema.String,
  what: Schema.Literals(["api key", "secret", "headers", "signing key"])
}) {
  override get message(): string {
    const remedy =
      this.what === "secret"
        ? "Make another with webhook.rotateSecret and expireNow"
        : this.what === "signing key"
          ? "Make another with webhook.rotateKey and expireNow"
          : "Register it again with webhook.register"
    return `Destination ${this.destinationId} cannot be signed for: its ${this.what} cannot be read. ${remedy}`
  }
}

/** Where the sealed values of destinations and API keys live. All are sealed with the workspace's key. */
export const places = {
  apiKey: (id: string): Place => ({ table: "api_keys", column: "sealed_key", row: id }),
  secret: (id: string): Place => ({ table: "destinations", column: "secret", row: id }),
  headers: (id: string): Place => ({ table: "destinations", column: "headers", row: id })
}

const capacity = 1024
const decoder = new TextDecoder()

/** Opens what signs a destination's requests. */
export class DestinationKeys extends Context.Service<
  DestinationKeys,
  {
    /**
     * Opened once for each (destination, `updatedAt`): a change of the destination, or of the workspace's signing keys,
     * is seen with its next request. What ends in between drops out by itself, at its time.
     */
    readonly of: (destination: Destination) => Effect.Effect<DeliveryKeys, KeysUnusable | VaultError | StoreError>
  }
>()("@crochet/core/delivery/DestinationKeys") {
  /** From the vault and the key store. */
  static readonly layer: Layer.Layer<DestinationKeys, never, Crypto | KeyStore | Vault> = Layer.effect(
    DestinationKeys,
    Effect.gen(function* () {
      const crypto = yield* Crypto
      const signingKeys = yield* SigningKeys
      const store = yield* KeyStore
      const vault = yield* Vault
      const cache = new Map<string, { readonly updatedAt: number; readonly keys: DeliveryKeys }>()

      const open = Effect.fnUntraced(function* (destination: Destination) {
        const unusable = (what: KeysUnusable["what"]) => new KeysUnusable({ destinationId: destination.id, what })
        const sealer = yield* vault.opener({
          owner: "workspace",
          ownerId: destination.workspaceId,
          workspaceId: destination.workspaceId
        })
        const now = yield* Clock.currentTimeMillis
        const standardKeys: Array<Signature.StandardKey> = []
        if (destination.signatures.includes("v1")) {
          const place = places.secret(destination.id)
          const current = text(sealer, place, destination.secret)
          if (current === null) return yield* unusable("secret")
          standardKeys.push({ version: "v1", secret: Redacted.make(current) })
          for (const { sealed, until } of destination.previousSecrets) {
            if (until <= now) continue
            const previous = Result.map(Base64.decode(sealed), (bytes) => text(sealer, place, bytes))
            if (Result.isFailure(previous) || previous.success === null) return yield* unusable("secret")
            standardKeys.push({ version: "v1", secret: Redacted.make(previous.success), until })
          }
        }
        if (destination.signatures.includes("v1a")) {
          for (const key of yield* signingKeys.of(destination.workspaceId)) {
            const seed = opened(sealer, seedPlace(key.id), key.sealedSeed)
            if (seed === null) return yield* unusable("signing key")
            standardKeys.push({ version: "v1a", seed: Redacted.make(seed), until: key.retiresAt })
          }
        }
        const standard = Result.getOrNull(Signature.standardSigner(crypto, standardKeys))
        if (standard === null) return yield* unusable("secret")
        const headers =
          destination.headers === null ? {} : checked(text(sealer, places.headers(destination.id), destination.headers))
        if (headers === null) return yield* unusable("headers")
        let knit: Signature.KnitSigner | null = null
        if (destination.mode === "knit") {
          const key = Option.getOrNull(yield* store.apiKey(destination.workspaceId, destination.apiKeyId))
          const opened =
            key === null || key.sealedKey === null ? null : text(sealer, places.apiKey(key.id), key.sealedKey)
          if (opened === null) return yield* unusable("api key")
          knit = Signature.knitSigner(crypto, Redacted.make(opened))
        }
        return { knit, standard, headers } satisfies DeliveryKeys
      })

      return {
        of: (destination) => {
          const cached = cache.get(destination.id)
          if (cached?.updatedAt === destination.updatedAt) return Effect.succeed(cached.keys)
          return Effect.map(open(destination), (keys) => {
            if (cache.size >= capacity) cache.delete(cache.keys().next().value!)
            cache.set(destination.id, { updatedAt: destination.updatedAt, keys })
            return keys
          })
        }
      }
    })
  ).pipe(Layer.provide(SigningKeys.layer))
}

const opened = (sealer: Sealer, place: Place, sealed: Uint8Array): Uint8Array | null => {
  try {
    return sealer.open(place, sealed)
  } catch {
    return null
  }
}

const text = (sealer: Sealer, place: Place, sealed: Uint8Array): string | null => {
  const bytes = opened(sealer, place, sealed)
  return bytes === null ? null : decoder.decode(bytes)
}

const checked = (json: string | null): { readonly [name: string]: string } | null => {
  if (json === null) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    return null
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === "string" && refusal(name, value) === null) headers[name.toLowerCase()] = value
  }
  return headers
}
