import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { AppView, CapabilityView } from "./AppView.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing } from "./Envelope.ts"

/** Which apps can be connected and what their connectors do. */
export class AppsApi extends HttpApiGroup.make("apps")
  .add(
    HttpApiEndpoint.get("list", "/apps.list", {
      query: { category: Schema.optionalKey(Schema.Literals(["HRIS", "ATS", "CRM", "ACCOUNTING"])) },
      success: listing("apps", AppView),
      error: failures
    }).annotateMerge(docs("read", "The apps that accounts can be connected to"))
  )
  .add(
    HttpApiEndpoint.get("capabilities", "/capabilities.list", {
      query: { appId: Schema.optionalKey(Schema.String) },
      success: listing("capabilities", CapabilityView),
      error: failures
    }).annotateMerge(docs("read", "What each connector reads: per data type, model, field and call"))
  ) {}
