import { InvalidInput, requireInteger, requireText } from "../server/InvalidInput.ts"
import { Random } from "../server/Random.ts"
import { RateLimit, type RateLimitOptions } from "../server/RateLimit.ts"
import type { Reply, Request } from "../server/Reply.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Direct } from "../server/Direct.ts"
import { type App, startServer, Switches } from "../server/Server.ts"
import { Bulk, type BulkOptions } from "./Bulk.ts"
import type { Limit, SalesforceControl } from "./Control.ts"
import { httpCommands } from "./ControlCommands.ts"
import { emptied, withoutRecords } from "./EmptyAnswers.ts"
import { refusal } from "./Errors.ts"
import { OAuth, type SalesforceOAuthOptions } from "./OAuth.ts"
import { metadataControl } from "./MetadataControl.ts"
import { objects } from "./Objects.ts"
import { Org } from "./Org.ts"
import { recordControl } from "./OrgControl.ts"
import { Queries } from "./Queries.ts"
import { route } from "./Routes.ts"

/** How the simulated Salesforce org is made and behaves. Everything has a default. */
export interface SalesforceOptions {
  /** How many records of each object there are: `{ Contact: 1_000_000 }`. Default 100 contacts and a few of the others. */
  readonly records?: { readonly [object: string]: number }
  /** The same seed makes the same org. Default 42. */
  readonly seed?: number
  /** Default 0, a free port. */
  readonly port?: number
  /** Milliseconds since 1970; everything the simulator does with time asks this. Default the machine's clock. */
  readonly now?: () => number
  /** When the last generated record was made. Default 2026-06-01, or now when that is earlier. */
  readonly historyUntil?: string
  readonly oauth?: SalesforceOAuthOptions
  readonly bulk?: BulkOptions
  /** Sizes of query pages that the server takes in turn, whatever is asked for. Default 2,000. */
  readonly pageSizes?: ReadonlyArray<number>
  /** Requests in 24 hours; beyond, REQUEST_LIMIT_EXCEEDED. Default 15,000,000. */
  readonly dailyRequests?: number
  /** Beyond, requests are refused as too many at the same time. Default none. */
  readonly rateLimit?: RateLimitOptions
  /** Eventual consistency: how long changes are not seen by queries. Default 0. */
  readonly delayMillis?: number
  /** More ids than this are EXCEEDED_ID_LIMIT at `/deleted`. Default 600,000. */
  readonly maxDeletedIds?: number
}

/** A running Salesforce simulator. */
export interface SalesforceSimulator {
  /** Login host and instance in one; to be given to Crochet as `CROCHET_BASE_URL_SALESFORCE`. */
  readonly url: string
  readonly port: number
  /** `{url}/services/oauth2/authorize`, for `CROCHET_OAUTH_SALESFORCE_AUTHORIZE_URL`. */
  readonly authorizeUrl: string
  /** `{url}/services/oauth2/token`, for `CROCHET_OAUTH_SALESFORCE_TOKEN_URL`. */
  readonly tokenUrl: string
  /** `{url}/services/oauth2/revoke`, for `CROCHET_OAUTH_SALESFORCE_REVOKE_URL`. */
  readonly revokeUrl: string
  /** Tokens as a customer's consent gave them. */
  readonly accessToken: string
  readonly refreshToken: string
  readonly control: SalesforceControl
  /** What was asked of it, oldest first, without secrets. A live list. */
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Asks it without a socket. */
  readonly answer: Direct
  readonly close: () => Promise<void>
}

const defaults: { readonly [object: string]: number } = {
  Organization: 1,
  User: 5,
  Account: 20,
  Contact: 100,
  Lead: 20,
  Opportunity: 20,
  OpportunityStage: 4,
  Task: 20,
  Event: 10,
  Note: 5,
  Campaign: 3,
  Product2: 5,
  Loom__c: 10,
  OpportunityContactRole: 20,
  AccountContactRelation: 20,
  CampaignMember: 10
}

const checkOptions = (options: SalesforceOptions): void => {
  for (const [object, count] of Object.entries(options.records ?? {})) {
    if (!objects.some(({ name }) => name === object))
      throw new InvalidInput(`records.${object}`, "is no object of the org")
    requireInteger(`records.${object}`, count, 0, 5_000_000)
  }
  if (options.seed !== undefined) requireInteger("seed", options.seed, 0, 4_294_967_295)
  if (options.port !== undefined) requireInteger("port", options.port, 0, 65_535)
  for (const size of options.pageSizes ?? []) requireInteger("pageSizes", size, 1, 2000)
  if (options.historyUntil !== undefined && Number.isNaN(Date.parse(options.historyUntil))) {
    throw new InvalidInput("historyUntil", "must be a date as YYYY-MM-DD")
  }
}

