import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Bulk from "./SalesforceBulk.ts"
import { isRefusal } from "./SalesforceErrors.ts"
import * as Plans from "./SalesforcePlan.ts"
import * as Query from "./SalesforceQuery.ts"
import { defaultBulkFrom } from "./SalesforceSettings.ts"

type Context = Resource.ResourceContext

/** Whether so many records are there that a job is quicker and cheaper than pages. */
const isLarge = (context: Context, plan: Plans.Plan) => {
  const { bulk, bulkFrom } = context.client.settings
  if (bulk === "off") return Effect.succeed(false)
  return Query.count(context, plan).pipe(
    Effect.map((records) => records >= Number(bulkFrom ?? defaultBulkFrom)),
    // Counting what is very large takes too long for the app: then it is large.
    Effect.catchIf(
      (error) => error.reason._tag === "Unavailable",
      () => Effect.succeed(true)
    ),
    Effect.catchIf(isRefusal, () => Effect.succeed(false))
  )
}

/** All records of an object: by Bulk API where there are many, else page by page. A listing stays with what it began with. */
export const list = (context: Context, wanted: Plans.Wanted): Query.Rows =>
  Stream.unwrap(
    Effect.gen(function* () {
      const plan = yield* Plans.make(context, wanted)
      const byQuery = (of: Context) => Query.narrowing(of, wanted, plan, (narrowed) => Query.list(of, narrowed))
      if (Bulk.checkpointOf(context) === undefined) {
        const resumed = context.checkpoint !== null && context.checkpoint !== undefined
        if (resumed || !(yield* isLarge(context, plan))) return byQuery(context)
      }
      // A checkpoint of a job is none of a query.
      return Bulk.list(context, plan, () => byQuery({ ...context, checkpoint: null }))
    })
  )
