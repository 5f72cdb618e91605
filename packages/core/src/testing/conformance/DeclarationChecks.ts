import * as Sensitivity from "../../model/Sensitivity.ts"
import type { Connector } from "../../connector/Connector.ts"
import { type Check, inWorld, must } from "./Check.ts"

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === "https:"
const secretive = /secret|token|password|api_?key/i

const unique = (ids: ReadonlyArray<string>, what: string) => {
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  must(twice === undefined, `Two ${what} have the id ${twice}.`)
}

const settingsOf = (connector: Connector): { readonly [key: string]: string } =>
  Object.fromEntries(
    connector.settings.map(({ default: given, key, options }) => [key, given ?? options?.[0]?.value ?? "example"])
  )

/** The declaration is sound: nothing is asked of the app. */
export const checks: ReadonlyArray<Check> = [
  {
    numbers: [1, 10],
    title: "the declaration says who the app is, and where it documents its API",
    of: "connector",
    run: async ({ connector: { app, http, resources, ...connector } }) => {
      must(app.name.trim() !== "", "app.name is empty.")
      must(app.categories.length > 0, "app.categories is empty.")
      must(isHttps(app.website), `app.website must be an https URL, not ${app.website}.`)
      must(isHttps(app.docs), `app.docs must be an https URL, not ${app.docs}.`)
      must(resources.length > 0, "resources is empty: there is nothing to read.")
      for (const { dataType } of resources) {
        must(
          app.categories.includes(dataType.category),
          `${dataType.id} is of the category ${dataType.category}, which app.categories does not name.`
        )
      }
      for (const { help, key, label } of connector.settings) {
        must(label !== "" && help !== "", `settings.${key} has no label or no help.`)
      }
      const base = http.baseUrl(settingsOf({ app, http, resources, ...connector }))
      must(
        isHttps(base) && !base.endsWith("/"),
        `http.baseUrl must give an https URL without a slash at its end, not ${base}.`
      )
    }
  },
  {
    numbers: [2],
    title: "ids of schemes, settings, filters and data types are unique",
    of: "connector",
    run: async ({ connector }) => {
      unique(
        connector.auth.map(({ id }) => id),
        "auth schemes"
      )
      unique(
        connector.settings.map(({ key }) => key),
        "settings"
      )
      unique(
        connector.resources.map(({ dataType }) => dataType.id),
        "resources"
      )
      for (const { dataType, filters } of connector.resources) {
        unique(
          (filters ?? []).map(({ id }) => id),
          `filters of ${dataType.id}`
        )
      }
    }
  },
  {
    numbers: [4],
    title: "support and volatile name models and fields that the data type has",
    of: "resource",
    run: async (_, { dataType, mapperVersion, support, volatile }) => {
      must(Number.isInteger(mapperVersion) && mapperVersion > 0, "mapperVersion must be a whole number from 1 on.")
      const has = (model: string, field: string) => {
        const paths = Sensitivity.paths(dataType.models[model]!.schema).map(({ path }) => path.replace(/\[\]/g, ""))
        const plain = field.replace(/\[\]/g, "")
        return paths.some(
          (path) =>
            path === plain ||
            path.startsWith(`${plain}.`) ||
            path.replace(/^\./, "") === plain ||
            path.startsWith(`.${plain}`) ||
            path === "*"
        )
      }
      for (const [model, { fields }] of Object.entries(support)) {
        must(dataType.models[model] !== undefined, `support names ${model}, which ${dataType.id} does not have.`)
        for (const field of Object.keys(fields ?? {})) {
          must(has(model, field), `support names ${model}.${field}, which ${dataType.id} does not have.`)
        }
      }
      for (const path of volatile?.record ?? []) {
        const [model = "", ...rest] = path.split(".")
        must(
          dataType.models[model] !== undefined && has(model, rest.join(".")),
          `volatile.record names ${path}, which ${dataType.id} does not have.`
        )
      }
      must(
        Object.values(support).some((one) => one.support === "SUPPORTED"),
        `No model of ${dataType.id} is SUPPORTED.`
      )
    }
  },
  {
    numbers: [7],
    title: "secrets are declared as secrets, and no setting is one",
    of: "connector",
    run: async ({ connector }) => {
      for (const { key, secret } of connector.settings) {
        must(
          secret !== true && !secretive.test(key),
          `settings.${key} is a secret: settings are not sealed, credentials are.`
        )
      }
      for (const scheme of connector.auth) {
        if (scheme.kind !== "key") continue
        must(
          scheme.fields.some(({ secret }) => secret === true),
          `No field of the scheme ${scheme.id} is secret.`
        )
        for (const { key, secret } of scheme.fields) {
          must(secret === true || !secretive.test(key), `The field ${key} of ${scheme.id} must say secret: true.`)
        }
      }
    }
  },
  {
    numbers: [8],
    title: "OAuth schemes list the scopes that they need, each once",
    of: "connector",
    run: async ({ connector }) => {
      for (const scheme of connector.auth) {
        if (scheme.kind !== "oauth2") continue
        must(
          scheme.scopes.length > 0 || scheme.grant === "client_credentials",
          `The scheme ${scheme.id} lists no scopes.`
        )
        unique(scheme.scopes, `scopes of ${scheme.id}`)
        must(
          !scheme.scopes.some((scope) => scope === "*" || scope === ""),
          `The scheme ${scheme.id} asks for everything.`
        )
        const settings = settingsOf(connector)
        must(isHttps(scheme.tokenUrl(settings)), `The token URL of ${scheme.id} is no https URL.`)
        must(
          scheme.grant !== "authorization_code" || isHttps(scheme.authorizeUrl?.(settings) ?? ""),
          `The scheme ${scheme.id} has no authorizeUrl.`
        )
        must(
          scheme.revocation === undefined || isHttps(scheme.revocation.url(settings)),
          `The URL at which tokens of ${scheme.id} are revoked is no https URL.`
        )
      }
    }
  },
  {
    numbers: [9],
    title: "limits are numbers that can be kept",
    of: "connector",
    run: async ({ connector: { http } }) => {
      const { concurrency = 4, rateLimit, timeoutMillis = 60_000 } = http
      must(Number.isInteger(concurrency) && concurrency > 0 && concurrency <= 64, "http.concurrency must be 1 to 64.")
      must(timeoutMillis >= 1_000, "http.timeoutMillis is below a second.")
      if (rateLimit === undefined) return
      must(rateLimit.limit > 0 && rateLimit.windowMillis > 0, "http.rateLimit must be above zero.")
    }
  },
  {
    numbers: [],
    title: "validate makes few requests",
    of: "connector",
    run: (subject) =>
      inWorld(
        subject,
        async ({ wire }) => {
          const asked = wire.log.filter(({ isToken }) => !isToken).length
          must(asked <= 10, `validate made ${asked} requests; a cheap call or two is enough.`)
        },
        { own: true }
      )
  }
]
