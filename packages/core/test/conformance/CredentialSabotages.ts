import { ConnectorError } from "@crochet/core"
import { Effect } from "effect"
import { http, type Sabotage } from "./Sabotage.ts"
import { tiny, validate } from "./TinyConnector.ts"

const revokingAt = (path: string) =>
  tiny(
    {},
    {
      auth: tiny().auth.map((scheme) =>
        scheme.kind === "oauth2"
          ? {
              ...scheme,
              revocation: { url: ({ tenant }) => `https://${tenant}.tiny.example/${path}`, ends: "grant" as const }
            }
          : scheme
      )
    }
  )

/** Connectors that are wrong about credentials. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "accepts every key",
    connector: tiny({}, { validate: () => Effect.succeed({ name: "Tiny", subject: "me" }) }),
    check: "the app does not know are refused",
    says: /Wrong credentials were accepted/
  },
  {
    name: "takes missing permission for a wrong key",
    connector: http({
      classify: ({ status }) => (status === 403 ? new ConnectorError.Unauthorized({ status }) : undefined)
    }),
    check: "credentials without permission are told",
    says: /taken for auth\.invalid_credentials/
  },
  {
    name: "does not say whose credentials they are",
    connector: tiny(
      {},
      { validate: (client) => Effect.map(validate(client), ({ name }) => ({ name, subject: null })) }
    ),
    check: "good credentials connect",
    says: /validate gives no subject/
  },
  {
    name: "has tokens revoked where nobody takes them back",
    connector: revokingAt("token"),
    check: "tokens of an account that has ended",
    says: /Tokens that were revoked are accepted/
  },
  {
    name: "has tokens revoked where nobody listens",
    connector: revokingAt("nowhere"),
    check: "tokens of an account that has ended",
    says: /refuses to revoke tokens: /
  },
  {
    name: "takes 401 for an outage",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Unavailable({ status }) : undefined)
    }),
    check: "a connection that was revoked",
    says: /must fail with auth\.invalid_credentials/
  },
  {
    name: "takes an expired token for a missing permission",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Forbidden({ status }) : undefined)
    }),
    check: "a token that expires during a run",
    says: /The token expired before request/
  },
  {
    name: "asks for a token by itself with every request",
    connector: tiny(
      {},
      {
        validate: (client) =>
          Effect.andThen(
            client.request({
              operation: "token",
              path: "/token",
              method: "POST",
              form: { grant_type: "refresh_token", refresh_token: "x" },
              accept: [400]
            }),
            validate(client)
          )
      }
    ),
    check: "share one refresh",
    says: /requests at once made \d+ token requests/
  },

  {
    name: "asks a dozen times to validate",
    connector: tiny(
      {},
      { validate: (client) => Effect.andThen(Effect.replicateEffect(validate(client), 11), validate(client)) }
    ),
    check: "validate makes few requests",
    says: /validate made 12 requests/
  },
  {
    name: "takes a key that stopped working for an outage",
    connector: http({
      classify: ({ status }) => (status === 401 ? new ConnectorError.Unavailable({ status }) : undefined)
    }),
    check: "credentials that stop working",
    says: /must fail with auth\.invalid_credentials/
  }
]
