import type { Refusal } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import { codes } from "./ErrorCodes.ts"

/** Where this installation is reached, without a slash at its end; links in answers are made from it. */
export const PublicUrl = Context.Reference<string>("@crochet/runtime-node/api/PublicUrl", { defaultValue: () => "" })

/** A failed call on the wire (`{"success":false,"error":{…}}`). */
export const Failure = Schema.Struct({
  success: Schema.Literal(false),
  error: Schema.Struct({
    msg: Schema.String.annotate({ description: "One sentence for people." }),
    code: Schema.optionalKey(Schema.String.annotate({ description: "Stable and dotted: branch on this." })),
    reason: Schema.optionalKey(Schema.String),
    resolution: Schema.optionalKey(
      Schema.String.annotate({ description: "What the caller, or the end user, can do." })
    ),
    field: Schema.optionalKey(Schema.String.annotate({ description: "JSON path of the bad input." })),
    upstream: Schema.optionalKey(
      Schema.Struct({ status: Schema.optionalKey(Schema.Int), message: Schema.optionalKey(Schema.String) })
    ),
    docs: Schema.optionalKey(Schema.String)
  })
})
/** A failed call on the wire. */
export type Failure = typeof Failure.Type

/** What a call can answer instead of its data, for the API description; every status has the same body. */
export const failures = [400, 401, 403, 404, 409, 422, 429, 501, 502, 503].map((status) =>
  Failure.pipe(HttpApiSchema.status(status))
)

/** The schema of a successful answer (`{"success":true,"data":…}`). */
export const success = <S extends Schema.Top>(data: S) => Schema.Struct({ success: Schema.Literal(true), data })

/** The schema of a list: the items under their plural, and the token of the next page, null at the end. */
export const listing = <const Plural extends string, S extends Schema.Top>(plural: Plural, item: S) =>
  success(
    Schema.Struct({
      [plural]: Schema.Array(item),
      nextPageToken: Schema.NullOr(Schema.String)
    } as { readonly [K in Plural]: Schema.$Array<S> } & { readonly nextPageToken: Schema.NullOr<Schema.String> })
  )

/** A failure with its status. */
export interface Refused {
  readonly status: number
  readonly code: string
  readonly msg: string
  readonly reason?: string | undefined
  readonly resolution?: string | undefined
  readonly field?: string | undefined
  readonly upstream?: { readonly status?: number; readonly message?: string } | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** The answer for a failed call. */
export const refuse = (refused: Refused): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.map(PublicUrl, (publicUrl) => {
    const { status, code, msg, reason, resolution, field, upstream, retryAfterSeconds } = refused
    const docs = code in codes ? `${publicUrl}/docs/errors#${code}` : undefined
    return HttpServerResponse.jsonUnsafe(
      { success: false, error: { msg, code, reason, resolution, field, upstream, docs } },
      {
        status,
        headers: {
          ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
          ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) })
        }
      }
    )
  })

/** The answer of a service as the answer of a call: its data, or its refusal with the status of its kind. */
export const answer = <A, R>(effect: Effect.Effect<A, Refusal.Refusal, R>) =>
  effect.pipe(
    Effect.map((data) => ({ success: true as const, data })),
    Effect.catchTag("Refusal", (refusal) => refuse(refusal))
  )
