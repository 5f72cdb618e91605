import { InvalidInput, requireInteger, requireText } from "../server/InvalidInput.ts"
import { Random } from "../server/Random.ts"
import { RateLimit, type RateLimitOptions } from "../server/RateLimit.ts"
import type { Reply, Request } from "../server/Reply.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Direct } from "../server/Direct.ts"
import { type App, startServer, Switches } from "../server/Server.ts"
import { Access, type LockoutOptions } from "./Access.ts"
import { Company } from "./Company.ts"
import { CompanyControl } from "./CompanyControl.ts"
import type { Control } from "./Control.ts"
import { httpCommands } from "./ControlCommands.ts"
import type { Employee } from "./Employee.ts"
import { legacyError } from "./Errors.ts"
import { OAuth, type OAuthOptions } from "./OAuth.ts"
import { populate } from "./Population.ts"
import { emptied, withoutRecords } from "./EmptyAnswers.ts"
import { route } from "./Routes.ts"

/** How the simulated BambooHR company is made and behaves. Everything has a default. */
export interface BambooHROptions {
  /** How many people there are, also those who left. Default 250, at most 100,000. */
  readonly employees?: number
  /** The same seed makes the same company. Default 42. */
  readonly seed?: number
  /** Default a readable key made from the seed. */
  readonly apiKey?: string
  /** Default `acme`. */
  readonly subdomain?: string
  readonly companyName?: string
  /** Default 0, a free port. */
  readonly port?: number
  /** Milliseconds since 1970; everything the simulator does with time asks this. Default the machine's clock. */
  readonly now?: () => number
  /** The last day of the made-up history, `YYYY-MM-DD`. Default 2026-06-01, or today when that is earlier. */
  readonly historyUntil?: string
  readonly oauth?: OAuthOptions
  /** Default: 403 for 60 s after 20 refused keys in a row; false never locks. */
  readonly lockout?: LockoutOptions | false
  /** Default none. */
  readonly rateLimit?: RateLimitOptions
  /** Fields and tables that the key's owner may not see, each by the name of the endpoint that would show it. */
  readonly hiddenFields?: ReadonlyArray<string>
  /** Whether `since` of `changed` includes that very instant. BambooHR does not say; default false, the stricter. */
  readonly sinceIncludes?: boolean
  /** How an empty date is written at the employee endpoints. Default `""`; older accounts give `0000-00-00`. */
  readonly emptyDate?: "" | "0000-00-00"
  /** How pay stands in the compensation table: `"65000.00 USD"` (default) or `{currency, value}`. */
  readonly rateAs?: "text" | "object"
  /** So many people at most are in a page of the whole dataset, whatever is asked: many pages with few people. */
  readonly largestPage?: number
}

/** A running BambooHR simulator. */
export interface BambooHRSimulator {
  /** `http://127.0.0.1:{port}`, to be given to Crochet as `CROCHET_BASE_URL_BAMBOOHR`. */
  readonly url: string
  readonly port: number
  readonly apiKey: string
  readonly subdomain: string
  readonly control: Control
  /** What was asked of it, oldest first, without secrets. A live list. */
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Asks it without a socket. */
  readonly answer: Direct
  readonly close: () => Promise<void>
}

const day = 86_400_000

/** Takes the base off: `/api/gateway.php/{sub}/v1/…`, `/api/v1/…` or `/v1/…`. */
const withoutBase = (path: string): { readonly subdomain?: string; readonly rest: string } | undefined => {
  const gateway = /^\/api\/gateway\.php\/([^/]+)(\/v\d.*)$/.exec(path)
  if (gateway?.[1] !== undefined && gateway[2] !== undefined) return { subdomain: gateway[1], rest: gateway[2] }
  const rest = /^(?:\/api)?(\/v\d.*)$/.exec(path)?.[1]
  return rest === undefined ? undefined : { rest }
}

const checkOptions = (options: BambooHROptions): void => {
  if (options.employees !== undefined) requireInteger("employees", options.employees, 0, 100_000)
  if (options.seed !== undefined) requireInteger("seed", options.seed, 0, 4_294_967_295)
  if (options.port !== undefined) requireInteger("port", options.port, 0, 65_535)
  if (options.largestPage !== undefined) requireInteger("largestPage", options.largestPage, 1, 1_000)
  if (options.apiKey !== undefined && !/^[^:\s]+$/.test(options.apiKey)) {
    throw new InvalidInput("apiKey", "must be a text without colon and white space")
  }
  if (options.subdomain !== undefined && !/^[a-z0-9][a-z0-9-]*$/i.test(options.subdomain)) {
    throw new InvalidInput("subdomain", "must be letters, digits and hyphens, like acme")
  }
  if (options.historyUntil !== undefined && Number.isNaN(Date.parse(options.historyUntil))) {
    throw new InvalidInput("historyUntil", "must be a date as YYYY-MM-DD")
  }
  if (options.rateLimit !== undefined) {
    requireInteger("rateLimit.requests", options.rateLimit.requests, 1, 1_000_000)
    requireInteger("rateLimit.perMillis", options.rateLimit.perMillis, 1, 86_400_000)
  }
  if (options.lockout !== undefined && options.lockout !== false) {
    requireInteger("lockout.after", options.lockout.after, 1, 1_000_000)
    requireInteger("lockout.forMillis", options.lockout.forMillis, 1, 86_400_000)
  }
}

