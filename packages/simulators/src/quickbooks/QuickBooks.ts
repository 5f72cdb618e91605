import { InvalidInput, requireInteger } from "../server/InvalidInput.ts"
import { Random } from "../server/Random.ts"
import { RateLimit, type RateLimitOptions } from "../server/RateLimit.ts"
import type { Reply, Request } from "../server/Reply.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Direct } from "../server/Direct.ts"
import { type App, startServer, Switches } from "../server/Server.ts"
import { Books } from "./Books.ts"
import { BooksControl } from "./BooksControl.ts"
import type { QuickBooksControl, Refusal } from "./Control.ts"
import { httpCommands, readRefusal } from "./ControlCommands.ts"
import { type Complaint, dataFault, gatewayFault, throttled, tokenRefused, wrongRealm, xmlFault } from "./Fault.ts"
import { OAuth, type OAuthOptions } from "./OAuth.ts"
import { populate, type Size } from "./Population.ts"
import { emptied, route, withoutRecords } from "./Routes.ts"
import type { IdOrder } from "./Select.ts"

/** How the simulated QuickBooks company is made and behaves. Everything has a default. */
export interface QuickBooksOptions extends Partial<Size> {
  /** The same seed makes the same company. Default 42. */
  readonly seed?: number
  /** Default `9341450000000042`. */
  readonly realmId?: string
  readonly companyName?: string
  /** Default 0, a free port. */
  readonly port?: number
  /** Milliseconds since 1970; everything the simulator does with time asks this. Default the machine's clock. */
  readonly now?: () => number
  readonly oauth?: OAuthOptions
  /** Default none; the app's own is 500 a minute. */
  readonly rateLimit?: RateLimitOptions
  /** Whether `Id` sorts and compares as text or as a number; nobody says which. Default `text`, the worse. */
  readonly idOrder?: IdOrder
  /** How long changes stay out of `cdc` and of queries by time. Default 0. */
  readonly delayMillis?: number
  /** How many rows of an entity `cdc` tells. Default 1,000, as the app. */
  readonly cdcLimit?: number
  /** How many rows a query gives at most, whatever it asks for. Default 1,000, as the app. */
  readonly largestPage?: number
}

/** A running QuickBooks simulator. */
export interface QuickBooksSimulator {
  /** `http://127.0.0.1:{port}`, to be given to Crochet as `CROCHET_BASE_URL_QUICKBOOKS`. */
  readonly url: string
  /** Where tokens are had; the app has it on another host. */
  readonly tokenUrl: string
  /** Where people sign in, for `CROCHET_OAUTH_QUICKBOOKS_AUTHORIZE_URL`; the app has it on another host. */
  readonly authorizeUrl: string
  /** Where tokens are revoked, for `CROCHET_OAUTH_QUICKBOOKS_REVOKE_URL`; the app has it on another host. */
  readonly revokeUrl: string
  readonly port: number
  readonly realmId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Tokens of a first consent. */
  readonly accessToken: string
  readonly refreshToken: string
  readonly control: QuickBooksControl
  /** What was asked of it, oldest first, without secrets. A live list. */
  readonly requests: ReadonlyArray<LoggedRequest>
  /** Asks it without a socket. */
  readonly answer: Direct
  readonly close: () => Promise<void>
}

const checkOptions = (options: QuickBooksOptions): void => {
  for (const name of ["customers", "vendors", "invoices", "bills"] as const) {
    if (options[name] !== undefined) requireInteger(name, options[name], 0, 1_000_000)
  }
  if (options.seed !== undefined) requireInteger("seed", options.seed, 0, 4_294_967_295)
  if (options.port !== undefined) requireInteger("port", options.port, 0, 65_535)
  if (options.delayMillis !== undefined) requireInteger("delayMillis", options.delayMillis, 0, 86_400_000)
  if (options.cdcLimit !== undefined) requireInteger("cdcLimit", options.cdcLimit, 1, 1_000)
  if (options.largestPage !== undefined) requireInteger("largestPage", options.largestPage, 1, 1_000)
  if (options.atLeast !== undefined) requireInteger("atLeast", options.atLeast, 0, 100_000)
  if (options.realmId !== undefined && !/^\d+$/.test(options.realmId)) {
    throw new InvalidInput("realmId", "must be digits")
  }
}

