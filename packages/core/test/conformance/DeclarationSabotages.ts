import { http, mapped, type Sabotage } from "./Sabotage.ts"
import { parts, tiny } from "./TinyConnector.ts"

/** Connectors that are wrong about declaration. */
export const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "names no documentation",
    connector: tiny({}, { app: { ...tiny().app, docs: "see the wiki" } }),
    check: "the declaration says who",
    says: /app\.docs must be an https URL/
  },
  {
    name: "speaks http",
    connector: http({ baseUrl: () => "http://tiny.example" }),
    check: "the declaration says who",
    says: /http\.baseUrl must give an https URL/
  },
  {
    name: "has two settings of one name",
    connector: tiny({}, { settings: [...tiny().settings, ...tiny().settings] }),
    check: "ids of schemes",
    says: /settings have the id tenant/
  },
  {
    name: "supports a field that there is not",
    connector: tiny({ support: { profile: { support: "SUPPORTED", fields: { shoeSize: "SUPPORTED" } } } }),
    check: "support and volatile name",
    says: /profile\.shoeSize/
  },
  {
    name: "keeps a secret among its settings",
    connector: tiny(
      {},
      {
        settings: [
          ...tiny().settings,
          { key: "apiSecret", label: "Secret", help: "From the settings.", required: false }
        ]
      }
    ),
    check: "secrets are declared",
    says: /settings\.apiSecret is a secret/
  },
  {
    name: "does not say that its key is secret",
    connector: tiny(
      {},
      {
        auth: tiny().auth.map((scheme) =>
          scheme.kind === "key"
            ? { ...scheme, fields: scheme.fields.map((field) => ({ ...field, secret: false })) }
            : scheme
        )
      }
    ),
    check: "secrets are declared",
    says: /No field of the scheme key is secret/
  },
  {
    name: "lists no scopes",
    connector: tiny(
      {},
      { auth: tiny().auth.map((scheme) => (scheme.kind === "oauth2" ? { ...scheme, scopes: [] } : scheme)) }
    ),
    check: "OAuth schemes list the scopes",
    says: /lists no scopes/
  },
  {
    name: "has tokens revoked in the clear",
    connector: tiny(
      {},
      {
        auth: tiny().auth.map((scheme) =>
          scheme.kind === "oauth2"
            ? { ...scheme, revocation: { url: () => "http://tiny.example/revoke", ends: "grant" as const } }
            : scheme
        )
      }
    ),
    check: "OAuth schemes list the scopes",
    says: /revoked is no https URL/
  },
  {
    name: "asks for everything at once",
    connector: http({ concurrency: 1000 }),
    check: "limits are numbers",
    says: /http\.concurrency/
  },
  {
    name: "says SUPPORTED of what it never fills",
    connector: tiny({ support: { ...parts.support, extra: { support: "SUPPORTED" } } }),
    check: "every model that is SUPPORTED",
    says: /extra of employee never has a value/
  },
  {
    name: "maps a field that the model does not have",
    connector: mapped(() => ({ shoeSize: 43 })),
    check: "the mapper writes only",
    says: /profile\.shoeSize/
  }
]
