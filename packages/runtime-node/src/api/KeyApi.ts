import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ApiKeyView, Scope } from "./ApiKeyView.ts"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing, success } from "./Envelope.ts"

/** API keys. */
export class KeyApi extends HttpApiGroup.make("key")
  .add(
    HttpApiEndpoint.post("create", "/keys.create", {
      payload: Schema.Struct({ name: Schema.NonEmptyString, scopes: Schema.NonEmptyArray(Scope) }),
      success: success(
        Schema.Struct({ ...ApiKeyView.fields, key: Schema.String.annotate({ description: "Shown this once." }) })
      ),
      error: failures
    })
      .annotateMerge(docs("admin", "Make an API key"))
      .annotateMerge(audited({ action: "api_key.create", target: "keyId", detail: ["name", "scopes"] }))
  )
  .add(
    HttpApiEndpoint.get("list", "/keys.list", { success: listing("keys", ApiKeyView), error: failures }).annotateMerge(
      docs("admin", "The API keys, without their text")
    )
  )
  .add(
    HttpApiEndpoint.post("revoke", "/keys.revoke", {
      payload: Schema.Struct({ keyId: Schema.NonEmptyString }),
      success: success(ApiKeyView),
      error: failures
    })
      .annotateMerge(docs("admin", "Revoke an API key; refused while a destination is signed with it"))
      .annotateMerge(audited({ action: "api_key.revoke", target: "keyId", detail: ["name"] }))
  ) {}
