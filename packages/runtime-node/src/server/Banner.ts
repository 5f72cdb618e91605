import type { Connector, FormField } from "@crochet/core"
import * as Redacted from "effect/Redacted"

const example = (fields: ReadonlyArray<FormField.FormField>) =>
  Object.fromEntries(
    fields
      .filter((field) => field.required !== false)
      .map((field) => [field.key, field.default ?? field.options?.[0]?.value ?? field.placeholder ?? "…"])
  )

const importBody = (connector: Connector.Connector): string => {
  const scheme = connector.auth[0]
  return JSON.stringify({
    appId: connector.app.id,
    originOrgId: "acme",
    ...(scheme?.kind === "key" ? { credentials: example(scheme.fields) } : {}),
    ...(connector.settings.length > 0 ? { settings: example(connector.settings) } : {})
  })
}

/** What a start prints for the person in front of the terminal. */
export const banner = (options: {
  readonly version: string
  readonly url: string
  readonly database: string
  readonly connectors: ReadonlyArray<Connector.Connector>
  /** The key that this start made. */
  readonly createdKey: Redacted.Redacted | null
}): string => {
  const { connectors, createdKey, database, url, version } = options
  const lines = [
    `Crochet ${version} is running at ${url}`,
    `  connectors  ${connectors.map((connector) => connector.app.id).join(", ") || "none"}`,
    `  database    ${database}`,
    `  reference   ${url}/docs`
  ]
  if (createdKey === null) return lines.join("\n")

  // One that needs no credentials can be tried as it stands.
  const connector = connectors.find(({ auth }) => auth[0]?.kind === "none") ?? connectors[0]
  const dataType = connector?.resources[0]?.dataType.id ?? "employee"
  const call = (name: string, ...rest: ReadonlyArray<string>) =>
    [`  curl -s ${url}/v1.0/${name} -H "Authorization: Bearer $CROCHET_API_KEY"`, ...rest].join(" ")
  return [
    ...lines,
    "",
    "API key, shown this once (keep it like a password):",
    "",
    `  ${Redacted.value(createdKey)}`,
    "",
    "Next steps:",
    "",
    `  export CROCHET_API_KEY=${Redacted.value(createdKey)}`,
    call("apps.list"),
    ...(connector === undefined
      ? []
      : [
          call(
            "webhook.register",
            `-d '${JSON.stringify({ category: connector.app.categories[0], url: "https://<your app>/webhook" })}'`
          ),
          call("integration.import", `-d '${importBody(connector).replaceAll("'", "'\\''")}'`),
          call("sync.start", `-H "X-Knit-Integration-Id: <integrationId>"`, `-d '${JSON.stringify({ dataType })}'`)
        ])
  ].join("\n")
}
