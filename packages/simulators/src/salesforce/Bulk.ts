import type { Reply, Request } from "../server/Reply.ts"
import { refusal } from "./Errors.ts"
import type { Org, Table } from "./Org.ts"
import { csvRows } from "./Rows.ts"
import { select, tableOf } from "./Select.ts"
import { parse, type Query } from "./Soql.ts"
import { stampOf } from "./Values.ts"

/** How Bulk API 2.0 behaves. */
export interface BulkOptions {
  /** Default true; false refuses every job, as an edition or user without the permission does. */
  readonly enabled?: boolean
  /** How often a job is seen at work before it is complete. Default 1. */
  readonly polls?: number
  /** Rows of a page at most, whatever is asked for. Default 50,000. */
  readonly pageSize?: number
}

/** A job as the control interface lists it. */
export interface BulkJob {
  readonly id: string
  readonly object: string
  readonly state: string
  readonly records: number
}

interface Job {
  readonly id: string
  readonly table: Table
  readonly query: Query
  readonly operation: string
  readonly version: string
  readonly at: number
  numbers: ReadonlyArray<number>
  state: "UploadComplete" | "InProgress" | "JobComplete" | "Aborted" | "Failed"
  polls: number
}

/** Query jobs: created, polled until they are complete, read as CSV page by page, aborted, deleted. */
export class Bulk {
  readonly #org: Org
  readonly #options: BulkOptions
  readonly #jobs = new Map<string, Job>()
  #serial = 0
  enabled: boolean
  /** Jobs fail instead of completing. */
  failing = false

  constructor(org: Org, options: BulkOptions) {
    this.#org = org
    this.#options = options
    this.enabled = options.enabled ?? true
  }

  jobs(): ReadonlyArray<BulkJob> {
    return [...this.#jobs.values()].map(({ id, numbers, state, table }) => ({
      id,
      object: table.definition.name,
      state,
      records: numbers.length
    }))
  }

  /** Forgets all jobs and their results, as the app does after seven days. */
  expire(): number {
    const known = this.#jobs.size
    this.#jobs.clear()
    return known
  }

  /** `rest` is what follows `/jobs/query`. */
  route(request: Request, rest: string, version: string): Reply {
    if (!this.enabled)
      return refusal(403, "API_DISABLED_FOR_ORG", "Bulk API is not enabled for this organization or user")
    if (rest === "") return request.method === "POST" ? this.#create(request, version) : this.#notAllowed()
    const [, id = "", tail] = /^\/([A-Za-z0-9]+)(\/results)?\/?$/.exec(rest) ?? []
    const job = this.#jobs.get(id)
    if (job === undefined) return refusal(404, "NOT_FOUND", "The requested resource does not exist")
    if (job.version !== version) return refusal(409, "API_VERSION_MISMATCH", "use the API version that created the job")
    if (tail !== undefined) return request.method === "GET" ? this.#results(job, request.query) : this.#notAllowed()
    if (request.method === "DELETE") {
      this.#jobs.delete(id)
      return { status: 204, text: "" }
    }
    if (request.method === "PATCH") {
      if (job.state === "JobComplete")
        return refusal(400, "INVALIDJOBSTATE", "Aborting is not allowed for completed jobs")
      job.state = "Aborted"
      return { status: 200, json: this.#shown(job) }
    }
    this.#advance(job)
    return { status: 200, json: this.#shown(job) }
  }

  #create({ body }: Request, version: string): Reply {
    let input: unknown
    try {
      input = JSON.parse(body)
    } catch {
      return refusal(400, "JSON_PARSER_ERROR", "the body is not JSON")
    }
    const { operation, query: text } = (typeof input === "object" && input !== null ? input : {}) as Record<
      string,
      unknown
    >
    if ((operation !== "query" && operation !== "queryAll") || typeof text !== "string") {
      return refusal(400, "INVALIDJOB", "operation must be query or queryAll, and query must be given")
    }
    const query = parse(text)
    const table = tableOf(this.#org, query)
    const compound = query.fields.find((path) => this.#org.field(table, path)?.type === "address")
    if (compound !== undefined) {
      return refusal(400, "INVALIDJOB", `Compound data not supported in Bulk Query: ${compound}`)
    }
    const id = `750Sm${String(++this.#serial).padStart(10, "0")}AAA`
    const job: Job = {
      id,
      table,
      query,
      operation,
      version,
      at: this.#org.now(),
      numbers: [],
      state: "UploadComplete",
      polls: 0
    }
    this.#jobs.set(id, job)
    return { status: 200, json: this.#shown(job) }
  }

  #advance(job: Job): void {
    if (job.state !== "UploadComplete" && job.state !== "InProgress") return
    job.state = "InProgress"
    if (job.polls++ < (this.#options.polls ?? 1)) return
    job.state = this.failing ? "Failed" : "JobComplete"
    if (!this.failing) job.numbers = select(this.#org, job.table, job.query, job.operation === "queryAll")
  }

  #results({ at: _, id, numbers, query, state, table }: Job, parameters: URLSearchParams): Reply {
    if (state !== "JobComplete") return refusal(400, "INVALIDJOBSTATE", `Job ${id} is ${state}, it has no results`)
    const locator = parameters.get("locator")
    const from = locator === null ? 0 : Number(Buffer.from(locator, "base64").toString("utf8"))
    if (!Number.isInteger(from) || from < 0 || from > numbers.length)
      return refusal(400, "INVALID_LOCATOR", "unknown locator")
    const size = Math.min(Number(parameters.get("maxRecords") ?? Infinity), this.#options.pageSize ?? 50_000)
    const to = Math.min(numbers.length, from + size)
    return {
      status: 200,
      headers: {
        "content-type": "text/csv",
        "sforce-numberofrecords": String(to - from),
        "sforce-locator": to < numbers.length ? Buffer.from(String(to)).toString("base64") : "null"
      },
      text: csvRows(this.#org, table, numbers.slice(from, to), query.fields)
    }
  }

  #shown(job: Job) {
    const complete = job.state === "JobComplete"
    return {
      id: job.id,
      operation: job.operation,
      object: job.table.definition.name,
      createdDate: stampOf(job.at),
      systemModstamp: stampOf(job.at),
      state: job.state,
      concurrencyMode: "Parallel",
      contentType: "CSV",
      apiVersion: Number(job.version.slice(1)),
      lineEnding: "LF",
      columnDelimiter: "COMMA",
      ...(complete
        ? { jobType: "V2Query", numberRecordsProcessed: job.numbers.length, retries: 0, totalProcessingTime: 1 }
        : {}),
      ...(job.state === "Failed" ? { errorMessage: "QUERY_TIMEOUT" } : {})
    }
  }

  #notAllowed(): Reply {
    return refusal(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed")
  }
}
