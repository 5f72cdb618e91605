import type { Authorizations } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** Where apps send browsers back, below the public URL; one address per app. */
export const callbackPath = "/oauth/callback"

/** The address that the operator registers with an app. */
export const redirectUriOf = (publicUrl: string, appId: string): string => `${publicUrl}${callbackPath}/${appId}`

/** A sign-in that was begun. */
export const AuthorizationView = Schema.Struct({
  authorizationId: Schema.String.annotate({ description: "Comes back with the browser; no secret." }),
  appId: Schema.String,
  integrationId: Schema.NullOr(Schema.String.annotate({ description: "The account that is signed in again." })),
  authorizeUrl: Schema.String.annotate({ description: "Where to send the end user's browser. It works once." }),
  redirectUri: Schema.String.annotate({ description: "Must be registered with the app." }),
  expiresAt: Stamp
}).annotate({ identifier: "Authorization" })

/** A sign-in for the wire. */
export const ofBegun = ({ authorization, authorizeUrl }: Authorizations.Begun): typeof AuthorizationView.Type => ({
  authorizationId: authorization.id,
  appId: authorization.appId,
  integrationId: authorization.integrationId,
  authorizeUrl,
  redirectUri: authorization.redirectUri,
  expiresAt: stamp(authorization.expiresAt)
})
