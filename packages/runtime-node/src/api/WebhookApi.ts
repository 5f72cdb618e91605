import { Destinations } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { DestinationView } from "./DestinationView.ts"
import { failures, listing, success } from "./Envelope.ts"
import { paging } from "./Paging.ts"
import { WebhookKeysView } from "./WebhookKeyView.ts"

const chosen = Schema.Struct({ destinationId: Schema.NonEmptyString })

/** Where events go. */
export class WebhookApi extends HttpApiGroup.make("webhook")
  .add(
    HttpApiEndpoint.post("register", "/webhook.register", {
      payload: Destinations.RegisterRequest,
      success: success(
        Schema.Struct({
          ...DestinationView.fields,
          secret: Schema.String.annotate({ description: "Standard Webhooks secret (`whsec_…`), shown this once." })
        })
      ),
      error: failures
    })
      .annotateMerge(docs("sync", "Register the webhook that gets a category's events"))
      .annotateMerge(audited({ action: "destination.register", target: "destinationId", detail: ["category", "mode"] }))
  )
  .add(
    HttpApiEndpoint.get("list", "/webhook.list", {
      query: paging,
      success: listing("webhooks", DestinationView),
      error: failures
    }).annotateMerge(docs("read", "The registered webhooks and those that syncs named"))
  )
  .add(
    HttpApiEndpoint.post("update", "/webhook.update", {
      payload: Destinations.UpdateRequest,
      success: success(DestinationView),
      error: failures
    })
      .annotateMerge(docs("sync", "Change, pause or resume a webhook"))
      .annotateMerge(audited({ action: "destination.update", target: "destinationId", detail: ["mode", "state"] }))
  )
  .add(
    HttpApiEndpoint.post("test", "/webhook.test", {
      payload: chosen,
      success: success(
        Schema.Struct({
          delivered: Schema.Boolean,
          status: Schema.NullOr(Schema.Int),
          error: Schema.NullOr(Schema.String),
          durationMillis: Schema.Finite,
          hint: Schema.NullOr(Schema.String)
        })
      ),
      error: failures
    }).annotateMerge(docs("sync", "Send a signed sample event now and report what came back"))
  )
  .add(
    HttpApiEndpoint.post("rotateSecret", "/webhook.rotateSecret", {
      payload: Destinations.RotateSecretRequest,
      success: success(
        Schema.Struct({
          ...DestinationView.fields,
          secret: Schema.String.annotate({ description: "The new secret (`whsec_…`), shown this once." })
        })
      ),
      error: failures
    })
      .annotateMerge(docs("sync", "Give a webhook a new secret; the old one signs beside it for a while"))
      .annotateMerge(audited({ action: "destination.rotate_secret", target: "destinationId" }))
  )
  .add(
    HttpApiEndpoint.get("keys", "/webhook.keys.list", {
      success: success(WebhookKeysView),
      error: failures
    }).annotateMerge(
      docs("read", "The Ed25519 public keys that verify `v1a` signatures, and where anybody can read them")
    )
  )
  .add(
    HttpApiEndpoint.post("rotateKey", "/webhook.rotateKey", {
      payload: Destinations.RotateKeyRequest,
      success: success(WebhookKeysView),
      error: failures
    })
      .annotateMerge(docs("admin", "Make a new Ed25519 key; the old one signs beside it for a while"))
      .annotateMerge(audited({ action: "signing_key.rotate", target: "keys.-1.keyId" }))
  )
  .add(
    HttpApiEndpoint.post("delete", "/webhook.delete", {
      payload: chosen,
      success: success(Schema.Struct({ destinationId: Schema.String, discarded: Schema.Int })),
      error: failures
    })
      .annotateMerge(docs("sync", "Remove a webhook; its undelivered events are discarded"))
      .annotateMerge(audited({ action: "destination.delete", target: "destinationId", detail: ["discarded"] }))
  ) {}
