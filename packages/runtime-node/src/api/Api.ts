import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { AppsApi } from "./AppsApi.ts"
import { AuditApi } from "./AuditApi.ts"
import { Authorization } from "./Authorization.ts"
import { EventApi } from "./EventApi.ts"
import { IntegrationApi } from "./IntegrationApi.ts"
import { KeyApi } from "./KeyApi.ts"
import { RecordApi } from "./RecordApi.ts"
import { ReplayApi } from "./ReplayApi.ts"
import { RequestSchemaErrors } from "./RequestSchemaErrors.ts"
import { SyncApi } from "./SyncApi.ts"
import { WebhookApi } from "./WebhookApi.ts"

/** Where all calls live. */
export const basePath = "/v1.0"

/** The HTTP interface, defined once: routes, validation, the OpenAPI document and the reference come from it. */
export class Api extends HttpApi.make("crochet")
  .add(AppsApi)
  .add(IntegrationApi)
  .add(WebhookApi)
  .add(SyncApi)
  .add(RecordApi)
  .add(EventApi)
  .add(ReplayApi)
  .add(KeyApi)
  .add(AuditApi)
  .middleware(RequestSchemaErrors)
  .middleware(Authorization)
  .prefix(basePath)
  .annotateMerge(
    OpenApi.annotations({
      title: "Crochet",
      version: "1.0",
      description: "Connect accounts, sync their records, get every change at your webhook.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" }
    })
  ) {}
