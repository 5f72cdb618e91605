import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { KeyStore } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "./Crypto.ts"
import * as MasterKeys from "./MasterKeys.ts"
import type { VaultError } from "./VaultError.ts"

/** A master key and how many data keys it wraps. */
export interface MasterKeyUse {
  readonly id: string
  readonly dataKeys: number
  /** Whether it wraps new data keys. */
  readonly active: boolean
  /** Whether this process has it. */
  readonly given: boolean
}

/** How far a rotation is. */
export interface RotationProgress {
  readonly done: number
  readonly total: number
}

/** What a rotation came to. */
export interface Rotation {
  /** The master key that every readable data key is under now. */
  readonly to: string
  /** The master keys that were left. */
  readonly from: ReadonlyArray<string>
  /** Data keys that were wrapped anew; with `dryRun`, that would be. */
  readonly rewrapped: number
  /** Data keys that do not open under the key that they name: they stay as they are, and unreadable. */
  readonly unreadable: number
}

/** How a rotation goes. */
export interface RotateOptions {
  readonly dryRun?: boolean | undefined
  /** Data keys in one transaction; 2,000 by default. */
  readonly batch?: number | undefined
  readonly onProgress?: ((progress: RotationProgress) => Effect.Effect<void>) | undefined
}

type RewrapPart = Effect.Success<ReturnType<KeyStore["Service"]["rewrapDataKeys"]>>

/** Between two transactions others get their turn: without a pause, one process could hold SQLite's only lock. */
const pause = Duration.millis(5)

/** Rotation of the master key while servers run: data keys are wrapped anew, what they sealed stays as it is. */
export class KeyRotation extends Context.Service<
  KeyRotation,
  {
    readonly status: Effect.Effect<ReadonlyArray<MasterKeyUse>, StoreError>
    /**
     * Makes the preferred key the one that wraps new data keys, and wraps all others anew, a batch a transaction. Done
     * again after it was interrupted, it goes on; done again after the end, it does nothing.
     */
    readonly rotate: (options?: RotateOptions) => Effect.Effect<Rotation, StoreError>
  }
>()("@crochet/core/vault/KeyRotation") {
  /** Fails like the vault when the keys do not fit the database. */
  static readonly layer = (
    given: MasterKeys.MasterKey | MasterKeys.MasterKeySource
  ): Layer.Layer<KeyRotation, VaultError | StoreError, Crypto | KeyStore> =>
    Layer.effect(
      KeyRotation,
      Effect.gen(function* () {
        const store = yield* KeyStore
        const masterKeys = yield* MasterKeys.open(MasterKeys.sourceOf(given), yield* Crypto, store)

        const status = Effect.gen(function* () {
          const active = Option.getOrUndefined(yield* store.meta(MasterKeys.activeKey))
          const uses = new Map((yield* store.masterKeyUse).map((use) => [use.masterKeyId, use.dataKeys]))
          const ids = new Set([...(active === undefined ? [] : [active]), ...masterKeys.ids(), ...uses.keys()])
          return [...ids].map((id) => ({
            id,
            dataKeys: uses.get(id) ?? 0,
            active: id === active,
            given: masterKeys.ids().includes(id)
          }))
        })

        return KeyRotation.of({
          status,
          rotate: Effect.fn("KeyRotation.rotate")(function* ({ batch = 2000, dryRun = false, onProgress } = {}) {
            const to = masterKeys.preferred
            const before = yield* status
            const from = before.filter((use) => use.id !== to && (use.active || use.dataKeys > 0))
            const total = from.reduce((sum, use) => sum + use.dataKeys, 0)
            const ids = from.map((use) => use.id)
            if (dryRun) return { to, from: ids, rewrapped: total, unreadable: 0 }
            if (!before.some((use) => use.id === to && use.active)) yield* masterKeys.activate
            let rewrapped = 0
            const damaged = new Set<string>()
            // Asked again: a data key may have been made under the old key a moment before the new one was named.
            for (const { masterKeyId } of yield* store.masterKeyUse) {
              if (masterKeyId === to) continue
              for (let after: string | null = ""; after !== null;) {
                const part: RewrapPart = yield* store.rewrapDataKeys({
                  from: masterKeyId,
                  to,
                  after,
                  limit: batch,
                  // What opens under no key stays as it is, but does not keep the old master key needed for ever.
                  rewrap: (key) => masterKeys.rewrap(key, to) ?? (damaged.add(key.id), key.wrapped)
                })
                if (part.rewrapped > 0) CrashPoint.at("keys.rewrapped")
                rewrapped += part.rewrapped
                after = part.last
                if (onProgress !== undefined) {
                  yield* onProgress({ done: rewrapped, total: Math.max(total, rewrapped) })
                }
                if (after !== null) yield* Effect.sleep(pause)
              }
            }
            return { to, from: ids, rewrapped: rewrapped - damaged.size, unreadable: damaged.size }
          })
        })
      })
    )
}