/** Starts a simulated Salesforce on the loopback address. Rejects with `InvalidInput` naming the option that cannot be used. */
export const startSalesforce = async (options: SalesforceOptions = {}): Promise<SalesforceSimulator> => {
  checkOptions(options)
  const now = options.now ?? Date.now
  const seed = options.seed ?? 42
  const org = new Org({
    seed,
    now,
    until: Math.min(Date.parse(options.historyUntil ?? "2026-06-01"), now()),
    delayMillis: options.delayMillis ?? 0,
    counts: { ...defaults, ...options.records }
  })
  const organization = org.id(org.table("Organization")!, 0)
  const user = org.id(org.table("User")!, 0)
  const bulk = new Bulk(org, options.bulk ?? {})
  const queries = new Queries(org, options.pageSizes ?? [2000])
  const dailyRequests = options.dailyRequests ?? 15_000_000
  const limiter = options.rateLimit === undefined ? undefined : new RateLimit(options.rateLimit)
  let instanceUrl = ""
  let used = 0
  let limit: Limit = null
  let apiDisabled = false
  const oauth = new OAuth(options.oauth ?? {}, new Random(seed + 1), now, () => ({
    instanceUrl,
    id: `${instanceUrl}/id/${organization}/${user}`
  }))

  const identity = (): Reply => ({
    status: 200,
    json: {
      sub: `${instanceUrl}/id/${organization}/${user}`,
      user_id: user,
      organization_id: organization,
      preferred_username: org.value(org.table("User")!, 0, "Username"),
      name: org.value(org.table("User")!, 0, "Name"),
      email: org.value(org.table("User")!, 0, "Email"),
      zoneinfo: "America/Los_Angeles"
    }
  })

  const handle = (request: Request): Reply => {
    const { headers, method, path } = request
    if (path === "/services/oauth2/authorize" && method === "GET") return oauth.authorize(request)
    if (path === "/services/oauth2/token" && method === "POST") return oauth.token(request)
    if (path === "/services/oauth2/revoke" && method === "POST") return oauth.revoke(request)
    const [scheme = "", token = ""] = (headers.authorization ?? "").split(" ")
    if (scheme.toLowerCase() !== "bearer" || !oauth.accepts(token)) {
      if (path === "/services/oauth2/userinfo") return { status: 403, text: "Bad_OAuth_Token" }
      const refused = refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
      return { ...refused, headers: { ...refused.headers, "www-authenticate": "Token" } }
    }
    if (path === "/services/oauth2/userinfo" || path === `/id/${organization}/${user}`) return identity()
    if (apiDisabled) return refusal(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner")
    if (limit === "daily" || used >= dailyRequests) {
      return refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    }
    if (limit === "concurrent" || limiter?.take(now()) !== undefined) {
      return refusal(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")
    }
    used++
    const reply = route(request, {
      org,
      queries,
      bulk,
      maxDeletedIds: options.maxDeletedIds ?? 600_000,
      usage: () => ({ used, limit: dailyRequests })
    })
    return { ...reply, headers: { "sforce-limit-info": `api-usage=${used}/${dailyRequests}`, ...reply.headers } }
  }

  const switches = new Switches()
  const control: SalesforceControl = {
    ...recordControl(org),
    ...metadataControl(org),
    fault: (fault) => switches.faults.add(fault),
    faults: () => switches.faults.list(),
    clearFaults: () => switches.faults.clear(),
    consent: (consent) => {
      oauth.consent = consent
    },
    expireTokens: (how) => oauth.expire(how?.refresh === true),
    exceedLimit: (which) => {
      limit = which
    },
    disableApi: (on) => {
      apiDisabled = on
    },
    breakBulk: (how) => {
      bulk.enabled = how !== "refuse"
      bulk.failing = how === "fail"
    },
    expireCursors: (how) => queries.expire() + (how?.jobs === true ? bulk.expire() : 0),
    jobs: () => bulk.jobs(),
    moveInstance: (url) => {
      instanceUrl = requireText("url", url)
    },
    delay: (millis) => {
      org.delayMillis = requireInteger("millis", millis, 0, 86_400_000)
    },
    shuffleKeys: (on) => {
      switches.shuffled = on
    },
    clearRequests: () => switches.log.clear()
  }
  const commands = httpCommands(control, () => switches.log.entries)
  const app: App = { name: "salesforce", now, handle, emptied, withoutRecords, commands }
  const server = await startServer(app, switches, options.port ?? 0)
  instanceUrl = server.url
  return {
    url: server.url,
    port: server.port,
    tokenUrl: `${server.url}/services/oauth2/token`,
    authorizeUrl: `${server.url}/services/oauth2/authorize`,
    revokeUrl: `${server.url}/services/oauth2/revoke`,
    ...oauth.granted(),
    control,
    requests: switches.log.entries,
    answer: server.answer,
    close: server.close
  }
}
