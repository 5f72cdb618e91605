import type { Reply, Request } from "../server/Reply.ts"
import type { Books, Row } from "./Books.ts"
import { counted, entityOf, withoutCdc } from "./Entities.ts"
import { dataFault, invalidQuery, notFound } from "./Fault.ts"
import { parse, QueryFault } from "./Query.ts"
import { type IdOrder, select } from "./Select.ts"
import { stamp } from "./Stamp.ts"

/** What an answer depends on beside the request. */
export interface RouteContext {
  readonly books: Books
  readonly realmId: string
  readonly companyName: string
  /** Up to which day the books are closed; null: they are not. */
  readonly closedUntil: string | null
  readonly idOrder: IdOrder
  /** Changes that are younger than this are not in queries by time and not in `cdc` yet. */
  readonly delayMillis: number
  /** How many rows of an entity `cdc` tells at most. */
  readonly cdcLimit: number
  /** How many rows a query gives at most. */
  readonly largestPage: number
  readonly now: number
}

const cdcDays = 30

const answer = (key: string, value: unknown, { now }: RouteContext): Reply => ({
  status: 200,
  json: { [key]: value, time: stamp(now, true) }
})

const company = ({ companyName, now, realmId }: RouteContext) => ({
  CompanyName: companyName,
  LegalName: `${companyName} LLC`,
  CompanyAddr: { Id: "1", Line1: "1 Loom Street", City: "Middlefield", Country: "USA", PostalCode: "94303" },
  PrimaryPhone: { FreeFormNumber: "(650) 555-0100" },
  CompanyStartDate: "2024-01-01",
  FiscalYearStartMonth: "January",
  Country: "US",
  Email: { Address: "books@example.com" },
  WebAddr: { URI: "https://example.com" },
  SupportedLanguages: "en",
  NameValue: [{ Name: "RealmId", Value: realmId }],
  domain: "QBO",
  sparse: false,
  Id: "1",
  SyncToken: "3",
  MetaData: { CreateTime: stamp(Date.parse("2024-01-01T12:00:00Z")), LastUpdatedTime: stamp(now - (now % 86_400_000)) }
})

const preferences = ({ closedUntil, now }: RouteContext) => ({
  AccountingInfoPrefs: {
    FirstMonthOfFiscalYear: "January",
    UseAccountNumbers: true,
    ClassTrackingPerTxn: false,
    CustomerTerminology: "Customers",
    ...(closedUntil === null ? {} : { BookCloseDate: closedUntil })
  },
  ReportPrefs: { ReportBasis: "Accrual", CalcAgingReportFromTxnDate: false },
  TaxPrefs: { UsingSalesTax: true },
  CurrencyPrefs: { MultiCurrencyEnabled: false, HomeCurrency: { value: "USD" } },
  domain: "QBO",
  sparse: false,
  Id: "1",
  SyncToken: "5",
  MetaData: { CreateTime: stamp(Date.parse("2024-01-01T12:00:00Z")), LastUpdatedTime: stamp(now - (now % 86_400_000)) }
})

const query = (request: Request, context: RouteContext): Reply => {
  const text = request.query.get("query") ?? (request.method === "POST" ? request.body : "")
  try {
    const wanted = parse(text)
    if (wanted.entity.toLowerCase() === "companyinfo") {
      return answer("QueryResponse", { CompanyInfo: [company(context)], maxResults: 1 }, context)
    }
    if (wanted.entity.toLowerCase() === "preferences") {
      return answer("QueryResponse", { Preferences: [preferences(context)], maxResults: 1 }, context)
    }
    const entity = entityOf(wanted.entity)
    if (entity === undefined) throw new QueryFault("4001", `Invalid context declaration: ${wanted.entity}`)
    const byTime = wanted.conditions.some(({ field }) => field === "MetaData.LastUpdatedTime")
    const rows = select(context.books, entity, wanted, context.idOrder).filter(
      (row) => !byTime || row.updated <= context.now - context.delayMillis
    )
    if (wanted.count) return answer("QueryResponse", { totalCount: rows.length }, context)
    const page = rows.slice(wanted.start - 1, wanted.start - 1 + Math.min(wanted.most, context.largestPage))
    if (page.length === 0) return answer("QueryResponse", {}, context)
    return answer(
      "QueryResponse",
      {
        [entity]: page.map((row) => context.books.wire(row)),
        startPosition: wanted.start,
        maxResults: page.length,
        ...(counted.has(entity) ? { totalCount: page.length } : {})
      },
      context
    )
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error
    return dataFault(invalidQuery(error.message, error.code), context.now)
  }
}

