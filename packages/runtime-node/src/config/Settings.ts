import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as DatabaseSettings from "./DatabaseSettings.ts"
import { type CrochetConfig, type LogLevel, logLevels } from "./defineConfig.ts"
import { nearest } from "./Nearest.ts"
import * as EgressSettings from "./EgressSettings.ts"
import * as KeySettings from "./KeySettings.ts"
import * as SettingReader from "./SettingReader.ts"
import { SettingsError } from "./SettingsError.ts"
import { httpUrl, oneOf, returnUrlsOf, wholeNumber } from "./SettingValue.ts"

/** The operator's own OAuth app at a provider. */
export interface OAuthApp {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly tokenUrl?: string
  readonly authorizeUrl?: string
  readonly revokeUrl?: string
}

/** Everything that can be set, checked. */
export interface Settings extends KeySettings.KeySettings, EgressSettings.EgressSettings {
  /** 0 lets the system choose a free port. */
  readonly port: number
  readonly host: string
  /** Null: made from host and port. */
  readonly publicUrl: string | null
  readonly database: DatabaseSettings.DatabaseSettings
  readonly baseUrls: { readonly [appId: string]: string }
  readonly oauth: { readonly [appId: string]: OAuthApp }
  /** Where browsers may be sent after a sign-in at an app. */
  readonly returnUrls: ReadonlyArray<string>
  /** After how many days settled events leave the log. */
  readonly eventRetentionDays: number
  readonly testAccounts: { readonly limit: number; readonly days: number }
  readonly log: { readonly level: LogLevel; readonly format: "json" | "pretty" | null }
}

/** Settings and what is worth a warning but does not stop the start. */
export interface Loaded {
  readonly settings: Settings
  readonly warnings: ReadonlyArray<string>
}

/** The variables with a fixed name, and what each is for. */
export const variables: { readonly [name: string]: string } = {
  CROCHET_PORT: "port of the HTTP interface, default 4400; 0 chooses a free one",
  CROCHET_HOST: "address to listen on, default 127.0.0.1",
  CROCHET_PUBLIC_URL: "where this installation is reached from outside; default from host and port",
  CROCHET_DATABASE_URL: "default sqlite:./.crochet/crochet.db; or postgres://user:password@host:5432/database",
  CROCHET_POSTGRES_POOL: "connections to Postgres at most, default 10",
  CROCHET_POSTGRES_WAIT: "seconds that a start waits for Postgres, default 60",
  CROCHET_POSTGRES_ANSWER: "seconds in which Postgres must have answered a statement, default 60",
  CROCHET_POSTGRES_DURABILITY:
    "strict (default) refuses a Postgres server that may lose commits in a crash; relaxed takes it",
  CROCHET_MASTER_KEY: "32 bytes, base64; made on first start beside the embedded database",
  CROCHET_MASTER_KEYS_OLD:
    "master keys that are still read while `crochet keys rotate` is not done, separated by commas",
  CROCHET_API_KEY: "a key that exists from the first start on; otherwise one is made and printed once",
  CROCHET_EGRESS_ALLOW: "CIDRs, separated by commas, that destinations and connectors may reach although private",
  CROCHET_EGRESS_HTTP: "on: destinations and connectors may use plain http to public hosts, too; default off",
  CROCHET_EGRESS_HIGH_PORTS: "on: destinations and connectors may use ports from 1024 on of public hosts; default off",
  CROCHET_TRUSTED_PROXIES:
    "CIDRs, separated by commas, of the proxies before this server, whose X-Forwarded-For is believed",
  CROCHET_RETURN_URLS:
    "URLs, separated by commas, to which browsers may be sent after a sign-in at an app; compared exactly",
  CROCHET_TEST_ACCOUNTS_LIMIT: "test accounts that may be live at a time, default 3",
  CROCHET_TEST_ACCOUNTS_DAYS: "days after which test accounts are deactivated, default 30",
  CROCHET_EVENT_RETENTION_DAYS: "days after which delivered and expired events leave the log, default 30",
  CROCHET_LOG_LEVEL: "debug, info (default), warning, error or none",
  CROCHET_LOG_FORMAT: "json or pretty; default pretty on a terminal",
  CROCHET_CLUSTER: "off; processes that are given one Postgres database share its work without it",
  CROCHET_RUNNER_HOST: "for CROCHET_CLUSTER",
  CROCHET_RUNNER_PORT: "for CROCHET_CLUSTER",
  CROCHET_URL: "for `crochet sync` and `crochet keys`: the server to talk to"
}

