import { Page, Resource } from "@crochet/core"
import { CrmPipeline } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { pipelineId } from "./SalesforceDeals.ts"
import * as Plans from "./SalesforcePlan.ts"
import * as R from "./SalesforceRow.ts"
import { outcomeOf } from "./SalesforceShared.ts"
import { path, QueryAnswer } from "./SalesforceWire.ts"
import * as Soql from "./SalesforceSoql.ts"

const wanted: Plans.Wanted = {
  memory: Plans.memory(),
  object: "OpportunityStage",
  fields: {
    crm_pipeline_info: ["ApiName", "MasterLabel", "SortOrder", "IsActive", "IsClosed", "IsWon", "DefaultProbability"]
  }
}

interface Pipeline {
  readonly id: string
  readonly stages: ReadonlyArray<R.Row>
}

const read = Effect.fnUntraced(function* (context: Resource.ResourceContext) {
  const plan = yield* Plans.make(context, wanted)
  const { records } = yield* context.client.decode(
    {
      operation: "OpportunityStage.list",
      path: path("/query"),
      query: { q: Soql.select(plan, { orderBy: "SortOrder" }) }
    },
    QueryAnswer
  )
  return { id: pipelineId, stages: records.map((record) => Plans.rowOf(plan, record)) } satisfies Pipeline
})

/** The stages of opportunities as one pipeline; which of them a sales process uses is not told by the REST API. */
export const pipelines = Resource.make<typeof CrmPipeline, Pipeline>({
  dataType: CrmPipeline,
  mapperVersion: 1,
  list: (context) =>
    Stream.fromIterableEffect(
      Effect.map(read(context), (pipeline): ReadonlyArray<Page.Pages<Pipeline>> => [
        Page.page([pipeline]),
        context.end({ because: "an org has one list of stages, read in one answer", paging: "whole" })
      ])
    ),
  get: (context, id) => (id === pipelineId ? Effect.map(read(context), Option.some) : Effect.succeed(Option.none())),
  recordId: ({ id }) => id,
  toRecord: ({ id, stages }) => ({
    info: {
      id,
      stages: stages.map((stage) => ({
        id: R.text(stage, "ApiName"),
        name: R.text(stage, "MasterLabel"),
        index: R.number(stage, "SortOrder"),
        winProbability: R.number(stage, "DefaultProbability"),
        outcome: outcomeOf(stage)
      }))
    }
  }),
  support: {
    info: { support: "SUPPORTED", fields: { name: "UNSUPPORTED", isActive: "UNSUPPORTED", index: "UNSUPPORTED" } }
  }
})
