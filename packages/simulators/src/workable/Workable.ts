import { InvalidInput, requireInteger } from "../server/InvalidInput.ts"
import { Random } from "../server/Random.ts"
import type { RateLimitOptions } from "../server/RateLimit.ts"
import type { Reply, Request } from "../server/Reply.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Direct } from "../server/Direct.ts"
import { type App, startServer, Switches } from "../server/Server.ts"
import { Account } from "./Account.ts"
import { AccountControl } from "./AccountControl.ts"
import type { WorkableControl } from "./Control.ts"
import { httpCommands } from "./ControlCommands.ts"
import { OAuth, type WorkableOAuthOptions } from "./OAuth.ts"
import { populate } from "./Population.ts"
import { TimelineControl } from "./TimelineControl.ts"
import { Quota } from "./Quota.ts"
import { route } from "./Routes.ts"

/** How the simulated Workable account is made and behaves. Everything has a default. */
export interface WorkableOptions {
  /** How many candidates there are. Default 250, at most 1,000,000. */
  readonly candidates?: number
  /** Default 12. */
  readonly jobs?: number
  /** Employees of the HR side. Default 40. */
  readonly employees?: number
  /** The same seed makes the same account. Default 42. */
  readonly seed?: number
  /** The account token. Default a readable one made from the seed. */
  readonly token?: string
  /** Default `acme`. */
  readonly subdomain?: string
  readonly companyName?: string
  /** Default 0, a free port. */
  readonly port?: number
  /** Milliseconds since 1970; everything the simulator does with time asks this. Default the machine's clock. */
  readonly now?: () => number
  /** The last day of the made-up history. Default 2026-06-01, or today when that is earlier. */
  readonly historyUntil?: string
  readonly oauth?: WorkableOAuthOptions
  /** Default none; the app has 10 (account tokens) or 50 (OAuth) in 10 seconds, in windows of the clock. */
  readonly rateLimit?: RateLimitOptions
  /** Whether the link to the next page repeats `updated_after` and alike; Workable does not say. Default false. */
  readonly nextKeepsFilters?: boolean
  /** `app`: links name `https://{subdomain}.workable.com`, as the app's do. Default `simulator`: its own address. */
  readonly links?: "simulator" | "app"
  /** No page holds more rows, whatever is asked for: for tests of paging with few records. Default 100. */
  readonly largestPage?: number
  /** So long does it take until a change is in the lists. Default 0. */
  readonly listLagMillis?: number
}

/** A running Workable simulator. */
export interface WorkableSimulator {
  /** `http://127.0.0.1:{port}`, to be given to Crochet as `CROCHET_BASE_URL_WORKABLE`. */
  readonly url: string
  readonly port: number
  readonly token: string
  readonly subdomain: string
  readonly control: WorkableControl
  /** What was asked of it, oldest first, without secrets. A live list. */
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Asks it without a socket. */
  readonly answer: Direct
  readonly close: () => Promise<void>
}

const checkOptions = (options: WorkableOptions): void => {
  if (options.candidates !== undefined) requireInteger("candidates", options.candidates, 0, 1_000_000)
  if (options.jobs !== undefined) requireInteger("jobs", options.jobs, 0, 10_000)
  if (options.employees !== undefined) requireInteger("employees", options.employees, 0, 100_000)
  if (options.seed !== undefined) requireInteger("seed", options.seed, 0, 4_294_967_295)
  if (options.port !== undefined) requireInteger("port", options.port, 0, 65_535)
  if (options.largestPage !== undefined) requireInteger("largestPage", options.largestPage, 1, 100)
  if (options.listLagMillis !== undefined) requireInteger("listLagMillis", options.listLagMillis, 0, 86_400_000)
  if (options.token !== undefined && !/^\S+$/.test(options.token)) {
    throw new InvalidInput("token", "must be a text without white space")
  }
  if (options.subdomain !== undefined && !/^[a-z0-9][a-z0-9-]*$/i.test(options.subdomain)) {
    throw new InvalidInput("subdomain", "must be letters, digits and hyphens, like acme")
  }
  if (options.historyUntil !== undefined && Number.isNaN(Date.parse(options.historyUntil))) {
    throw new InvalidInput("historyUntil", "must be a date as YYYY-MM-DD")
  }
  if (options.rateLimit !== undefined) {
    requireInteger("rateLimit.requests", options.rateLimit.requests, 1, 1_000_000)
    requireInteger("rateLimit.perMillis", options.rateLimit.perMillis, 1000, 86_400_000)
  }
}

const lists = [
  "jobs",
  "candidates",
  "members",
  "events",
  "activities",
  "employees",
  "stages",
  "recruiters",
  "questions"
]

/** The answer without its rows; `last` takes the way to the next page and the total away too. */
const without =
  (last: boolean) =>
  (value: unknown): unknown => {
    if (Array.isArray(value)) return []
    if (typeof value !== "object" || value === null) return value
    const answer: Record<string, unknown> = { ...value }
    for (const name of lists) if (Array.isArray(answer[name])) answer[name] = []
    if (last) {
      delete answer.paging
      if ("total_count" in answer) answer.total_count = 0
    }
    return answer
  }

