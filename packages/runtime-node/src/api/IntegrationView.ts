import type { Integration, Integrations } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

const Fault = Schema.Struct({ code: Schema.String, msg: Schema.String, resolution: Schema.String })

/** An integration as `integration.details` lists it; `id` is the app's. */
export const IntegrationView = Schema.Struct({
  id: Schema.String,
  category: Schema.String,
  integrationId: Schema.String,
  isActive: Schema.Boolean,
  deactivatedAt: Schema.NullOr(Stamp),
  state: Schema.Literals(["validating", "active", "needs_reconnect", "deactivated", "expired"]),
  accountType: Schema.Literals(["test", "production"]),
  accountName: Schema.NullOr(Schema.String),
  originOrgId: Schema.String,
  originOrgName: Schema.NullOr(Schema.String),
  lastError: Schema.NullOr(Fault),
  createdAt: Stamp,
  updatedAt: Stamp
}).annotate({ identifier: "Integration" })

/** An integration for the wire: no settings, no credentials. */
export const ofIntegration = (integration: Integration.Integration): typeof IntegrationView.Type => ({
  id: integration.appId,
  category: integration.category,
  integrationId: integration.id,
  isActive: integration.state === "active",
  deactivatedAt: stamp(integration.deactivatedAt),
  state: integration.state,
  accountType: integration.accountType,
  accountName: integration.accountName,
  originOrgId: integration.originOrgId,
  originOrgName: integration.originOrgName,
  lastError: integration.lastError,
  createdAt: stamp(integration.createdAt),
  updatedAt: stamp(integration.updatedAt)
})

/** What connecting or validating an account came to: the same fields as `app.integration.activate`, and the state. */
export const ValidationView = Schema.Struct({
  integrationId: Schema.String,
  appId: Schema.String,
  categoryId: Schema.String,
  originOrgId: Schema.String,
  success: Schema.Boolean,
  state: IntegrationView.fields.state,
  errors: Schema.optionalKey(Schema.Array(Fault))
}).annotate({ identifier: "Validation" })

/** The result of `integration.import`. */
export const ofImport = (integration: Integration.Integration): typeof ValidationView.Type => ({
  integrationId: integration.id,
  appId: integration.appId,
  categoryId: integration.category,
  originOrgId: integration.originOrgId,
  success: integration.state === "active",
  state: integration.state
})

/** The result of `integration.validate`. */
export const ofValidation = (validation: Integrations.Validation): typeof ValidationView.Type => ({
  ...ofImport(validation.integration),
  success: validation.success,
  errors: validation.errors
})
