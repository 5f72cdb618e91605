import type { Connector } from "@crochet/core"

/** The log levels. */
export const logLevels = ["debug", "info", "warning", "error", "none"] as const
/** A log level. */
export type LogLevel = (typeof logLevels)[number]

/**
 * What `crochet.config.ts` can say. Every environment variable that is set wins over it.
 */
export interface CrochetConfig {
  /** The connectors that this installation has. */
  readonly connectors?: ReadonlyArray<Connector.Connector>
  readonly port?: number
  readonly host?: string
  /** Where this installation is reached from outside, e.g. `https://sync.example.com`. */
  readonly publicUrl?: string
  /**
   * `sqlite:./.crochet/crochet.db`, relative to the working directory, `sqlite::memory:`, or
   * `postgres://user:password@host:5432/database`, better kept in the environment.
   */
  readonly databaseUrl?: string
  /** For a Postgres database. */
  readonly postgres?: {
    /** Connections of this process at most; default 10. */
    readonly pool?: number
    /** `strict` (default) refuses a server that may lose commits in a crash, `relaxed` takes it. */
    readonly durability?: "strict" | "relaxed"
    /** For how many seconds a start waits for a server that cannot be reached yet; default 60. */
    readonly waitSeconds?: number
    /** In how many seconds the server must have answered a statement; default 60. */
    readonly answerSeconds?: number
  }
  /** 32 bytes, base64. Better kept in the environment or in the key file. */
  readonly masterKey?: string
  /** Master keys that are still read while `crochet keys rotate` is not done. */
  readonly masterKeysOld?: ReadonlyArray<string>
  /** A key that exists from the first start on. Better kept in the environment. */
  readonly apiKey?: string
  /** CIDRs that destinations and connectors may reach although they are private. */
  readonly egressAllow?: ReadonlyArray<string>
  /** Plain http to public hosts; default false. */
  readonly egressHttp?: boolean
  /** Ports from 1024 on of public hosts; default false. */
  readonly egressHighPorts?: boolean
  /** CIDRs of the proxies before this server, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: ReadonlyArray<string>
  /** By app id. */
  readonly baseUrls?: { readonly [appId: string]: string }
  /** The operator's own OAuth apps, by app id. */
  readonly oauth?: {
    readonly [appId: string]: {
      readonly clientId: string
      readonly clientSecret: string
      /** Replaces the connector's token URL, e.g. by a simulator's. */
      readonly tokenUrl?: string
      /** Replaces the address at which people sign in, e.g. by a simulator's. */
      readonly authorizeUrl?: string
      /** Replaces the address at which tokens are revoked, e.g. by a simulator's. */
      readonly revokeUrl?: string
    }
  }
  /** URLs to which browsers may be sent after a sign-in at an app; compared exactly. */
  readonly returnUrls?: ReadonlyArray<string>
  readonly testAccounts?: {
    /** How many may be live at a time; default 3. */
    readonly limit?: number
    /** After how many days they are deactivated; default 30. */
    readonly days?: number
  }
  /** After how many days delivered and expired events leave the log; default 30. */
  readonly eventRetentionDays?: number
  readonly log?: {
    readonly level?: LogLevel
    /** Default: `pretty` on a terminal, `json` otherwise. */
    readonly format?: "json" | "pretty"
  }
}

/** Types a `crochet.config.ts`: `export default defineConfig({ connectors: [bamboohr] })`. */
export const defineConfig = (config: CrochetConfig): CrochetConfig => config
