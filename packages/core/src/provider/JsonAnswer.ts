import * as Effect from "effect/Effect"
import type { UpstreamAnswer } from "../connector/Connector.ts"
import { BadPayload, type Reason } from "../connector/ConnectorError.ts"

/** Parses an answer as JSON on first use; empty, HTML and cut-off bodies are `BadPayload`. */
export const jsonOf = ({ status, text }: UpstreamAnswer): Effect.Effect<unknown, Reason> => {
  let parsed: { readonly value: unknown } | undefined
  const bad = (message: string) => Effect.fail<Reason>(new BadPayload({ status, message }))
  return Effect.suspend(() => {
    if (parsed !== undefined) return Effect.succeed(parsed.value)
    const body = text.trimStart()
    if (body === "") return bad("The answer is empty where JSON was expected.")
    if (body.startsWith("<")) return bad("The answer is HTML or XML where JSON was expected.")
    try {
      parsed = { value: JSON.parse(body) }
      return Effect.succeed(parsed.value)
    } catch {
      return bad("The answer is not complete JSON.")
    }
  })
}
