import { CurrentWorkspace, Destinations } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { createHash } from "node:crypto"
import { refuse } from "./Envelope.ts"
import { ofKey, pathOf } from "./WebhookKeyView.ts"

const maxAgeSeconds = 300

/**
 * The Ed25519 public keys of a workspace at a stable URL, for everybody: `{"keys":[…]}`, with an
 * `ETag`, and fresh for five minutes. Receivers pin what they read here once; no request makes a key.
 */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const destinations = yield* Destinations.Destinations
    yield* router.add(
      "GET",
      pathOf(":workspaceId") as `/${string}`,
      Effect.gen(function* () {
        const { workspaceId = "" } = yield* HttpRouter.params
        const request = yield* HttpServerRequest.HttpServerRequest
        return yield* Effect.matchEffect(
          CurrentWorkspace.within(workspaceId)(destinations.publishedKeys(workspaceId)),
          {
            onFailure: refuse,
            onSuccess: (keys) => {
              const body = JSON.stringify({ keys: keys.map(ofKey) })
              const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`
              const headers = {
                "cache-control": `public, max-age=${maxAgeSeconds}`,
                "access-control-allow-origin": "*",
                etag
              }
              return Effect.succeed(
                request.headers["if-none-match"] === etag
                  ? HttpServerResponse.empty({ status: 304, headers })
                  : HttpServerResponse.text(body, { contentType: "application/json", headers })
              )
            }
          }
        )
      })
    )
  })
)
