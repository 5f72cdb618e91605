import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { docs } from "./CallDocs.ts"
import { failures, success } from "./Envelope.ts"
import { integrationHeader } from "./IntegrationHeader.ts"
import { Started } from "./RunView.ts"

/** Single records. */
export class RecordApi extends HttpApiGroup.make("record").add(
  HttpApiEndpoint.post("resync", "/record.resync", {
    headers: integrationHeader,
    payload: Schema.Struct({ dataType: Schema.NonEmptyString, recordId: Schema.NonEmptyString }),
    success: success(Started),
    error: failures
  }).annotateMerge(docs("sync", "Read one record from the app again and send it"))
) {}
