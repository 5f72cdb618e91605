import { Signature, type SigningKey } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { PublicUrl } from "./Envelope.ts"
import { stamp, Stamp } from "./Stamp.ts"

/** An Ed25519 public key that verifies `v1a` signatures. */
export const WebhookKeyView = Schema.Struct({
  keyId: Schema.String,
  algorithm: Schema.Literal("ed25519"),
  publicKey: Schema.String.annotate({ description: "`whpk_` and the base64 of the 32 bytes: pin it in the receiver." }),
  createdAt: Stamp,
  retiresAt: Schema.NullOr(Stamp).annotate({ description: "When it stops signing; null for the current one." })
}).annotate({ identifier: "WebhookKey" })

/** The keys, and where anybody can read them. */
export const WebhookKeysView = Schema.Struct({
  keys: Schema.Array(WebhookKeyView),
  url: Schema.String.annotate({ description: "Where anybody can read the same keys, without an API key." })
})

/** A key for the wire. */
export const ofKey = (key: SigningKey.SigningKey): typeof WebhookKeyView.Type => ({
  keyId: key.id,
  algorithm: "ed25519",
  publicKey: Signature.publicKeyText(key.publicKey),
  createdAt: stamp(key.createdAt),
  retiresAt: stamp(key.retiresAt)
})

/** Where a workspace's public keys are read. */
export const pathOf = (workspaceId: string): string => `/.well-known/crochet/${workspaceId}/webhook-keys`

/** The keys of a workspace for the wire. */
export const keysOf =
  (workspaceId: string) =>
  (keys: ReadonlyArray<SigningKey.SigningKey>): Effect.Effect<typeof WebhookKeysView.Type> =>
    Effect.map(PublicUrl, (publicUrl) => ({ keys: keys.map(ofKey), url: `${publicUrl}${pathOf(workspaceId)}` }))