/** Starts a simulated QuickBooks Online on the loopback address. Rejects with `InvalidInput` naming a bad option. */
export const startQuickBooks = async (options: QuickBooksOptions = {}): Promise<QuickBooksSimulator> => {
  checkOptions(options)
  const now = options.now ?? Date.now
  const seed = options.seed ?? 42
  const realmId = options.realmId ?? "9341450000000042"
  const companyName = options.companyName ?? "Acme Yarns"
  const books = new Books(new Random(seed), now)
  const { atLeast = 0, bills = 30, customers = 40, invoices = 60, vendors = 20 } = options
  populate(books, { customers, vendors, invoices, bills, atLeast }, now() - 86_400_000)

  const oauth = new OAuth(options.oauth ?? {}, realmId, new Random(seed + 1), now)
  const granted = oauth.grant()
  const limiter = options.rateLimit === undefined ? undefined : new RateLimit(options.rateLimit)
  const refusals: Array<{ readonly refusal: Refusal; left: number }> = []
  const booksControl = new BooksControl(books)
  let serial = 0
  let closedUntil: string | null = "2025-12-31"

  const refusedNow = (request: Request): Reply | undefined => {
    const address = `${request.path}?${request.query.toString()}`
    const at = refusals.findIndex(({ refusal }) => refusal.path === undefined || address.includes(refusal.path))
    const entry = refusals[at]
    if (entry === undefined) return undefined
    entry.left--
    if (entry.left <= 0) refusals.splice(at, 1)
    const { code, message, status = 400, style = "Fault", type } = entry.refusal
    const complaint: Complaint =
      code === "3001" && message === undefined
        ? throttled(status)
        : { status, code, message: message ?? `Refused with ${code}`, ...(type === undefined ? {} : { type }) }
    return { Fault: dataFault, fault: gatewayFault, xml: xmlFault }[style](complaint, now())
  }

  const answer = (request: Request): Reply => {
    if (request.path === "/connect/oauth2" && request.method === "GET") return oauth.authorize(request)
    if (request.path === "/oauth2/v1/tokens/bearer" && request.method === "POST") return oauth.token(request)
    if (request.path === "/v2/oauth2/tokens/revoke" && request.method === "POST") return oauth.revoke(request)
    const [, realm = "", path = ""] = /^\/v3\/company\/([^/]+)(\/.*)$/.exec(request.path) ?? []
    if (realm === "") return { status: 404, headers: { "content-type": "text/html" }, text: "<html>Not Found</html>" }
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? ""
    const opens = oauth.realmOf(token)
    if (opens === undefined) return gatewayFault(tokenRefused, now())
    if (realm !== realmId || opens !== realmId) return gatewayFault(wrongRealm, now())
    if (limiter?.take(now()) !== undefined) return dataFault(throttled(429), now())
    const refused = refusedNow(request)
    if (refused !== undefined) return refused
    if (!(request.headers.accept ?? "").includes("json")) {
      return {
        status: 200,
        headers: { "content-type": "application/xml" },
        text: '<?xml version="1.0" encoding="UTF-8"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"/>'
      }
    }
    return route(request, path, {
      books,
      realmId,
      companyName,
      closedUntil,
      idOrder: options.idOrder ?? "text",
      delayMillis: options.delayMillis ?? 0,
      cdcLimit: options.cdcLimit ?? 1000,
      largestPage: options.largestPage ?? 1000,
      now: now()
    })
  }
  const handle = (request: Request): Reply => {
    const reply = answer(request)
    return { ...reply, headers: { intuit_tid: `1-sim-${++serial}`, ...reply.headers } }
  }

  const switches = new Switches()
  const control: QuickBooksControl = {
    add: (entity, fields, count) => booksControl.add(entity, fields, count),
    change: (entity, id, fields) => booksControl.change(entity, id, fields),
    activate: (entity, id, active) => booksControl.activate(entity, id, active),
    void: (entity, id) => booksControl.void(entity, id),
    remove: (entity, id) => booksControl.remove(entity, id),
    list: (entity) => booksControl.list(entity),
    get: (entity, id) => booksControl.shown(booksControl.row(entity, id)),
    count: () => booksControl.count(),
    closeBooks: (until) => {
      if (until !== null && !/^\d{4}-\d{2}-\d{2}$/.test(until)) {
        throw new InvalidInput("until", "must be a day as YYYY-MM-DD, or null")
      }
      closedUntil = until
    },
    fault: (fault) => switches.faults.add(fault),
    faults: () => switches.faults.list(),
    clearFaults: () => switches.faults.clear() + refusals.splice(0).length,
    refuse: (refusal) => {
      const checked = readRefusal(refusal)
      refusals.push({ refusal: checked, left: checked.times ?? 1 })
    },
    signIn: (realm) => oauth.grant(realm),
    consent: (consent) => {
      oauth.consent = consent
    },
    expireTokens: (how) => oauth.expire(how?.refresh === true),
    shuffleKeys: (on) => {
      switches.shuffled = on
    },
    clearRequests: () => switches.log.clear()
  }
  const commands = httpCommands(control, booksControl, () => switches.log.entries)
  const app: App = {
    name: "quickbooks",
    now,
    handle,
    emptied,
    withoutRecords,
    // Without Retry-After unless the fault gives one: the app sends none.
    throttled: (seconds) => ({
      ...dataFault(throttled(429), now()),
      ...(seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } })
    }),
    commands
  }
  const server = await startServer(app, switches, options.port ?? 0)
  return {
    url: server.url,
    tokenUrl: `${server.url}/oauth2/v1/tokens/bearer`,
    authorizeUrl: `${server.url}/connect/oauth2`,
    revokeUrl: `${server.url}/v2/oauth2/tokens/revoke`,
    port: server.port,
    realmId,
    clientId: oauth.clientId,
    clientSecret: oauth.clientSecret,
    ...granted,
    control,
    requests: switches.log.entries,
    answer: server.answer,
    close: server.close
  }
}
