import { Audit, CurrentWorkspace, KeyStore } from "@crochet/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { isHttpServerError } from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { unhandled } from "effect/Types"
import { Api, basePath } from "./Api.ts"
import { AuditSummary } from "./AuditSummary.ts"
import * as AuthFailures from "./AuthFailures.ts"
import * as ClientAddress from "./ClientAddress.ts"
import { TrustedProxies } from "./ClientAddress.ts"
import { callbackPath } from "./AuthorizationView.ts"
import { PublicUrl, refuse } from "./Envelope.ts"
import * as ExecutionId from "./ExecutionId.ts"
import * as JsonBody from "./JsonBody.ts"

const methods = new Map(
  Object.values(Api.groups).flatMap((group) =>
    Object.values(group.endpoints).map((endpoint) => [endpoint.path as string, endpoint.method as string] as const)
  )
)

// Cut by hand: what a client sends as a path ("//", "/\\") need not be one that a URL can have.
const pathOf = (url: string): string => /^[^?#]*/.exec(url)?.[0] ?? url

/** A path in words, for log and answers: what is not shaped like a call's may be a secret in the wrong place. */
const nameOf = (path: string): string =>
  path.length <= 80 && /^(\/v1\.0)?(\/[a-z.]*){0,3}$/i.test(path) ? path : "(an unknown path)"

const unknownCall = (request: HttpServerRequest.HttpServerRequest, path: string) => {
  const method = methods.get(path)
  if (method !== undefined && method !== request.method) {
    return Effect.map(
      refuse({
        status: 405,
        code: "request.wrong_method",
        msg: `${path} is called with ${method}, not ${request.method}.`,
        resolution: `Send the call with ${method}.`
      }),
      HttpServerResponse.setHeader("allow", method)
    )
  }
  return refuse({
    status: 404,
    code: "request.unknown_call",
    msg: `There is no call ${request.method} ${nameOf(path)}.`,
    resolution: `Calls are ${basePath}/<category>.<object>.<verb>; /openapi.json lists them all, /docs explains them.`
  })
}

const requests = Metric.counter("crochet_http_requests_total", {
  description: "Answered HTTP calls by status",
  incremental: true
})

/**
 * What every request goes through: an execution id, limits on the body, an envelope around whatever goes wrong, one
 * line in the log. Nothing of a defect reaches the caller but the execution id.
 */
export const layer = HttpRouter.middleware(
  Effect.map(Effect.all([PublicUrl, TrustedProxies, AuditSummary, KeyStore.KeyStore]), (services) => {
    const [publicUrl, trustedProxies, summary, keys] = services
    const authFailures = AuthFailures.make()
    const addressOf = ClientAddress.make(trustedProxies)
    /** Nobody's calls belong to no workspace: they are written down in the oldest, which is the operator's. */
    const noteThrottled = (address: string) =>
      keys.workspaces.pipe(
        Effect.flatMap(([workspaceId]) =>
          workspaceId === undefined
            ? Effect.void
            : summary.note(Audit.system(workspaceId), "auth.throttled", null, { address })
        ),
        Effect.ignore
      )
    // Everything is handled here; the router's type wants to hear that the rest is not.
    return (
      next
    ): Effect.Effect<HttpServerResponse.HttpServerResponse, unhandled, HttpServerRequest.HttpServerRequest> => {
      const handled = Effect.gen(function* () {
        const original = yield* HttpServerRequest.HttpServerRequest
        const path = pathOf(original.url)
        const startedAt = yield* Clock.currentTimeMillis

        const answered = yield* (
          path.startsWith(`${basePath}/`) && original.method === "POST"
            ? JsonBody.read(original).pipe(
                Effect.matchEffect({
                  onFailure: refuse,
                  onSuccess: (request) => Effect.provideService(next, HttpServerRequest.HttpServerRequest, request)
                })
              )
            : next
        ).pipe(
          // Routes say whose rows they are about: one that forgets it sees none, on no database.
          CurrentWorkspace.nobody,
          Effect.catchCause((cause) => {
            if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
            const error = Cause.squash(cause)
            if (isHttpServerError(error) && error.reason._tag === "RouteNotFound") return unknownCall(original, path)
            return Effect.andThen(
              Effect.logError("A call failed inside the server", cause),
              refuse({
                status: 500,
                code: "internal",
                msg: "The server failed to carry out the call.",
                resolution: "Try again; if it stays, report it with the X-Knit-Execution-Id of this answer."
              })
            )
          })
        )
        const peer = Option.getOrElse(original.remoteAddress, () => "")
        // Nor may anybody try out what an app could have sent a browser back with.
        const failed = answered.status === 401 || (answered.status === 400 && path.startsWith(`${callbackPath}/`))
        const address = failed ? addressOf(peer, original.headers["x-forwarded-for"]) : ""
        const wait = failed ? yield* authFailures.note(address) : undefined
        if (wait !== undefined) yield* noteThrottled(address)
        const response =
          wait === undefined
            ? answered
            : yield* refuse({
                status: 429,
                code: "auth.too_many_failures",
                msg: "Too many calls with wrong keys, or from sign-ins that nobody began, came from this address.",
                resolution: `Check the API key, and wait ${wait} seconds.`,
                retryAfterSeconds: wait
              })

        const millis = (yield* Clock.currentTimeMillis) - startedAt
        yield* Metric.update(Metric.withAttributes(requests, { status: String(response.status) }), 1)
        const quiet = !path.startsWith(basePath)
        yield* (quiet ? Effect.logDebug : Effect.logInfo)(`${original.method} ${nameOf(path)}`).pipe(
          Effect.annotateLogs({ status: response.status, millis })
        )
        return HttpServerResponse.setHeaders(response, {
          "cache-control": response.headers["cache-control"] ?? "no-store",
          "x-content-type-options": "nosniff"
        })
      })
      return Effect.suspend(() => {
        const id = ExecutionId.make()
        return handled.pipe(
          Effect.map(HttpServerResponse.setHeader(ExecutionId.header, id)),
          Effect.annotateLogs({ executionId: id }),
          Effect.provideService(ExecutionId.ExecutionId, id),
          Effect.provideService(PublicUrl, publicUrl)
        )
      })
    }
  }),
  { global: true }
)
