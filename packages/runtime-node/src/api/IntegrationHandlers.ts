import { Authorizations, Integrations } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { Caller } from "./Authorization.ts"
import { ofBegun, redirectUriOf } from "./AuthorizationView.ts"
import { answer, PublicUrl } from "./Envelope.ts"
import { given, required } from "./IntegrationHeader.ts"
import { ofImport, ofIntegration, ofValidation } from "./IntegrationView.ts"
import { requested } from "./Paging.ts"

/** Handlers of `integration.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "integration",
  Effect.fnUntraced(function* (handlers) {
    const integrations = yield* Integrations.Integrations
    const authorizations = yield* Authorizations.Authorizations
    return handlers.handleAll({
      import: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* answer(Effect.map(integrations.import(principal, payload), ofImport))
      }),
      authorize: Effect.fnUntraced(function* ({ payload }) {
        const { principal } = yield* Caller
        const publicUrl = yield* PublicUrl
        const redirectUri = publicUrl === "" ? null : (appId: string) => redirectUriOf(publicUrl, appId)
        return yield* answer(Effect.map(authorizations.begin(principal, payload, redirectUri), ofBegun))
      }),
      details: Effect.fnUntraced(function* ({ headers, query }) {
        const { principal } = yield* Caller
        const id = given(headers)
        if (id !== undefined) {
          return yield* answer(
            Effect.map(integrations.get(principal, id), (found) => ({
              apps: [ofIntegration(found)],
              nextPageToken: null
            }))
          )
        }
        const filter = { originOrgId: query.originOrgId, appId: query.appId }
        return yield* answer(
          Effect.map(integrations.list(principal, filter, requested(query)), (page) => ({
            apps: page.items.map(ofIntegration),
            nextPageToken: page.nextPageToken
          }))
        )
      }),
      validate: Effect.fnUntraced(function* ({ headers }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => integrations.validate(principal, id)),
            Effect.map(ofValidation)
          )
        )
      }),
      deactivate: Effect.fnUntraced(function* ({ headers }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => integrations.deactivate(principal, id)),
            Effect.map(ofIntegration)
          )
        )
      }),
      update: Effect.fnUntraced(function* ({ headers, payload }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) => integrations.update(principal, id, payload)),
            Effect.map(ofIntegration)
          )
        )
      }),
      purge: Effect.fnUntraced(function* ({ headers }) {
        const { principal } = yield* Caller
        return yield* answer(
          required(headers).pipe(
            Effect.flatMap((id) =>
              Effect.map(integrations.purge(principal, id), (removed) => ({ integrationId: id, removed }))
            )
          )
        )
      })
    })
  })
)
