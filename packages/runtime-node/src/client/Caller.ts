import { CrochetError } from "./CrochetError.ts"

/** Sends a web request: `fetch`, or the handler of a Crochet in the same process. */
export type Send = (request: Request) => Promise<Response>

/** One call of the HTTP interface. */
export interface Call {
  readonly method: "GET" | "POST"
  readonly name: string
  readonly integrationId?: string | undefined
  readonly query?: { readonly [name: string]: string | number | undefined } | undefined
  readonly body?: unknown
}

/** Makes calls and turns failed ones into `CrochetError`. */
export type Caller = <A>(call: Call) => Promise<A>

interface Envelope {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: { readonly msg: string; readonly code?: string; readonly [key: string]: unknown }
}

const isEnvelope = (value: unknown): value is Envelope =>
  typeof value === "object" && value !== null && "success" in value && typeof value.success === "boolean"

/** A caller on a server's base URL with an API key. */
export const make = (options: { readonly baseUrl: string; readonly apiKey: string; readonly send: Send }): Caller => {
  const { apiKey, baseUrl, send } = options
  return async <A>(call: Call): Promise<A> => {
    const url = new URL(`${baseUrl}/v1.0/${call.name}`)
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    let response: Response
    try {
      response = await send(
        new Request(url, {
          method: call.method,
          headers: {
            authorization: `Bearer ${apiKey}`,
            ...(call.method === "POST" ? { "content-type": "application/json" } : {}),
            ...(call.integrationId === undefined ? {} : { "x-knit-integration-id": call.integrationId })
          },
          ...(call.method === "POST" ? { body: JSON.stringify(call.body ?? {}) } : {})
        })
      )
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new CrochetError(
        `${url.origin} cannot be reached: ${why}`,
        { code: "client.unreachable", status: 0, resolution: "Check the URL and that the server runs: crochet serve." },
        { cause }
      )
    }
    const executionId = response.headers.get("x-knit-execution-id") ?? undefined
    const answer: unknown = await response.json().catch(() => undefined)
    if (!isEnvelope(answer)) {
      throw new CrochetError(`${call.name} was not answered by a Crochet server.`, {
        code: "client.unexpected_answer",
        status: response.status,
        resolution: "Check the URL: it must lead to a Crochet server.",
        executionId
      })
    }
    // The server's answer has been encoded by the very schema that A comes from.
    if (answer.success) return answer.data as A
    const { msg, ...details } = answer.error ?? { msg: `${call.name} failed.` }
    throw new CrochetError(msg, { code: "internal", ...details, status: response.status, executionId })
  }
}
