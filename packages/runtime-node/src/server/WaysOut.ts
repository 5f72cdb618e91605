import { DestinationPolicy, type Transport } from "@crochet/core"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Settings } from "../config/Settings.ts"
import type * as AddressPolicy from "../egress/AddressPolicy.ts"
import * as EgressGuard from "../egress/EgressGuard.ts"
import * as ProviderHttp from "../egress/ProviderHttp.ts"
import * as UndiciTransport from "../egress/UndiciTransport.ts"

/** Asks the guard about a URL before it is saved as a destination. */
const policy = Layer.effect(
  DestinationPolicy.DestinationPolicy,
  Effect.map(EgressGuard.EgressGuard, (guard) => ({
    check: (url: string) =>
      Effect.match(guard.verify(url), { onSuccess: () => null, onFailure: (refused) => `${refused.message}.` })
  }))
)

/**
 * The ways out of the process, all through one guard: to apps, to receivers, and the check of a receiver's URL before
 * it is saved. `ownPorts` are where this process listens, which is never a target.
 */
export const layer = (
  settings: Pick<Settings, "egressAllow" | "egressHttp" | "egressHighPorts">,
  ownPorts: ReadonlySet<number>
): Layer.Layer<
  HttpClient.HttpClient | Transport.Transport | DestinationPolicy.DestinationPolicy,
  AddressPolicy.InvalidCidr
> =>
  Layer.mergeAll(ProviderHttp.layer(), UndiciTransport.layer(), policy).pipe(
    Layer.provide(
      // `Settings` has checked the networks: a wrong one never comes this far.
      Layer.orDie(EgressGuard.EgressGuard.layer({ ...EgressGuard.fromSettings(settings), ownPorts: () => ownPorts }))
    )
  )