/** An app id as it stands in a variable's name: `sage-hr` → `SAGE_HR`. */
export const inCapitals = (appId: string): string => appId.toUpperCase().replaceAll("-", "_")

const perApp =
  /^CROCHET_(?:BASE_URL_(?<base>.+)|OAUTH_(?<oauth>.+)_(?<part>CLIENT_ID|CLIENT_SECRET|(?<endpoint>TOKEN|AUTHORIZE|REVOKE)_URL))$/

/** Reads the environment and the config file; fails with every problem at once. */
export const read = (options: {
  readonly environment: SettingReader.Environment
  readonly config: CrochetConfig
  /** Ids of the connectors that are there. */
  readonly appIds: ReadonlyArray<string>
  readonly directory: string
  /** What a setting of `config` is called in a problem; default `<key> in crochet.config`. */
  readonly nameOf?: (key: string) => string
}): Effect.Effect<Loaded, SettingsError> =>
  Effect.suspend(() => {
    const { appIds, config, directory, environment } = options
    const nameOf = options.nameOf ?? ((key: string) => `${key} in crochet.config`)
    const reader = SettingReader.make(environment, nameOf)
    const { check, problems, value } = reader
    const warnings: Array<string> = []

    const port = check(
      value("CROCHET_PORT", "port", config.port),
      4400,
      wholeNumber(0, 65_535),
      "is not a port number.",
      "Give a number from 1 to 65535, or 0 for any free port."
    )
    const host = check(
      value("CROCHET_HOST", "host", config.host),
      "127.0.0.1",
      (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
      "is not an address.",
      "Give an IP address or a host name, e.g. 0.0.0.0 for all interfaces."
    )
    const publicUrl = check<string | null>(
      value("CROCHET_PUBLIC_URL", "publicUrl", config.publicUrl),
      null,
      httpUrl,
      "is not an http(s) URL.",
      "Give the address under which others reach this server, e.g. https://sync.example.com."
    )
    const database = DatabaseSettings.read(reader, config, directory)
    const keys = KeySettings.read(reader, config)
    const egress = EgressSettings.read(reader, config)
    const returnUrls = check(
      value("CROCHET_RETURN_URLS", "returnUrls", config.returnUrls?.join(",")),
      [],
      returnUrlsOf,
      "is not a list of URLs to which a browser can be sent.",
      "Give https URLs (http only for this machine) without user names and fragments, separated by commas."
    )
    const level = check<LogLevel>(
      value("CROCHET_LOG_LEVEL", "log.level", config.log?.level),
      "info",
      oneOf(logLevels),
      "is not a log level.",
      `Give one of ${logLevels.join(", ")}.`
    )
    const format = check<"json" | "pretty" | null>(
      value("CROCHET_LOG_FORMAT", "log.format", config.log?.format),
      null,
      oneOf(["json", "pretty"]),
      "is not a log format.",
      "Give json or pretty."
    )
    const limit = check(
      value("CROCHET_TEST_ACCOUNTS_LIMIT", "testAccounts.limit", config.testAccounts?.limit),
      3,
      wholeNumber(0, 1_000_000),
      "is not a whole number.",
      "Give how many test accounts may be live at a time, e.g. 3."
    )
    const days = check(
      value("CROCHET_TEST_ACCOUNTS_DAYS", "testAccounts.days", config.testAccounts?.days),
      30,
      wholeNumber(1, 36_500),
      "is not a number of days.",
      "Give after how many days test accounts are deactivated, e.g. 30."
    )
    const eventRetentionDays = check(
      value("CROCHET_EVENT_RETENTION_DAYS", "eventRetentionDays", config.eventRetentionDays),
      30,
      wholeNumber(1, 36_500),
      "is not a number of days.",
      "Give how many days the log keeps events after they were delivered or expired, e.g. 30."
    )
    check(
      value("CROCHET_CLUSTER", "", undefined),
      "off",
      oneOf(["off"]),
      "is not needed: processes that are given one Postgres database share its work.",
      "Leave it out, or set it to off."
    )

    const baseUrls: Record<string, string> = {}
    for (const [appId, url] of Object.entries(config.baseUrls ?? {})) {
      const parsed = httpUrl(url)
      if (parsed === undefined)
        problems.push({
          setting: nameOf(`baseUrls.${appId}`),
          problem: "is not an http(s) URL.",
          resolution: "Give the URL without a slash at its end, e.g. http://127.0.0.1:4500."
        })
      else baseUrls[appId] = parsed
    }
    const oauth: Record<string, Partial<OAuthApp>> = {}
    /** An address of an OAuth app's server that replaces the connector's. */
    const endpoint = (setting: string, text: string | undefined, example: string): string | undefined => {
      const url = text === undefined ? undefined : httpUrl(text)
      if (text !== undefined && url === undefined)
        problems.push({
          setting,
          problem: "is not an http(s) URL.",
          resolution: `Give the endpoint's URL, e.g. http://127.0.0.1:4500/${example}.`
        })
      return url
    }
    for (const [appId, app] of Object.entries(config.oauth ?? {})) {
      const tokenUrl = endpoint(nameOf(`oauth.${appId}.tokenUrl`), app.tokenUrl, "token")
      const authorizeUrl = endpoint(nameOf(`oauth.${appId}.authorizeUrl`), app.authorizeUrl, "authorize")
      const revokeUrl = endpoint(nameOf(`oauth.${appId}.revokeUrl`), app.revokeUrl, "revoke")
      oauth[appId] = {
        clientId: app.clientId,
        clientSecret: Redacted.make(app.clientSecret),
        ...(tokenUrl === undefined ? {} : { tokenUrl }),
        ...(authorizeUrl === undefined ? {} : { authorizeUrl }),
        ...(revokeUrl === undefined ? {} : { revokeUrl })
      }
    }

    const byCapitals = new Map(appIds.map((id) => [inCapitals(id), id]))
    for (const [name, text] of Object.entries(environment)) {
      if (!name.startsWith("CROCHET_") || text === undefined || text === "" || name in variables) continue
      const match = perApp.exec(name)?.groups
      if (match === undefined) {
        const near = nearest(name, [
          ...Object.keys(variables),
          ...[...byCapitals.keys()].map((id) => `CROCHET_BASE_URL_${id}`)
        ])
        warnings.push(
          `${name} is not a setting of Crochet and has no effect.${near === undefined ? "" : ` Did you mean ${near}?`}`
        )
        continue
      }
      const capitals = match["base"] ?? match["oauth"] ?? ""
      const appId = byCapitals.get(capitals)
      if (appId === undefined) {
        const near = nearest(capitals, byCapitals.keys())
        warnings.push(
          `${name}: no connector for such an app is installed.${near === undefined ? "" : ` Did you mean ${name.replace(capitals, near)}?`}`
        )
        continue
      }
      if (match["base"] !== undefined) {
        const parsed = httpUrl(text)
        if (parsed === undefined)
          problems.push({
            setting: name,
            problem: "is not an http(s) URL.",
            resolution: "Give the URL without a slash at its end, e.g. http://127.0.0.1:4500."
          })
        else baseUrls[appId] = parsed
      } else if (match["endpoint"] !== undefined) {
        const which = match["endpoint"].toLowerCase() as "token" | "authorize" | "revoke"
        const url = endpoint(name, text, which)
        if (url !== undefined) oauth[appId] = { ...oauth[appId], [`${which}Url`]: url }
      } else {
        oauth[appId] =
          match["part"] === "CLIENT_ID"
            ? { ...oauth[appId], clientId: text }
            : { ...oauth[appId], clientSecret: Redacted.make(text) }
      }
    }
    const oauthApps: Record<string, OAuthApp> = {}
    for (const [appId, { clientId, clientSecret, ...endpoints }] of Object.entries(oauth)) {
      if (clientId !== undefined && clientSecret !== undefined) {
        oauthApps[appId] = { clientId, clientSecret, ...endpoints }
      } else {
        const prefix = `CROCHET_OAUTH_${inCapitals(appId)}_CLIENT`
        problems.push({
          setting: clientId === undefined ? `${prefix}_ID` : `${prefix}_SECRET`,
          problem: "is missing, while the other half of the OAuth app is set.",
          resolution: "Set both, or neither."
        })
      }
    }

    const [first, ...others] = problems
    if (first !== undefined) return Effect.fail(new SettingsError({ problems: [first, ...others] }))
    return Effect.succeed({
      warnings,
      settings: {
        port,
        host,
        publicUrl,
        database,
        ...keys,
        ...egress,
        baseUrls,
        oauth: oauthApps,
        returnUrls,
        testAccounts: { limit, days },
        eventRetentionDays,
        log: { level, format }
      }
    })
  })
