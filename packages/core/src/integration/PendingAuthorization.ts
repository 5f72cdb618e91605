import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Schema from "effect/Schema"
import type { Authorization } from "../store/AuthorizationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Crypto } from "../vault/Crypto.ts"
import * as SealedJson from "../vault/SealedJson.ts"
import type { Vault, VaultError } from "../vault/Vault.ts"

/** What is needed to complete a sign-in, and is kept sealed until then. */
export const Pending = Schema.Struct({
  scheme: Schema.String,
  /** The PKCE verifier, where the scheme has one. */
  verifier: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  returnUrl: Schema.optionalKey(Schema.String),
  /** The account that is to be connected; checked anew when the browser comes back. */
  wanted: Schema.Struct({
    appId: Schema.String,
    originOrgId: Schema.String,
    originOrgName: Schema.optionalKey(Schema.String),
    settings: Schema.Record(Schema.String, Schema.String),
    accountType: Schema.Literals(["test", "production"]),
    integrationId: Schema.optionalKey(Schema.String)
  })
})
/** What is needed to complete a sign-in. */
export type Pending = typeof Pending.Type

const codec = Schema.fromJsonString(Pending)
const encoder = new TextEncoder()
const place = (id: string) => ({ table: "authorizations", column: "pending", row: id })
const scope = (workspaceId: string) => ({ owner: "workspace", ownerId: workspaceId, workspaceId }) as const

/** What is kept of a `state`. It is 256 random bits, so a fast hash is enough. */
export const hashOf = (crypto: Pick<Crypto["Service"], "sha256">, state: string): string =>
  Hex.encode(crypto.sha256(encoder.encode(state)))

/** Seals what a sign-in needs to its row in its workspace. */
export const seal = (
  vault: Vault["Service"],
  { id, workspaceId }: Pick<Authorization, "id" | "workspaceId">,
  pending: Pending
): Effect.Effect<Uint8Array, VaultError | StoreError> =>
  Effect.map(vault.sealer(scope(workspaceId)), (sealer) => sealer.seal(place(id), Schema.encodeSync(codec)(pending)))

/** Opens it again. */
export const open = (
  vault: Vault["Service"],
  { id, pending, workspaceId }: Authorization
): Effect.Effect<Pending, VaultError | StoreError> =>
  Effect.flatMap(vault.opener(scope(workspaceId)), (sealer) => SealedJson.open(sealer, codec, place(id), pending))
