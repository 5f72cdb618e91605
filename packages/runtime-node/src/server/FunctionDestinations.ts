import { DestinationPolicy, Transport } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** An event as a function of the host gets it: the body of the webhook, and the account that it is about. */
export interface ReceivedEvent {
  readonly eventId: string
  readonly eventType: string
  /** The models under their keys, or what the event type says. */
  readonly eventData: { readonly [key: string]: unknown }
  /** Empty for events that are about no account, e.g. `destination.paused`. */
  readonly integrationId: string
  readonly occurredAt: string
  readonly appId: string
  readonly originOrgId: string
  readonly syncType?: "initial_sync" | "delta_sync"
  readonly syncDataType?: string
  readonly syncJobId?: string
  readonly syncRunId?: string
  readonly recordId?: string
  /** Grows by one with each event of a record. */
  readonly sequence?: string
}

/** Takes an event; the event is acknowledged when the promise resolves, and tried again when it rejects. */
export type Receiver = (event: ReceivedEvent) => Promise<void> | void

const scheme = "function:"
const decoder = new TextDecoder()

/** The URL of a function as a destination. */
export const urlOf = (name: string): string => `${scheme}${name}`

const deliver = (receiver: Receiver, request: Transport.TransportRequest) => {
  const { integrationId = "" } = request
  return Effect.tryPromise({
    try: async () => receiver({ ...JSON.parse(decoder.decode(request.body)), integrationId }),
    catch: (error) => error
  }).pipe(
    Effect.timeoutOrElse({
      duration: request.timeoutMillis,
      orElse: () => Effect.fail(new Transport.DeliveryFailure({ reason: new Transport.Timeout() }))
    }),
    Effect.matchEffect({
      onSuccess: () => Effect.succeed<Transport.TransportResponse>({ status: 200 }),
      onFailure: (error) =>
        error instanceof Transport.DeliveryFailure
          ? Effect.fail(error)
          : // The host's fault, in the host's process: its message helps, and may be logged there.
            Effect.as(Effect.logWarning("The event function rejected; the event is tried again", error), {
              status: 500
            })
    })
  )
}

/**
 * Lets destinations be functions of this process: URLs `function:<name>` are delivered by a call, everything else goes
 * the way it went. The outbox, retries and order are the same for both.
 */
export const layer = (
  functions: ReadonlyMap<string, Receiver>
): Layer.Layer<
  Transport.Transport | DestinationPolicy.DestinationPolicy,
  never,
  Transport.Transport | DestinationPolicy.DestinationPolicy
> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const transport = yield* Transport.Transport
      const policy = yield* DestinationPolicy.DestinationPolicy
      const post: Transport.Transport["Service"]["post"] = (request) => {
        if (!request.url.startsWith(scheme)) return transport.post(request)
        const receiver = functions.get(request.url.slice(scheme.length))
        return receiver === undefined
          ? Effect.fail(new Transport.DeliveryFailure({ reason: new Transport.Connection() }))
          : deliver(receiver, request)
      }
      const check: DestinationPolicy.DestinationPolicy["Service"]["check"] = (url) => {
        if (!url.startsWith(scheme)) return policy.check(url)
        return Effect.succeed(
          functions.has(url.slice(scheme.length)) ? null : "There is no such function in this process."
        )
      }
      return Context.make(Transport.Transport, { post }).pipe(
        Context.add(DestinationPolicy.DestinationPolicy, { check })
      )
    })
  )
