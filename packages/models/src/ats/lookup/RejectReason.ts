import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { RejectionCategory } from "../application/ApplicationRejection.ts"

/** A reason to end an application; `category` says who ends it. */
export const RejectReason = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  category: Field.enumeration(RejectionCategory),
  isActive: Field.flag()
})

/** `rejectReason_info`. */
export const rejectReasonInfo = DataType.model({
  id: "rejectReason_info",
  title: "Reject reason",
  schema: RejectReason
})

/** `ats_rejectReasons`: reasons to end an application, as the account has them. */
export const AtsRejectReasons = DataType.make({
  id: "ats_rejectReasons",
  category: "ATS",
  title: "Reject reasons",
  models: { info: rejectReasonInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ rejectReasonId: recordId })
})
