import type { Reply, Request } from "../server/Reply.ts"
import type { Bulk } from "./Bulk.ts"
import { describe, sobjects } from "./Describe.ts"
import { Refused, refusal } from "./Errors.ts"
import type { Org, Table } from "./Org.ts"
import type { Queries } from "./Queries.ts"
import { replication } from "./Replication.ts"
import { jsonRow } from "./Rows.ts"

/** What the routes below `/services/data` need. */
export interface RouteContext {
  readonly org: Org
  readonly queries: Queries
  readonly bulk: Bulk
  /** More ids than this are EXCEEDED_ID_LIMIT at `/deleted`. */
  readonly maxDeletedIds: number
  /** `api-usage=…/…`. */
  readonly usage: () => { readonly used: number; readonly limit: number }
}

const oldest = 31
const newest = 67
const notFound = () => refusal(404, "NOT_FOUND", "The requested resource does not exist")

/** 304 for a request that wants descriptions only if they changed since. */
const unchanged = ({ headers }: Request, at: number): Reply | undefined =>
  at <= Date.parse(headers["if-modified-since"] ?? "") ? { status: 304, text: "" } : undefined

/** Everything below `/services/data/v{NN}`. */
export const route = (request: Request, context: RouteContext): Reply => {
  try {
    return routed(request, context)
  } catch (error) {
    if (error instanceof Refused) return error.reply
    throw error
  }
}

const routed = (request: Request, context: RouteContext): Reply => {
  const [, version = "", number = "", rest = ""] = /^\/services\/data\/(v(\d+)\.0)(\/.*)?$/.exec(request.path) ?? []
  if (version === "" || Number(number) < oldest || Number(number) > newest) return notFound()
  const { bulk, org, queries } = context
  const wish = Number(/batchSize=(\d+)/.exec(request.headers["sforce-query-options"] ?? "")?.[1] ?? 2000)
  if (rest.startsWith("/jobs/query")) return bulk.route(request, rest.slice("/jobs/query".length), version)
  if (request.method !== "GET") return refusal(405, "METHOD_NOT_ALLOWED", `HTTP Method '${request.method}' not allowed`)
  if (rest === "/query" || rest === "/query/" || rest === "/queryAll" || rest === "/queryAll/") {
    const text = request.query.get("q")
    if (text === null) return refusal(400, "MALFORMED_QUERY", "q is missing")
    return queries.run(text, rest.startsWith("/queryAll"), wish, version)
  }
  if (rest.startsWith("/query/")) return queries.more(rest.slice("/query/".length), wish, version)
  if (rest === "/limits" || rest === "/limits/") {
    const { limit, used } = context.usage()
    return {
      status: 200,
      json: {
        DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - used) },
        DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 - bulk.jobs().length },
        DailyBulkV2QueryFileStorageMB: { Max: 976_562, Remaining: 976_562 }
      }
    }
  }
  if (rest === "/sobjects" || rest === "/sobjects/") {
    return unchanged(request, org.metadataAt) ?? { status: 200, json: sobjects(org, version) }
  }
  const [, name = "", tail = ""] = /^\/sobjects\/([A-Za-z0-9_]+)(\/[^?]*)?$/.exec(rest) ?? []
  const table = name === "" ? undefined : org.visible(name)
  if (table === undefined) return notFound()
  return objectRoute(request, context, table, tail.replace(/\/$/, ""), version)
}

const objectRoute = (
  request: Request,
  { maxDeletedIds, org }: RouteContext,
  table: Table,
  tail: string,
  version: string
): Reply => {
  if (tail === "/describe") {
    return unchanged(request, table.describedAt) ?? { status: 200, json: describe(org, table, version) }
  }
  if (tail === "/deleted" || tail === "/updated") {
    return replication(org, table, tail === "/deleted" ? "deleted" : "updated", request.query, maxDeletedIds)
  }
  const found = org.find(tail.slice(1))
  if (found === undefined || found.table !== table || org.state(table, found.n) === "gone") return notFound()
  if (org.state(table, found.n) === "deleted") return refusal(404, "ENTITY_IS_DELETED", "entity is deleted")
  const wanted = request.query.get("fields")?.split(",") ?? table.definition.fields.map(({ name }) => name)
  const missing = wanted.find((name) => org.field(table, name) === undefined)
  if (request.query.has("fields") && missing !== undefined) {
    return refusal(400, "INVALID_FIELD", `No such column '${missing}' on sobject of type ${table.definition.name}`)
  }
  return { status: 200, json: jsonRow(org, table, found.n, ["Id", ...wanted.filter((name) => name !== "Id")], version) }
}
