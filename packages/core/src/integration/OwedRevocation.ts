import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Credentials, OAuth2Credentials } from "../connector/Credentials.ts"
import type { Revocation } from "../store/RevocationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import * as SealedJson from "../vault/SealedJson.ts"
import type { Vault, VaultError } from "../vault/Vault.ts"
import { companyOf, type Integration } from "./Integration.ts"

/** What is needed to revoke the tokens of an account that is no more, and is kept sealed until then. */
export const Owed = Schema.Struct({
  credentials: OAuth2Credentials,
  /** Settings of the account, of which the address is made. */
  settings: Schema.Record(Schema.String, Schema.String),
  company: Schema.NullOr(Schema.String)
})
/** What is needed to revoke the tokens of an account that is no more. */
export type Owed = typeof Owed.Type

const codec = Schema.fromJsonString(Owed)
const place = (id: string) => ({ table: "revocations", column: "sealed", row: id })
const scope = (workspaceId: string) => ({ owner: "workspace", ownerId: workspaceId, workspaceId }) as const

/** Whose tokens are revoked: an account that ends, or what a sign-in did not become. */
export type Owner = Pick<Integration, "appId" | "id" | "settings" | "subject" | "workspaceId">

/** Seals the credentials of an account that ends to a revocation, due at once. */
export const make = Effect.fnUntraced(function* (
  { crypto, vault }: { readonly crypto: Crypto["Service"]; readonly vault: Vault["Service"] },
  integration: Owner,
  credentials: OAuth2Credentials
): Effect.fn.Return<Revocation, StoreError | VaultError> {
  const { appId, id: integrationId, settings, subject, workspaceId } = integration
  const id = yield* Id.make(crypto, "rv")
  const sealer = yield* vault.sealer(scope(workspaceId))
  const text = Schema.encodeSync(codec)({
    credentials,
    settings: { ...settings, ...credentials.settings },
    company: companyOf(subject)
  })
  const createdAt = yield* Clock.currentTimeMillis
  const sealed = sealer.seal(place(id), text)
  return { id, workspaceId, integrationId, appId, sealed, createdAt, nextAttemptAt: createdAt, attempts: 0 }
})

/** Opens it again. */
export const open = (
  vault: Vault["Service"],
  { id, sealed, workspaceId }: Revocation
): Effect.Effect<Owed, VaultError | StoreError> =>
  Effect.flatMap(vault.opener(scope(workspaceId)), (sealer) => SealedJson.open(sealer, codec, place(id), sealed))

/** Whether two are of one grant: the same refresh token, or the same access token where there is none. */
export const isSameGrant = (owed: OAuth2Credentials, other: Credentials): boolean => {
  if (other.kind !== "oauth2") return false
  const [ours, theirs] =
    owed.refreshToken === undefined ? [owed.accessToken, other.accessToken] : [owed.refreshToken, other.refreshToken]
  return theirs !== undefined && Redacted.value(ours) === Redacted.value(theirs)
}
