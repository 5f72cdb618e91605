import { Connectors, Refusal } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "./Api.ts"
import { capabilitiesOf, ofConnector } from "./AppView.ts"
import { answer } from "./Envelope.ts"

/** Handlers of `apps.*` and `capabilities.*`. */
export const layer = HttpApiBuilder.group(
  Api,
  "apps",
  Effect.fnUntraced(function* (handlers) {
    const connectors = yield* Connectors.Connectors
    return handlers.handleAll({
      list: ({ query }) =>
        answer(
          Effect.succeed({
            apps: connectors.all
              .filter((connector) => query.category === undefined || connector.app.categories.includes(query.category))
              .map(ofConnector),
            nextPageToken: null
          })
        ),
      capabilities: ({ query }) => {
        const chosen = query.appId === undefined ? connectors.all : [connectors.byId(query.appId)]
        const found = chosen.filter((connector) => connector !== undefined)
        return answer(
          found.length < chosen.length
            ? Effect.fail(Refusal.notFound("app", "appId"))
            : Effect.succeed({ capabilities: found.map(capabilitiesOf), nextPageToken: null })
        )
      }
    })
  })
)
