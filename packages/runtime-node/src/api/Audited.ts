import type { Audit, AuditEntry } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import { refuse } from "./Envelope.ts"

/** What the audit log says about a call that was carried out; everything but the action is read from its answer. */
export interface AuditRule {
  readonly action: AuditEntry.Action
  /** Where in `data` the id is of what it was done to, e.g. `keyId` or `event.eventId`. */
  readonly target: string
  /** Fields of `data` that go into the entry's detail. Never one that is a secret or a value of a record. */
  readonly detail?: ReadonlyArray<string>
  /** Only answers in which this field of `data` is not null are written down. */
  readonly when?: string
}

/** The rule of a call, as an annotation of its endpoint; null for calls that the audit log does not tell of. */
export const Rule = Context.Reference<AuditRule | null>("@crochet/runtime-node/api/Audited", {
  defaultValue: () => null
})

/** Has a call written down: `.annotateMerge(audited({ action: "api_key.revoke", target: "keyId" }))`. */
export const audited = (rule: AuditRule) => Context.make(Rule, rule)

const at = (data: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      data
    )

const decoder = new TextDecoder()

const dataOf = ({ body }: HttpServerResponse.HttpServerResponse): unknown => {
  const text = body._tag === "Uint8Array" ? decoder.decode(body.body) : null
  const answer: unknown = text === null ? null : JSON.parse(text)
  return at(answer, "data")
}

const isDetail = (value: unknown): value is AuditEntry.Detail[string] =>
  value === null ||
  typeof value === "string" ||
  typeof value === "number" ||
  typeof value === "boolean" ||
  (Array.isArray(value) && value.every((item) => typeof item === "string"))

/**
 * Carries a call out and writes it down when it succeeded. What cannot be written down is answered with
 * `audit.unwritten`, although it was done.
 */
export const recorded = <E, R>(
  audit: Audit.Audit["Service"],
  who: Audit.Actor,
  rule: AuditRule,
  call: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> =>
  // Somebody who hangs up between the deed and its entry changes nothing.
  Effect.uninterruptible(
    Effect.flatMap(Effect.interruptible(call), (response) => {
      if (response.status !== 200) return Effect.succeed(response)
      const data = dataOf(response)
      if (rule.when !== undefined && (at(data, rule.when) ?? null) === null) return Effect.succeed(response)
      const target = at(data, rule.target)
      const detail = Object.fromEntries(
        (rule.detail ?? []).flatMap((name): Array<[string, AuditEntry.Detail[string]]> => {
          const value = at(data, name)
          return isDetail(value) ? [[name, value]] : []
        })
      )
      return Effect.matchEffect(audit.record(who, rule.action, typeof target === "string" ? target : null, detail), {
        onFailure: refuse,
        onSuccess: () => Effect.succeed(response)
      })
    })
  )