/** Starts a simulated BambooHR on the loopback address. Rejects with `InvalidInput` naming the option that cannot be used. */
export const startBambooHR = async (options: BambooHROptions = {}): Promise<BambooHRSimulator> => {
  checkOptions(options)
  const now = options.now ?? Date.now
  const seed = options.seed ?? 42
  const subdomain = options.subdomain ?? "acme"
  const apiKey = options.apiKey ?? `sandbox-${seed}-${new Random(seed).digits(12)}`
  const company = new Company(seed, now)
  const anchor = Math.min(Date.parse(options.historyUntil ?? "2026-06-01"), Math.floor(now() / day) * day)
  populate(company, options.employees ?? 250, anchor)

  const oauth = new OAuth(options.oauth ?? {}, new Random(seed + 1), now)
  const hidden = new Set(options.hiddenFields ?? [])
  const limiter = options.rateLimit === undefined ? undefined : new RateLimit(options.rateLimit)
  const companyControl = new CompanyControl(company)
  let signature = 0
  const photoUrl = (employee: Employee) => {
    if (!employee.photoUploaded) return "https://images.bamboohr.example/images/photo_person_160x160.png"
    // Signed anew on every call, as the app does.
    const expires = Math.floor(now() / 1000) + 86_400
    return `https://images.bamboohr.example/photos/${employee.id}-6-4.jpg?Expires=${expires}&Signature=sim${++signature}`
  }

  const lockout = options.lockout ?? { after: 20, forMillis: 60_000 }
  const guard = new Access(apiKey, subdomain, oauth, lockout, now)
  const handle = (request: Request): Reply => {
    if (request.path === "/authorize.php" && request.method === "GET") return oauth.authorize(request)
    if (request.path === "/token.php" && request.method === "POST") return oauth.token(request)
    const based = withoutBase(request.path)
    if (based === undefined) return legacyError(404, "Not found")
    if (based.subdomain !== undefined && based.subdomain !== subdomain) {
      return legacyError(401, `This simulator is the company "${subdomain}"`)
    }
    const refused = guard.check(request)
    if (refused !== undefined) return refused
    const wait = limiter?.take(now())
    if (wait !== undefined) return legacyError(429, "Limit Exceeded", { "retry-after": String(wait) })
    return route(request, based.rest, {
      view: { company, day: company.today(), emptyDate: options.emptyDate ?? "", photoUrl },
      companyName: options.companyName ?? "Acme",
      hidden,
      sinceIncludes: options.sinceIncludes ?? false,
      rateAs: options.rateAs ?? "text",
      largestPage: options.largestPage
    })
  }

  const switches = new Switches()
  const control: Control = {
    hire: (who) => companyControl.hire(who),
    change: (id, fields) => companyControl.change(id, fields),
    fire: (id, how) => companyControl.fire(id, how),
    remove: (id) => companyControl.remove(id),
    addLeave: (leave) => companyControl.addLeave(leave),
    changeLeave: (id, status) => companyControl.changeLeave(id, status),
    changeDependents: (id, dependents) => companyControl.changeDependents(id, dependents),
    list: (filter) => companyControl.list(filter),
    get: (id) => companyControl.summary(companyControl.find("id", id)),
    count: () => companyControl.count(),
    fault: (fault) => switches.faults.add(fault),
    faults: () => switches.faults.list(),
    clearFaults: () => switches.faults.clear(),
    expireTokens: (how) => oauth.expire(how?.refresh === true),
    revokeKey: () => guard.revoke(),
    restoreKey: (key) => guard.restore(key === undefined ? apiKey : requireText("key", key)),
    shuffleKeys: (on) => {
      switches.shuffled = on
    },
    clearRequests: () => switches.log.clear()
  }
  const commands = httpCommands(control, companyControl, () => switches.log.entries)
  const app: App = { name: "bamboohr", now, handle, emptied, withoutRecords, commands }
  const server = await startServer(app, switches, options.port ?? 0)
  return {
    url: server.url,
    port: server.port,
    apiKey,
    subdomain,
    control,
    requests: switches.log.entries,
    answer: server.answer,
    close: server.close
  }
}
