import type { DataType } from "@crochet/core"
import * as Predicate from "effect/Predicate"

/** What the record's `info` says in a field; `undefined` where there is no `info` or no such field. */
export const infoOf = (record: DataType.RecordValues, field: string): unknown =>
  Predicate.hasProperty(record.info, field) ? record.info[field] : undefined

/** The text that the record's `info` has in a field, or null: what identifiers are made of. */
export const infoText = (record: DataType.RecordValues, field: string): string | null => {
  const value = infoOf(record, field)
  return typeof value === "string" ? value : null
}

/** Active unless `info.isActive` is `FALSE`: not knowing must never delete anything. */
export const isNotOff = (record: DataType.RecordValues): boolean => infoOf(record, "isActive") !== "FALSE"
