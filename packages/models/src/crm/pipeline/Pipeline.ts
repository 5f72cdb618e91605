import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What it means for a deal to be in a stage. */
export const StageOutcome = ["OPEN", "WON", "LOST"] as const

/** A stage of a pipeline; `winProbability` goes from 0 to 100. */
export const PipelineStage = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  index: Field.number(),
  winProbability: Field.number(),
  outcome: Field.enumeration(StageOutcome)
})

/** A pipeline; stages in the order of `index`. */
export const PipelineInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  isActive: Field.flag(),
  index: Field.number(),
  stages: Field.list(PipelineStage)
})

/** `crm_pipeline_info`. */
export const pipelineInfo = DataType.model({ id: "crm_pipeline_info", title: "Pipeline", schema: PipelineInfo })

/** `crm_pipelines`: the ways that deals go, with their stages in order. */
export const CrmPipeline = DataType.make({
  id: "crm_pipelines",
  category: "CRM",
  title: "Pipelines",
  models: { info: pipelineInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ pipelineId: recordId })
})
