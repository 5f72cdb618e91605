import type { DataType } from "@crochet/core"
import * as Predicate from "effect/Predicate"

/**
 * `isActive` of a data type: gone for receivers once `info`'s field has one of these values. `NOT_SPECIFIED` counts as
 * active, since not knowing must never delete anybody.
 */
export const goneWhen =
  (field: string, ...values: ReadonlyArray<string>) =>
  ({ info }: DataType.RecordValues): boolean => {
    const value = Predicate.hasProperty(info, field) ? info[field] : undefined
    return typeof value !== "string" || !values.includes(value)
  }

/** `isActive` of what an app only ever deletes: a void document is still a document. */
export const always = (): boolean => true
