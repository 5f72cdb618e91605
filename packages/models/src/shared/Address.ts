import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/**
 * A postal address. `types` is the category's own list of address types.
 *
 * `country` is ISO 3166-1 alpha-2 (`Country.code` reads names), `subdivisionCode` ISO 3166-2 (`US-CA`), `state` what
 * the app calls it. `raw` is the one-line form, for apps that have only that.
 */
export const address = <const T extends string>(types: ReadonlyArray<T>) =>
  Schema.Struct({
    addressLine1: Field.text("personal"),
    addressLine2: Field.text("personal"),
    city: Field.text("personal"),
    state: Field.text("personal"),
    country: Field.text("personal"),
    zipCode: Field.text("personal"),
    addressType: Field.enumeration(types),
    id: Field.text(),
    name: Field.text(),
    raw: Field.text("personal"),
    subdivisionCode: Field.text("personal")
  })
