/** One request as it is remembered: never a key, a token, a code or a body. */
export interface LoggedRequest {
  /** When it came, ISO 8601. */
  readonly at: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | ReadonlyArray<string>>>
  readonly authorization: "none" | "basic" | "bearer" | "other"
  /** The answer's status; 0 when the connection was broken or never answered. */
  status: number
  /** The fault that hit it, if one did. */
  fault?: string
}

const secretNames = /token|secret|password|code|key|state|assertion/i
const limit = 20_000

/** The last 20,000 requests, oldest first. */
export class RequestLog {
  readonly entries: Array<LoggedRequest> = []

  add(
    at: Date,
    method: string,
    path: string,
    query: URLSearchParams,
    authorization: string | undefined
  ): LoggedRequest {
    const kept: Record<string, string | Array<string>> = {}
    for (const name of new Set(query.keys())) {
      const values = query.getAll(name)
      if (secretNames.test(name)) kept[name] = "[redacted]"
      else kept[name] = values.length === 1 && values[0] !== undefined ? values[0] : values
    }
    const scheme = authorization?.split(" ")[0]?.toLowerCase()
    const entry: LoggedRequest = {
      at: at.toISOString(),
      method,
      path,
      query: kept,
      authorization: scheme === undefined ? "none" : scheme === "basic" || scheme === "bearer" ? scheme : "other",
      status: 0
    }
    this.entries.push(entry)
    if (this.entries.length > limit) this.entries.splice(0, this.entries.length - limit)
    return entry
  }

  clear(): number {
    return this.entries.splice(0).length
  }
}
