import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
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

/** A destination cannot be signed for. It needs a person: a new key or secret. */
export class KeysUnusable extends Schema.TaggedError<KeysUnusable>()("KeysUnusable", {
  destinationId: Schema.String,
  what: Schema.Literals(["api key", "secret", "headers"])
}) {
  override get message(): string {
    return `Destination ${this.destinationId} cannot be signed for: its ${this.what} cannot be read. Register it again with webhook.register`
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
    /** Opened once for each (destination, `updatedAt`): a change of the destination is seen with its next request. */
    readonly of: (destination: Destination) => Effect.Effect<DeliveryKeys, KeysUnusable | VaultError | StoreError>
  }
>()("@crochet/core/delivery/DestinationKeys") {
  /** From the vault and the key store. */
  static readonly layer: Layer.Layer<DestinationKeys, never, Crypto | KeyStore | Vault> = Layer.effect(
    DestinationKeys,
    Effect.gen(function* () {
      const crypto = yield* Crypto
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
        const secret = text(sealer, places.secret(destination.id), destination.secret)
        const standard =
          secret === null ? null : Result.getOrNull(Signature.standardSigner(crypto, [Redacted.make(secret)]))
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
  )
}

const text = (sealer: Sealer, place: Place, sealed: Uint8Array): string | null => {
  try {
    return decoder.decode(sealer.open(place, sealed))
  } catch {
    return null
  }
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
