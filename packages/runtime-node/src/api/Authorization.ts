import { Access, type ApiKey, Audit, CurrentWorkspace } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { recorded, Rule } from "./Audited.ts"
import { AuditSummary } from "./AuditSummary.ts"
import { refuse } from "./Envelope.ts"

/** Who calls, and with which key: destinations that a call makes are signed with it. */
export class Caller extends Context.Service<
  Caller,
  { readonly principal: Access.Principal; readonly apiKey: Redacted.Redacted }
>()("@crochet/runtime-node/api/Caller") {}

/** The scope that a call needs, as an annotation of its endpoint. */
export const RequiredScope = Context.Reference<ApiKey.Scope>("@crochet/runtime-node/api/RequiredScope", {
  defaultValue: () => "admin"
})

/** Whether the scopes allow what `required` asks for: `admin` is everything, `sync` can also look. */
export const allows = (scopes: ReadonlyArray<ApiKey.Scope>, required: ApiKey.Scope): boolean =>
  scopes.includes(required) || scopes.includes("admin") || (required === "read" && scopes.includes("sync"))

/** `Authorization: Bearer <API key>`. */
export class Authorization extends HttpApiMiddleware.Service<Authorization, { provides: Caller }>()(
  "@crochet/runtime-node/api/Authorization",
  { security: { bearer: HttpApiSecurity.bearer } }
) {}

/**
 * Checks the key with `Access` and the scope with the endpoint's annotation; has the audit log written. Whose the key is
 * can only be asked of all; from then on the call sees what belongs to the key's workspace.
 */
export const layer = Layer.effect(
  Authorization,
  Effect.map(Effect.all([Access.Access, Audit.Audit, AuditSummary]), ([access, audit, summary]) => ({
    bearer: (httpEffect, { credential, endpoint }) => {
      if (Redacted.value(credential) === "") {
        return refuse({
          status: 401,
          code: "auth.missing_api_key",
          msg: "The call needs an API key.",
          field: "Authorization",
          resolution: "Send the header Authorization: Bearer <API key>. `crochet keys create` makes one."
        })
      }
      const required = Context.get(endpoint.annotations, RequiredScope)
      return Effect.matchEffect(CurrentWorkspace.everyone(access.authenticate(credential)), {
        onFailure: refuse,
        onSuccess: (principal) => {
          const call = Effect.provideService(httpEffect, Caller, { principal, apiKey: credential })
          const rule = Context.get(endpoint.annotations, Rule)
          const answered = allows(principal.scopes, required)
            ? rule === null
              ? call
              : recorded(audit, principal, rule, call)
            : Effect.andThen(
                summary.note(principal, "auth.refused", principal.apiKeyId, { call: endpoint.path, scope: required }),
                refuse({
                  status: 403,
                  code: "auth.scope_missing",
                  msg: `This API key does not have the scope ${required}.`,
                  resolution: `Use a key with the scope ${required}, or make one: crochet keys create --scopes ${required}.`
                })
              )
          return CurrentWorkspace.within(principal.workspaceId)(answered)
        }
      })
    }
  }))
)
