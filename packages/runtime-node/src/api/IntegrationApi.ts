import { Authorizations, Integrations } from "@crochet/core"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Schema from "effect/Schema"
import { audited } from "./Audited.ts"
import { docs } from "./CallDocs.ts"
import { failures, listing, success } from "./Envelope.ts"
import { integrationHeader } from "./IntegrationHeader.ts"
import { AuthorizationView } from "./AuthorizationView.ts"
import { IntegrationView, ValidationView } from "./IntegrationView.ts"
import { paging } from "./Paging.ts"

/** Connected accounts. */
export class IntegrationApi extends HttpApiGroup.make("integration")
  .add(
    HttpApiEndpoint.post("import", "/integration.import", {
      payload: Integrations.ImportRequest,
      success: success(ValidationView),
      error: failures
    })
      .annotateMerge(
        docs(
          "sync",
          "Connect an account with credentials that you have",
          "Validates them first: credentials that the app rejects are answered with 422, a reason and a resolution, and nothing is kept. Automatic syncs start at once."
        )
      )
      .annotateMerge(
        audited({ action: "integration.import", target: "integrationId", detail: ["appId", "originOrgId"] })
      )
  )
  .add(
    HttpApiEndpoint.post("authorize", "/integration.authorize", {
      payload: Authorizations.AuthorizeRequest,
      success: success(AuthorizationView),
      error: failures
    })
      .annotateMerge(
        docs(
          "sync",
          "Begin a sign-in at an app (OAuth), which connects an account",
          "Send the end user's browser to `authorizeUrl` within ten minutes; it works once. The app sends it back to this server, which validates and stores the account, starts its syncs, and sends the browser on to `returnUrl`, one of the operator's, with `status`, or shows a page. With `integrationId` somebody signs in again to the same account."
        )
      )
      .annotateMerge(
        audited({ action: "integration.authorize", target: "authorizationId", detail: ["appId", "integrationId"] })
      )
  )
  .add(
    HttpApiEndpoint.get("details", "/integration.details", {
      headers: integrationHeader,
      query: { originOrgId: Schema.optionalKey(Schema.String), appId: Schema.optionalKey(Schema.String), ...paging },
      success: listing("apps", IntegrationView),
      error: failures
    }).annotateMerge(docs("read", "The connected accounts, of one origin organisation or of all"))
  )
  .add(
    HttpApiEndpoint.post("validate", "/integration.validate", {
      headers: integrationHeader,
      success: success(ValidationView),
      error: failures
    }).annotateMerge(docs("sync", "Check the stored credentials again"))
  )
  .add(
    HttpApiEndpoint.post("deactivate", "/integration.deactivate", {
      headers: integrationHeader,
      success: success(IntegrationView),
      error: failures
    })
      .annotateMerge(docs("sync", "End an account: credentials are destroyed and syncs stop"))
      .annotateMerge(audited({ action: "integration.deactivate", target: "integrationId" }))
  )
  .add(
    HttpApiEndpoint.post("update", "/integration.update", {
      headers: integrationHeader,
      payload: Schema.Struct({ accountType: Schema.Literals(["test", "production"]) }),
      success: success(IntegrationView),
      error: failures
    })
      .annotateMerge(docs("sync", "Turn a test account into a production account, or back"))
      .annotateMerge(audited({ action: "integration.update", target: "integrationId", detail: ["accountType"] }))
  )
  .add(
    HttpApiEndpoint.post("purge", "/integration.purge", {
      headers: integrationHeader,
      success: success(
        Schema.Struct({ integrationId: Schema.String, removed: Schema.Record(Schema.String, Schema.Int) })
      ),
      error: failures
    })
      .annotateMerge(docs("admin", "Forget everything about an account; answers how many rows of each table went"))
      .annotateMerge(audited({ action: "integration.purge", target: "integrationId" }))
  ) {}
