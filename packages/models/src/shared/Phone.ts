import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A phone number as the app has it. `types` is the category's own list of phone types. */
export const phone = <const T extends string>(types: ReadonlyArray<T>) =>
  Schema.Struct({
    type: Field.enumeration(types),
    phoneNumber: Field.text("personal"),
    extension: Field.text("personal"),
    isPrimary: Field.flag()
  })