/** What changed and what was deleted since, each entity apart; what is above the limit is silently left out. */
const cdc = (request: Request, context: RouteContext): Reply => {
  const since = Date.parse(request.query.get("changedSince") ?? "")
  const invalid = (detail: string) =>
    dataFault({ status: 400, code: "4001", message: "Invalid query", detail }, context.now)
  if (Number.isNaN(since)) return invalid("changedSince is not a date")
  if (since < context.now - cdcDays * 86_400_000) return invalid(`changedSince is more than ${cdcDays} days ago`)
  const names = (request.query.get("entities") ?? "").split(",").filter((name) => name !== "")
  if (names.length === 0) return invalid("entities is missing")
  const groups: Array<Record<string, unknown>> = []
  const until = context.now - context.delayMillis
  for (const name of names) {
    const entity = entityOf(name)
    if (entity === undefined || withoutCdc.has(entity)) return invalid(`${name} is not supported by cdc`)
    const live = [...context.books.rows(entity).values()].filter((row) => row.updated >= since && row.updated <= until)
    const gone = [...context.books.deleted(entity).values()].filter(({ at }) => at >= since && at <= until)
    // Deleted ones come after all live ones.
    const all = [
      ...live.map((row: Row) => context.books.wire(row)),
      ...gone.map(({ at, id }) => ({
        domain: "QBO",
        status: "Deleted",
        Id: String(id),
        MetaData: { LastUpdatedTime: stamp(at) }
      }))
    ].slice(0, context.cdcLimit)
    groups.push(all.length === 0 ? {} : { [entity]: all, startPosition: 1, maxResults: all.length })
  }
  return answer("CDCResponse", [{ QueryResponse: groups }], context)
}

/** The app's API below `/v3/company/{realmId}`. */
export const route = (request: Request, path: string, context: RouteContext): Reply => {
  if (path === "/query" && (request.method === "GET" || request.method === "POST")) return query(request, context)
  if (request.method === "GET" && path === "/cdc") return cdc(request, context)
  if (request.method === "GET" && path === "/preferences") {
    return answer("Preferences", preferences(context), context)
  }
  const [, name = "", id = ""] = /^\/([a-z]+)\/([^/]+)$/i.exec(path) ?? []
  if (request.method === "GET" && name.toLowerCase() === "companyinfo") {
    return answer("CompanyInfo", company(context), context)
  }
  const entity = entityOf(name)
  if (request.method !== "GET" || entity === undefined) {
    return dataFault(
      { status: 400, code: "2010", message: "Request has invalid or unsupported property", detail: path },
      context.now
    )
  }
  const row = context.books.find(entity, id)
  return row === undefined ? dataFault(notFound, context.now) : answer(entity, context.books.wire(row), context)
}

const records = (value: unknown): boolean => typeof value === "object" && value !== null

const emptyEntities = (group: unknown, rest: boolean): unknown => {
  if (!records(group)) return group
  if ("totalCount" in (group as object) && Object.keys(group as object).length === 1)
    return rest ? group : { totalCount: 0 }
  return rest ? Object.fromEntries(Object.entries(group as object).filter(([, value]) => !Array.isArray(value))) : {}
}

const changed = (json: unknown, rest: boolean): unknown => {
  if (!records(json)) return json
  const answer: Record<string, unknown> = { ...(json as object) }
  if (records(answer.QueryResponse)) answer.QueryResponse = emptyEntities(answer.QueryResponse, rest)
  if (Array.isArray(answer.CDCResponse)) {
    answer.CDCResponse = answer.CDCResponse.map((one: { QueryResponse?: ReadonlyArray<unknown> }) => ({
      ...one,
      QueryResponse: (one.QueryResponse ?? []).map((group) => emptyEntities(group, rest))
    }))
  }
  return answer
}

/** The same answer with nothing in it, as if there were no rows at all. */
export const emptied = (json: unknown): unknown => changed(json, false)

/** The same answer without its rows, the figures around them as they were. */
export const withoutRecords = (json: unknown): unknown => changed(json, true)
