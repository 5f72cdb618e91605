import { Sensitivity } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Ids of other records of the same app. */
export const Ids = Schema.Array(Schema.String.annotate({ [Sensitivity.annotationKey]: "none" }))
