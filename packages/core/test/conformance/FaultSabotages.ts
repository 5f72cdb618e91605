import { ConnectorError } from "@crochet/core"
import { Effect, Stream } from "effect"
import { ask, http, listing, type Sabotage } from "./Sabotage.ts"
import { parts } from "./TinyConnector.ts"

/** Connectors that are wrong about faults. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "says of a write that it may be sent twice",
    connector: listing((context) =>
      Stream.unwrap(
        Effect.as(
          context.client.request({
            operation: "employee.export",
            method: "PUT",
            path: "/v1/export",
            idempotent: true,
            accept: [405]
          }),
          parts.list(context)
        )
      )
    ),
    check: "may write is not sent twice",
    says: /PUT \/v1\/export was sent again/
  },
  {
    name: "takes 5xx for a wrong request",
    connector: http({
      classify: ({ status }) => (status >= 500 ? new ConnectorError.InvalidRequest({ status }) : undefined)
    }),
    check: "5xx, time-outs",
    says: /500, once, for GET \/v1\/people: the run is failed/
  },
  {
    name: "takes 429 for a wrong request",
    connector: http({
      classify: ({ status }) => (status === 429 ? new ConnectorError.InvalidRequest({ status }) : undefined)
    }),
    check: "429 is obeyed",
    says: /429 with Retry-After 37 for \/v1\/people: the run is failed/
  },
  {
    name: "takes 429 for an outage without a time",
    connector: http({
      classify: ({ status }) =>
        status === 429 ? new ConnectorError.Unavailable({ status, retryAfterMillis: 0 }) : undefined
    }),
    check: "429 is obeyed",
    says: /the next request came [\d.]+ s later|too early/
  },
  {
    name: "tries again and again by itself",
    connector: listing((context) =>
      Stream.unwrap(Effect.map(Effect.retry(ask(context, {}), { times: 40 }), () => parts.list(context)))
    ),
    check: "meets no storm",
    says: /requests in one run to an app that does not answer/
  }
]
