import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { Status } from "../Status.ts"

/** What amounts are told apart by. */
export const TrackingCategoryType = ["CLASS", "DEPARTMENT", "LOCATION", "PROJECT", "CUSTOM"] as const

/** A value of a tracking category, for apps that keep values below a category. */
export const TrackingOption = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  status: Field.enumeration(Status)
})

/** A class, department or the like by which amounts are told apart. */
export const TrackingCategoryInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  type: Field.enumeration(TrackingCategoryType),
  parentId: Field.text(),
  status: Field.enumeration(Status),
  options: Field.list(TrackingOption, "none"),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind a tracking category's enums, verbatim. */
export const TrackingCategoryRawValues = Schema.Struct({ type: Field.text(), status: Field.text() })

/** `accounting_tracking_categories`. Gone for receivers once the status is `INACTIVE`. */
export const AccountingTrackingCategory = DataType.make({
  id: "accounting_tracking_categories",
  category: "ACCOUNTING",
  title: "Tracking categories",
  models: {
    info: DataType.model({
      id: "accounting_tracking_category_info",
      title: "Tracking category",
      schema: TrackingCategoryInfo
    }),
    rawValues: DataType.model({
      id: "accounting_tracking_category_rawValues",
      title: "Raw values",
      schema: TrackingCategoryRawValues
    })
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE"),
  identifiers: (trackingCategoryId) => ({ trackingCategoryId })
})
