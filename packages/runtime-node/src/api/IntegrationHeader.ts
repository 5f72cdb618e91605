import { Refusal } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The header of calls that concern one integration, and our alias for it. */
export const integrationHeader = {
  "x-knit-integration-id": Schema.optionalKey(Schema.String.annotate({ description: "The integration (`int_…`)." })),
  "x-crochet-integration-id": Schema.optionalKey(Schema.String.annotate({ description: "Alias." }))
}

/** The integration that the call names, if any. */
export const given = (headers: {
  readonly "x-knit-integration-id"?: string
  readonly "x-crochet-integration-id"?: string
}): string | undefined => headers["x-knit-integration-id"] || headers["x-crochet-integration-id"] || undefined

/** The integration that the call must name. */
export const required = (headers: Parameters<typeof given>[0]): Effect.Effect<string, Refusal.Refusal> => {
  const id = given(headers)
  return id === undefined
    ? Effect.fail(
        new Refusal.Refusal({
          kind: "malformed",
          code: "request.integration_missing",
          msg: "The header X-Knit-Integration-Id is missing.",
          field: "X-Knit-Integration-Id",
          resolution:
            "Send the id of the integration (int_…) that the call concerns in the header X-Knit-Integration-Id."
        })
      )
    : Effect.succeed(id)
}
