import { ApiKey } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** The scopes of API keys. */
export const Scope = Schema.Literals(ApiKey.scopes)

/** An API key without its text. */
export const ApiKeyView = Schema.Struct({
  keyId: Schema.String,
  name: Schema.String,
  prefix: Schema.String,
  scopes: Schema.Array(Scope),
  keptForSigning: Schema.Boolean.annotate({
    description: "A sealed copy is kept because a destination in Knit mode is signed with this key."
  }),
  createdAt: Stamp,
  lastUsedAt: Schema.NullOr(Stamp),
  revokedAt: Schema.NullOr(Stamp)
}).annotate({ identifier: "ApiKey" })

/** An API key for the wire. */
export const ofApiKey = (key: ApiKey.ApiKey): typeof ApiKeyView.Type => ({
  keyId: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  keptForSigning: key.sealedKey !== null,
  createdAt: stamp(key.createdAt),
  lastUsedAt: stamp(key.lastUsedAt),
  revokedAt: stamp(key.revokedAt)
})
