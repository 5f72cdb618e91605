import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Refusal } from "../service/Refusal.ts"
import { KeyStore } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { type Place, Vault, type VaultError } from "../vault/Vault.ts"
import { maximumPrevious } from "./Signature.ts"
import type { SigningKey } from "./SigningKey.ts"

/** Where a signing key's seed lives. */
export const seedPlace = (id: string): Place => ({ table: "signing_keys", column: "sealed_seed", row: id })

/** Whether a key signs at a time in epoch milliseconds. */
export const signsAt = (key: Pick<SigningKey, "retiresAt">, atMillis: number): boolean =>
  key.retiresAt === null || key.retiresAt > atMillis

/** The Ed25519 keys with which a workspace's requests are signed (`v1a`). */
export class SigningKeys extends Context.Service<
  SigningKeys,
  {
    /** Those that sign now, oldest first. The first one is made when it is asked for. */
    readonly of: (workspaceId: string) => Effect.Effect<ReadonlyArray<SigningKey>, VaultError | StoreError>
    /** The same for everybody to see: makes none; none when there is no such workspace. */
    readonly published: (workspaceId: string) => Effect.Effect<Option.Option<ReadonlyArray<SigningKey>>, StoreError>
    /**
     * Makes a new key, which signs at once. Those before go on for `overlapMillis`, or, with null, end now, all of them.
     */
    readonly rotate: (
      workspaceId: string,
      overlapMillis: number | null
    ) => Effect.Effect<ReadonlyArray<SigningKey>, Refusal | VaultError | StoreError>
  }
>()("@crochet/core/delivery/SigningKeys") {
  /** In the key store, private keys sealed. */
  static readonly layer: Layer.Layer<SigningKeys, never, Crypto | KeyStore | Vault> = Layer.effect(
    SigningKeys,
    Effect.gen(function* () {
      const crypto = yield* Crypto
      const store = yield* KeyStore
      const vault = yield* Vault

      const live = Effect.fnUntraced(function* (workspaceId: string) {
        const now = yield* Clock.currentTimeMillis
        return (yield* store.signingKeys(workspaceId)).filter((key) => signsAt(key, now))
      })

      const make = Effect.fnUntraced(function* (workspaceId: string) {
        const sealer = yield* vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
        const id = yield* Id.make(crypto, "whk")
        const { publicKey, seed } = crypto.ed25519KeyPair()
        const sealedSeed = sealer.seal(seedPlace(id), seed)
        seed.fill(0)
        const createdAt = yield* Clock.currentTimeMillis
        return { id, workspaceId, publicKey, sealedSeed, createdAt, retiresAt: null } satisfies SigningKey
      })

      const of = Effect.fnUntraced(function* (workspaceId: string) {
        const known = yield* live(workspaceId)
        if (known.length > 0) return known
        const key = yield* make(workspaceId)
        // Two processes may get here at once: the first one's key is everybody's.
        yield* store.rotateSigningKey({ key, replaces: null, retiresAt: key.createdAt, endEarlier: false })
        return yield* live(workspaceId)
      })

      return {
        of,
        published: Effect.fnUntraced(function* (workspaceId) {
          const known = yield* live(workspaceId)
          const exists = known.length > 0 || (yield* store.workspaces).includes(workspaceId)
          return exists ? Option.some(known) : Option.none()
        }),
        rotate: Effect.fnUntraced(function* (workspaceId, overlapMillis) {
          const known = yield* of(workspaceId)
          const current = known.find((key) => key.retiresAt === null)
          if (overlapMillis !== null && known.length > maximumPrevious) {
            return yield* new Refusal({
              kind: "conflict",
              code: "webhook.too_many_keys",
              msg: `${maximumPrevious} earlier keys still sign: with more, receivers would refuse the requests.`,
              field: "overlapSeconds",
              resolution: "Wait until one of them ends (webhook.keys.list), or send expireNow, which ends all of them."
            })
          }
          const key = yield* make(workspaceId)
          const rotated = yield* store.rotateSigningKey({
            key,
            replaces: current?.id ?? null,
            retiresAt: key.createdAt + (overlapMillis ?? 0),
            endEarlier: overlapMillis === null
          })
          if (!rotated) {
            return yield* new Refusal({
              kind: "conflict",
              code: "store.conflict",
              msg: "Another call changed the key at the same time.",
              resolution: "Look at webhook.keys.list, and send the call again if it is still wanted."
            })
          }
          return yield* live(workspaceId)
        })
      }
    })
  )
}
