import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SealedValue from "./SealedValue.ts"
import type { Sealer } from "./Vault.ts"
import type { VaultError } from "./VaultError.ts"

const decoder = new TextDecoder()

/** Opens a value that was sealed as the codec's JSON. */
export const open = <A>(
  sealer: Sealer,
  codec: Schema.Codec<A, string>,
  place: SealedValue.Place,
  sealed: Uint8Array
): Effect.Effect<A, VaultError> =>
  Effect.try({
    try: () => Schema.decodeSync(codec)(decoder.decode(sealer.open(place, sealed))),
    // `open` throws nothing else.
    catch: (error) => error as VaultError
  })
