import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** Which URLs may be destinations: the runtime's egress guard, asked when one is saved as well as at every attempt. */
export class DestinationPolicy extends Context.Service<
  DestinationPolicy,
  {
    /** A sentence that says why not; null when the URL is fine. */
    readonly check: (url: string) => Effect.Effect<string | null>
  }
>()("@crochet/core/destination/DestinationPolicy") {}
