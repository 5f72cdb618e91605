import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A tag that candidates can have. */
export const Tag = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  isActive: Field.flag()
})

/** `tag_info`. */
export const tagInfo = DataType.model({
  id: "tag_info",
  title: "Tag",
  schema: Tag
})

/** `ats_tags`: tags that candidates can have. */
export const AtsTags = DataType.make({
  id: "ats_tags",
  category: "ATS",
  title: "Tags",
  models: { info: tagInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ tagId: recordId })
})
