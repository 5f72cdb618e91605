import { type AuthScheme, type Connector, Connector as Connectors, type FormField } from "@crochet/core"
import * as Schema from "effect/Schema"

const Support = Schema.Literals(["SUPPORTED", "UNSUPPORTED", "NOT_IMPLEMENTED", "UNKNOWN"])

/** One input of the form in which an end user enters credentials or settings. */
export const FieldView = Schema.Struct({
  key: Schema.String,
  label: Schema.String,
  help: Schema.String,
  placeholder: Schema.optionalKey(Schema.String),
  secret: Schema.Boolean,
  required: Schema.Boolean,
  pattern: Schema.optionalKey(Schema.Struct({ source: Schema.String, message: Schema.String })),
  options: Schema.optionalKey(Schema.Array(Schema.Struct({ value: Schema.String, label: Schema.String }))),
  default: Schema.optionalKey(Schema.String),
  docs: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "FormField" })

/** What a connector does with the data types, models and fields of its app. */
export const CapabilityView = Schema.Struct({
  appId: Schema.String,
  dataTypes: Schema.Array(
    Schema.Struct({
      dataType: Schema.String,
      title: Schema.String,
      category: Schema.String,
      calls: Schema.Struct({ list: Support, fetchChanged: Support, get: Support }),
      models: Schema.Array(
        Schema.Struct({
          model: Schema.String,
          key: Schema.String,
          title: Schema.String,
          byDefault: Schema.Boolean,
          support: Support,
          fields: Schema.Record(Schema.String, Support)
        })
      ),
      filters: Schema.Array(
        Schema.Struct({
          id: Schema.String,
          label: Schema.String,
          help: Schema.String,
          values: Schema.optionalKey(Schema.Array(Schema.String))
        })
      ),
      passthroughFilters: Schema.Boolean
    })
  )
}).annotate({ identifier: "Capabilities" })

/** An app that accounts can be connected to. */
export const AppView = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  categories: Schema.Array(Schema.String),
  website: Schema.String,
  docs: Schema.String,
  logo: Schema.NullOr(Schema.String),
  authSchemes: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      kind: Schema.Literals(["key", "oauth2", "none"]),
      title: Schema.String,
      fields: Schema.Array(FieldView),
      scopes: Schema.optionalKey(Schema.Array(Schema.String))
    })
  ),
  settings: Schema.Array(FieldView),
  dataTypes: CapabilityView.fields.dataTypes
}).annotate({ identifier: "App" })

const ofField = (field: FormField.FormField): typeof FieldView.Type => ({
  ...field,
  secret: field.secret ?? false,
  required: field.required ?? true
})

const ofScheme = (scheme: AuthScheme.AuthScheme): (typeof AppView.Type)["authSchemes"][number] => ({
  id: scheme.id,
  kind: scheme.kind,
  title: scheme.title,
  fields: scheme.kind === "key" ? scheme.fields.map(ofField) : [],
  ...(scheme.kind === "oauth2" ? { scopes: scheme.scopes } : {})
})

/** What a connector can do, as data. */
export const capabilitiesOf = (connector: Connector.Connector): typeof CapabilityView.Type => ({
  appId: connector.app.id,
  dataTypes: connector.resources.map((resource) => ({
    dataType: resource.dataType.id,
    title: resource.dataType.title,
    category: resource.dataType.category,
    calls: {
      list: "SUPPORTED",
      fetchChanged: resource.changes === undefined ? "NOT_IMPLEMENTED" : "SUPPORTED",
      get: resource.get === undefined ? "NOT_IMPLEMENTED" : "SUPPORTED"
    },
    models: Object.entries(resource.dataType.models).map(([key, model]) => ({
      model: model.id,
      key,
      title: model.title,
      byDefault: Connectors.defaultModels(resource).includes(model.id),
      support: resource.support[key]?.support ?? "UNKNOWN",
      fields: resource.support[key]?.fields ?? {}
    })),
    filters: (resource.filters ?? []).map((filter) => ({ ...filter })),
    passthroughFilters: resource.passthrough ?? false
  }))
})

/** A connector's app for the wire. */
export const ofConnector = (connector: Connector.Connector): typeof AppView.Type => ({
  id: connector.app.id,
  name: connector.app.name,
  categories: connector.app.categories,
  website: connector.app.website,
  docs: connector.app.docs,
  logo: connector.app.logo ?? null,
  authSchemes: connector.auth.map(ofScheme),
  settings: connector.settings.map(ofField),
  dataTypes: capabilitiesOf(connector).dataTypes
})
