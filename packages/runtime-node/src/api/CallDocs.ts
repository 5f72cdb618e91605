import type { ApiKey } from "@crochet/core"
import * as Context from "effect/Context"
import * as OpenApi from "effect/http-api/OpenApi"
import { RequiredScope } from "./Authorization.ts"

/** The annotations of a call: which scope it needs and what the reference says about it. */
export const docs = (scope: ApiKey.Scope, summary: string, description?: string) =>
  Context.merge(
    OpenApi.annotations({
      summary,
      description: [description, `Needs the scope \`${scope}\`.`].filter(Boolean).join("\n\n")
    }),
    Context.make(RequiredScope, scope)
  )