/** Starts a simulated Workable on the loopback address. Rejects with `InvalidInput` naming the option that cannot be used. */
export const startWorkable = async (options: WorkableOptions = {}): Promise<WorkableSimulator> => {
  checkOptions(options)
  const now = options.now ?? Date.now
  const seed = options.seed ?? 42
  const subdomain = options.subdomain ?? "acme"
  const token = options.token ?? `sandbox-${seed}-${new Random(seed).digits(12)}`
  const account = new Account(seed, now)
  const anchor = Math.min(Date.parse(options.historyUntil ?? "2026-06-01"), now())
  const { candidates = 250, employees = 40, jobs = 12 } = options
  populate(account, { candidates, employees, jobs }, anchor)

  const oauth = new OAuth(options.oauth ?? {}, new Random(seed + 1), now)
  const quota = new Quota(options.rateLimit)
  const accounts = new AccountControl(account)
  const timelines = new TimelineControl(account, accounts)
  let valid: string | undefined = token
  let forbidden: ReadonlyArray<string> = []
  let signature = 0

  const answer = (request: Request): Reply => {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1]
    if (bearer === undefined || (bearer !== valid && !oauth.accepts(bearer))) {
      return { status: 401, json: { error: "Not authorized" } }
    }
    const path = request.path.replace(/^\/spi\/v3(?=\/|$)/, "")
    if (forbidden.some((start) => path.startsWith(start))) return { status: 403, json: { error: "Forbidden" } }
    const base = options.links === "app" ? `https://${subdomain}.workable.com` : request.origin
    return route(request, path, {
      account,
      identity: { subdomain, name: options.companyName ?? "Acme" },
      base: `${base}/spi/v3`,
      nextKeepsFilters: options.nextKeepsFilters ?? false,
      largestPage: options.largestPage ?? 100,
      listLagMillis: options.listLagMillis ?? 0,
      signature: () => ++signature
    })
  }
  const handle = (request: Request): Reply => {
    if (request.path === "/oauth/authorize" && request.method === "GET") return oauth.authorize(request)
    if (request.path === "/oauth/token" && request.method === "POST") return oauth.token(request)
    const { headers, refused } = quota.take(now())
    const reply: Reply = refused ? { status: 429, json: { error: "Rate limit exceeded" } } : answer(request)
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }
  /** The app's own 429, which says the second of the next window and has no Retry-After. */
  const throttled = (seconds: number | undefined): Reply => ({
    status: 429,
    headers: {
      ...quota.headers(now(), 0),
      ...(seconds === undefined ? {} : { "x-rate-limit-reset": String(Math.floor(now() / 1000) + seconds) })
    },
    json: { error: "Rate limit exceeded" }
  })

  const switches = new Switches()
  const control: WorkableControl = {
    add: (who) => accounts.add(who),
    change: (id, fields) => accounts.change(id, fields),
    remove: (id) => accounts.remove(id),
    list: (page) => accounts.list({ ...page }),
    get: (id) => accounts.summary(accounts.candidate("id", id)),
    addJob: (fields) => accounts.addJob(fields),
    changeJob: (shortcode, fields) => accounts.changeJob(shortcode, fields),
    removeJob: (shortcode) => accounts.removeJob(shortcode),
    jobs: () => [...account.jobs.values()].map((job) => accounts.jobSummary(job)),
    addEvent: (candidateId, startsAt) => accounts.addEvent(candidateId, startsAt),
    cancelEvent: (id) => accounts.cancelEvent(id),
    comment: (candidateId, body) => timelines.comment(candidateId, body),
    rate: (candidateId, score, body) => timelines.rate(candidateId, score, body),
    changeActivity: (id, body) => timelines.change(id, body),
    removeActivity: (id) => timelines.remove(id),
    activities: () => timelines.list(),
    offer: (candidateId, state) => timelines.offer(candidateId, state),
    addEmployee: (fields) => accounts.addEmployee(fields),
    changeEmployee: (id, fields) => accounts.changeEmployee(id, fields),
    removeEmployee: (id) => accounts.removeEmployee(id),
    employees: () => [...account.employees.values()].map((employee) => accounts.staffSummary(employee)),
    count: () => ({
      candidates: account.candidates.size,
      jobs: account.jobs.size,
      employees: account.employees.size
    }),
    fault: (fault) => switches.faults.add(fault),
    faults: () => switches.faults.list(),
    clearFaults: () => switches.faults.clear(),
    issueTokens: () => {
      const { access_token, refresh_token } = oauth.issue().json as { access_token: string; refresh_token: string }
      return { accessToken: access_token, refreshToken: refresh_token }
    },
    expireTokens: (how) => oauth.expire(how?.refresh === true),
    revokeKey: () => {
      valid = undefined
    },
    restoreKey: (key) => {
      valid = key ?? token
    },
    forbid: (paths) => {
      forbidden = paths
    },
    shuffleKeys: (on) => {
      switches.shuffled = on
    },
    clearRequests: () => switches.log.clear()
  }
  const app: App = {
    name: "workable",
    now,
    handle,
    emptied: without(true),
    withoutRecords: without(false),
    throttled,
    commands: httpCommands(control, accounts, timelines, () => switches.log.entries)
  }
  const server = await startServer(app, switches, options.port ?? 0)
  return {
    url: server.url,
    port: server.port,
    token,
    subdomain,
    control,
    requests: switches.log.entries,
    answer: server.answer,
    close: server.close
  }
}
