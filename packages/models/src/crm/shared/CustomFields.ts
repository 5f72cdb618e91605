import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/**
 * Fields that only this account has, as a map from key to value under `fields`, as Knit nests them. Nobody knows what is
 * in them, so they count as personal.
 */
export const CustomFields = Schema.Struct({ fields: Field.openMap("personal") })
