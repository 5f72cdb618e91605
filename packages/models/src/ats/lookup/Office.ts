import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Place } from "../Place.ts"

/** An office; `location` is the one-line form, `address` the parts. */
export const Office = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  location: Field.text(),
  address: Field.optional(Place),
  parentId: Field.text(),
  isActive: Field.flag()
})

/** `office_info`. */
export const officeInfo = DataType.model({
  id: "office_info",
  title: "Office",
  schema: Office
})

/** `ats_offices`: offices that jobs can be at. */
export const AtsOffices = DataType.make({
  id: "ats_offices",
  category: "ATS",
  title: "Offices",
  models: { info: officeInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ officeId: recordId })
})
