import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import type { HttpApiSchemaError } from "effect/http-api/HttpApiError"
import * as Effect from "effect/Effect"
import * as SchemaIssue from "effect/SchemaIssue"
import { refuse } from "./Envelope.ts"

/** Turns a request that does not fit its schema into the error envelope. */
export class RequestSchemaErrors extends HttpApiMiddleware.Service<RequestSchemaErrors>()(
  "@crochet/runtime-node/api/RequestSchemaErrors"
) {}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** JSON path from the body or the query, without `$.`; `$` is the whole of it. */
const pathOf = (path: ReadonlyArray<unknown>): string =>
  path.reduce<string>((text, segment) => {
    const key = typeof segment === "object" && segment !== null && "key" in segment ? segment.key : segment
    if (typeof key === "number") return `${text}[${key}]`
    if (!/^[A-Za-z_][\w-]*$/.test(String(key))) return `${text}[${JSON.stringify(String(key))}]`
    return text === "" ? String(key) : `${text}.${String(key)}`
  }, "") || "$"

// The given value is cut from the message: it may be a credential that was sent in the wrong place.
const sentence = (message: string): string => {
  const expected = message.split(", got ", 1)[0] ?? message
  return expected === "Missing key" ? "is required" : expected.replace(/^Expected /, "must be ")
}

/**
 * What is wrong with a request: the deepest path wins, because a union reports its other members too; the values that
 * one path may have are joined.
 */
export const describe = (
  error: HttpApiSchemaError
): { readonly field: string; readonly msg: string; readonly resolution: string } => {
  const issues = format(error.cause.issue).issues.map((issue) => ({
    field: pathOf(issue.path ?? []),
    depth: issue.path?.length ?? 0,
    sentence: sentence(issue.message)
  }))
  const first = issues.reduce(
    (best, issue) => (issue.depth > best.depth ? issue : best),
    issues[0] ?? {
      field: "$",
      depth: 0,
      sentence: "is not valid"
    }
  )
  const sentences = [...new Set(issues.filter((issue) => issue.field === first.field).map((issue) => issue.sentence))]
  return {
    field: first.field,
    msg: `${first.field === "$" ? "The body" : first.field} ${sentences.join(" or ")}.`,
    resolution: "Correct the value and send the call again; /openapi.json and /docs describe every call."
  }
}

/** The implementation; faults of our own answers stay faults. */
export const layer = HttpApiMiddleware.layerSchemaErrorTransform(RequestSchemaErrors, (error) =>
  error.kind === "Body" || error.kind === "ResponseHeaders"
    ? Effect.die(error)
    : refuse({ status: 400, code: "request.invalid", ...describe(error) })
)
