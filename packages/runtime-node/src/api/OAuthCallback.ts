import { Audit, Authorizations, CurrentWorkspace, KeyStore, type Refusal } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { AuditSummary } from "./AuditSummary.ts"
import { callbackPath, redirectUriOf } from "./AuthorizationView.ts"
import { PublicUrl, type Refused, refuse } from "./Envelope.ts"
import { ExecutionId } from "./ExecutionId.ts"
import * as SignInPage from "./SignInPage.ts"

/** The query's parameters; undefined when one comes twice (RFC 6749 3.1), which could be read in two ways. */
const parametersOf = (url: string): { readonly [name: string]: string } | undefined => {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "")
  const parameters = new Map<string, string>()
  for (const [name, value] of query) {
    if (parameters.has(name)) return undefined
    parameters.set(name, value)
  }
  return Object.fromEntries(parameters)
}

const refusedPage = (refused: Omit<Refused, "status"> & { readonly status: number }) =>
  Effect.map(ExecutionId, (executionId) =>
    SignInPage.answer({
      status: refused.status,
      title: "The account was not connected",
      text: refused.resolution ?? "",
      detail: { msg: refused.msg, code: refused.code, executionId }
    })
  )

/** Where the browser goes: never with anything that the app sent it back with. */
const onward = (returnUrl: string, { authorization, outcome }: Authorizations.Completion) => {
  const url = new URL(returnUrl)
  const integrationId = outcome.connected ? outcome.integration.id : authorization?.integrationId
  const parameters = {
    status: outcome.connected ? "connected" : "failed",
    ...(outcome.connected ? {} : { error: outcome.refusal.code }),
    ...(integrationId === undefined || integrationId === null ? {} : { integrationId }),
    ...(authorization === null ? {} : { authorizationId: authorization.id })
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return HttpServerResponse.empty({ status: 303, headers: { ...SignInPage.privacy, location: url.href } })
}

const answerOf = (completion: Authorizations.Completion) => {
  const { outcome, returnUrl } = completion
  if (returnUrl !== null) return Effect.succeed(onward(returnUrl, completion))
  return outcome.connected
    ? Effect.succeed(
        SignInPage.answer({
          status: 200,
          title: "The account is connected",
          text: "You can close this window."
        })
      )
    : refusedPage(outcome.refusal)
}

/**
 * `GET /oauth/callback/<appId>`: where apps send browsers back. Public: a sign-in is known by its `state` alone, once.
 * Somebody who hangs up meanwhile stops nothing, because the code is spent.
 */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const authorizations = yield* Authorizations.Authorizations
    const audit = yield* Audit.Audit
    const summary = yield* AuditSummary
    const keys = yield* KeyStore.KeyStore
    const scope = yield* Effect.scope

    /** What nobody began belongs to no workspace: it is written down in the oldest, which is the operator's. */
    const noteUnknown = (refusal: Refusal.Refusal) =>
      Effect.ignore(
        CurrentWorkspace.everyone(
          Effect.flatMap(keys.workspaces, ([workspaceId]) =>
            workspaceId === undefined
              ? Effect.void
              : summary.note(Audit.system(workspaceId), "integration.connect_refused", null, { code: refusal.code })
          )
        )
      )
    const writeDown = ({ authorization, outcome }: Authorizations.Completion) => {
      if (outcome.connected) {
        const { appId, id, originOrgId } = outcome.integration
        return audit.record(authorization ?? Audit.system(outcome.integration.workspaceId), "integration.connect", id, {
          appId,
          originOrgId,
          authorizationId: authorization?.id ?? null
        })
      }
      if (authorization === null) return noteUnknown(outcome.refusal)
      const { appId, id, integrationId } = authorization
      const detail = { appId, integrationId, code: outcome.refusal.code }
      return summary.note(authorization, "integration.connect_refused", id, detail)
    }
    const finish = (callback: Authorizations.Callback) =>
      authorizations.complete(callback).pipe(
        Effect.tap((completion) => {
          const { authorization } = completion
          const written = writeDown(completion)
          return authorization === null ? written : CurrentWorkspace.within(authorization.workspaceId)(written)
        }),
        Effect.flatMap(answerOf),
        Effect.catchTag("Refusal", refusedPage)
      )

    yield* router.add(
      "GET",
      `${callbackPath}/:appId`,
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        // The router answers HEAD by GET's handler; whatever looks ahead must not spend a sign-in.
        if (request.method !== "GET") {
          return yield* refuse({ status: 405, code: "request.wrong_method", msg: "Only a browser's GET comes here." })
        }
        const { appId = "" } = yield* HttpRouter.params
        const parameters = parametersOf(request.originalUrl)
        if (parameters === undefined) {
          return yield* refusedPage({
            status: 400,
            code: "request.invalid",
            msg: "A parameter came twice.",
            resolution: "Begin a new sign-in where you came from."
          })
        }
        const redirectUri = redirectUriOf(yield* PublicUrl, appId)
        const finishing = yield* Effect.forkIn(finish({ appId, redirectUri, parameters }), scope)
        return yield* Fiber.join(finishing)
      })
    )
  })
)
