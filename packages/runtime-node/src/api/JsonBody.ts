import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { Refused } from "./Envelope.ts"

const limit = ByteSize.mebibytes(1)
const maxDepth = 64
const maxValues = 20_000

/** How deep arrays and objects nest in JSON text, and how many members and elements they have. */
export const measure = (text: string): { readonly depth: number; readonly values: number } => {
  let level = 0
  let depth = 0
  let values = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x2c) values++
    else if (char === 0x7b || char === 0x5b) {
      values++
      depth = Math.max(depth, ++level)
    } else if (char === 0x7d || char === 0x5d) level--
  }
  return { depth, values }
}

/** Whether the headers say that the body cannot be JSON: a form with files, another encoding, compressed. */
const cannotBeJson = ({ headers }: HttpServerRequest.HttpServerRequest): boolean => {
  const type = (headers["content-type"] ?? "").toLowerCase()
  const charset = /charset\s*=\s*"?([^";\s]+)/.exec(type)?.[1] ?? "utf-8"
  const encoding = (headers["content-encoding"] ?? "identity").toLowerCase()
  return type.startsWith("multipart/") || !["utf-8", "utf8", "us-ascii"].includes(charset) || encoding !== "identity"
}

const syntaxError = (text: string): string | undefined => {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    // The engine's message quotes the text around the fault, which may be a credential: only the position is kept.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
    return position === undefined ? "" : ` (at character ${position})`
  }
}

/**
 * Reads the body of a POST once, within limits, and hands on a request whose body is JSON. The content type hardly
 * matters, because `curl -d` says "form"; no body counts as `{}`.
 */
export const read = (
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerRequest.HttpServerRequest, Refused> =>
  (cannotBeJson(request) ? Effect.fail(unsupported) : text(request)).pipe(Effect.flatMap(checked(request)))

const unsupported: Refused = {
  status: 415,
  code: "request.unsupported_media",
  msg: "The headers say that the body is not plain JSON in UTF-8.",
  field: "headers.content-type",
  resolution: "Send JSON in UTF-8, without Content-Encoding."
}

const text = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<string, Refused> =>
  request.text.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, limit),
    Effect.mapError((error): Refused =>
      error.reason._tag === "RequestParseError" && error.reason.reason === "BodyTooLarge"
        ? {
            status: 413,
            code: "request.too_large",
            msg: "The body is larger than 1 MiB.",
            field: "$",
            resolution: "Send less in one call."
          }
        : {
            status: 400,
            code: "request.invalid_json",
            msg: "The body could not be read.",
            field: "$",
            resolution: "Send the call again."
          }
    )
  )

const checked =
  (request: HttpServerRequest.HttpServerRequest) =>
  (text: string): Effect.Effect<HttpServerRequest.HttpServerRequest, Refused> => {
    const body = text.trim() === "" ? "{}" : text
    const { depth, values } = measure(body)
    if (values > maxValues) {
      return Effect.fail<Refused>({
        status: 400,
        code: "request.too_many_values",
        msg: `The body has more than ${maxValues} members and elements.`,
        field: "$",
        resolution: "Send less in one call."
      })
    }
    if (depth > maxDepth) {
      return Effect.fail<Refused>({
        status: 400,
        code: "request.too_deep",
        msg: `The body nests deeper than ${maxDepth} levels.`,
        field: "$",
        resolution: "Send a flatter document."
      })
    }
    const fault = syntaxError(body)
    if (fault !== undefined) {
      return Effect.fail<Refused>({
        status: 400,
        code: "request.invalid_json",
        msg: `The body is not valid JSON${fault}.`,
        field: "$",
        resolution: 'Send a JSON object, e.g. {"dataType":"employee"}.'
      })
    }
    const headers = new Headers({ ...request.headers, "content-type": "application/json" })
    headers.delete("content-length")
    headers.delete("transfer-encoding")
    // The URL stays the one that was asked for; this one is only there because a web request needs one.
    const web = new Request("http://localhost/", { method: request.method, headers, body })
    return Effect.succeed(HttpServerRequest.fromWeb(web).modify({ url: request.url }))
  }
