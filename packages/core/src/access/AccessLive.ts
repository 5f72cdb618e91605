import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { places } from "../delivery/DestinationKeys.ts"
import { Access } from "../service/Access.ts"
import { notFound, Refusal, orRefuse } from "../service/Refusal.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { KeyStore } from "../store/KeyStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault } from "../vault/Vault.ts"
import type { ApiKey, Scope } from "./ApiKey.ts"
import * as ApiKeyText from "./ApiKeyText.ts"

const unauthenticated = new Refusal({
  kind: "unauthenticated",
  code: "auth.invalid_api_key",
  msg: "The API key is missing, unknown or revoked.",
  field: "Authorization",
  resolution: "Send Authorization: Bearer <API key>. Make a key with crochet keys create."
})

/** How often the last use of a key is written down. */
const touchEveryMillis = 60_000

/** API keys in the key store; a key that signs for Knit destinations is also kept sealed. */
export const layer: Layer.Layer<Access, never, KeyStore | DestinationStore | Crypto | Vault> = Layer.effect(
  Access,
  Effect.gen(function* () {
    const keys = yield* KeyStore
    const destinations = yield* DestinationStore
    const crypto = yield* Crypto
    const vault = yield* Vault
    const touched = new Map<string, number>()

    const add = Effect.fnUntraced(function* (
      workspaceId: string,
      name: string,
      scopes: ReadonlyArray<Scope>,
      text: Redacted.Redacted
    ) {
      const createdAt = yield* Clock.currentTimeMillis
      const key: ApiKey = {
        id: yield* Id.make(crypto, "key"),
        workspaceId,
        name,
        prefix: Redacted.value(text).slice(0, 16),
        hash: ApiKeyText.hash(crypto, text),
        scopes,
        createdAt,
        lastUsedAt: null,
        revokedAt: null,
        sealedKey: null
      }
      yield* keys.addApiKey(key)
      return key
    })

    const get = (workspaceId: string, id: string) =>
      Effect.flatMap(
        orRefuse(keys.apiKey(workspaceId, id)),
        Option.match({ onNone: () => Effect.fail(notFound("api_key", "keyId")), onSome: Effect.succeed })
      )

    return Access.of({
      bootstrap: Effect.fn("Access.bootstrap")(function* (given) {
        let [workspaceId] = yield* keys.workspaces
        if (workspaceId === undefined) {
          // Of several processes that start at once on an empty database, one names the workspace for all.
          workspaceId = yield* keys.initMeta("access.first_workspace", yield* Id.make(crypto, "ws"))
          yield* keys.addWorkspace(workspaceId, yield* Clock.currentTimeMillis)
        }
        if (given !== undefined) {
          const known = keys.apiKeyByHash(ApiKeyText.hash(crypto, given))
          if (Option.isNone(yield* known)) {
            const added = yield* Effect.result(add(workspaceId, "CROCHET_API_KEY", ["admin"], given))
            // Another process may have been faster.
            if (Result.isFailure(added) && Option.isNone(yield* known)) return yield* Effect.fail(added.failure)
          }
          return { workspaceId, created: null }
        }
        if ((yield* keys.apiKeys(workspaceId)).length > 0) return { workspaceId, created: null }
        const text = ApiKeyText.generate(crypto, "live")
        yield* add(workspaceId, "first key", ["admin"], text)
        return { workspaceId, created: text }
      }, orRefuse),
      createWorkspace: orRefuse(
        Effect.gen(function* () {
          const workspaceId = yield* Id.make(crypto, "ws")
          yield* keys.addWorkspace(workspaceId, yield* Clock.currentTimeMillis)
          const text = ApiKeyText.generate(crypto, "live")
          return { key: yield* add(workspaceId, "first key", ["admin"], text), text }
        })
      ),
      authenticate: Effect.fnUntraced(function* (text) {
        const found = yield* keys.apiKeyByHash(ApiKeyText.hash(crypto, text))
        if (Option.isNone(found) || found.value.revokedAt !== null) return yield* unauthenticated
        const { id: apiKeyId, scopes, workspaceId } = found.value
        const now = yield* Clock.currentTimeMillis
        if (now - (touched.get(apiKeyId) ?? 0) >= touchEveryMillis) {
          touched.set(apiKeyId, now)
          // Who may call does not depend on whether the last use could be written down.
          yield* Effect.ignore(keys.touchApiKeys(new Map([[apiKeyId, now]])))
        }
        return { workspaceId, apiKeyId, scopes }
      }, orRefuse),
      create: Effect.fn("Access.create")(function* ({ name, scopes, workspaceId }) {
        const text = ApiKeyText.generate(crypto, "live")
        return { key: yield* add(workspaceId, name, scopes, text), text }
      }, orRefuse),
      list: (workspaceId) => orRefuse(keys.apiKeys(workspaceId)),
      revoke: Effect.fn("Access.revoke")(function* (workspaceId, id) {
        const key = yield* get(workspaceId, id)
        if (yield* destinations.usesApiKey(id)) {
          return yield* new Refusal({
            kind: "conflict",
            code: "api_key.in_use",
            msg: "A destination in Knit mode is signed with this key.",
            field: "keyId",
            resolution: "Register the destination again with another key, or switch it to mode standard; then revoke."
          })
        }
        if (key.revokedAt !== null) return key
        const revoked = { ...key, revokedAt: yield* Clock.currentTimeMillis, sealedKey: null }
        yield* keys.updateApiKey(revoked)
        return revoked
      }, orRefuse),
      keepForSigning: Effect.fn("Access.keepForSigning")(function* (workspaceId, id, text) {
        const key = yield* get(workspaceId, id)
        if (key.sealedKey !== null) return
        const sealer = yield* vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
        const sealedKey = sealer.seal(places.apiKey(id), Redacted.value(text))
        yield* keys.updateApiKey({ ...key, sealedKey })
      }, orRefuse)
    })
  })
)
