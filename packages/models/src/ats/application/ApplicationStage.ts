import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Where in the pipeline the application is. `id` and `text` are Knit's. */
export const ApplicationStage = Schema.Struct({
  id: Field.text(),
  text: Field.text(),
  index: Field.number(),
  enteredAt: Field.dateTime()
})

/** `application_stage`. */
export const applicationStage = DataType.model({
  id: "application_stage",
  title: "Current stage",
  schema: ApplicationStage
})
