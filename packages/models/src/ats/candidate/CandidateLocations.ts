import { DataType } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Place } from "../Place.ts"

/** `candidate_locations`: where the candidate lives or can be met. */
export const candidateLocations = DataType.model({
  id: "candidate_locations",
  title: "Locations",
  schema: Schema.Array(Place)
})
