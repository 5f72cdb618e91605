import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The app's own words behind the mapped enums of an application, verbatim. */
export const ApplicationRawValues = Schema.Struct({
  status: Field.text(),
  origin: Field.text(),
  originDetail: Field.text(),
  stageCategory: Field.text()
})

/** `application_rawValues`. */
export const applicationRawValues = DataType.model({
  id: "application_rawValues",
  title: "Raw values",
  schema: ApplicationRawValues
})
