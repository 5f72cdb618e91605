import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { isNotOff } from "../../shared/Info.ts"
import { EmployeeAddress } from "../employee/Locations.ts"

/** What a place of work is. */
export const SiteType = ["OFFICE", "REMOTE", "HOME"] as const

/** A place of work; `employee_location` names it by `workLocationId`. `timezone` is an IANA name (`Europe/Berlin`). */
export const SiteInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  type: Field.enumeration(SiteType),
  address: Field.optional(EmployeeAddress),
  timezone: Field.text(),
  isActive: Field.flag()
})

/** The app's own words behind the location's enums, verbatim. */
export const SiteRawValues = Schema.Struct({ type: Field.text() })

/** `hris_location_info`. */
export const siteInfo = DataType.model({
  id: "hris_location_info",
  title: "Location",
  description: "A place of work.",
  schema: SiteInfo
})

/** `hris_location_rawValues`. */
export const siteRawValues = DataType.model({
  id: "hris_location_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: SiteRawValues
})

/** `hris_locations`: the places of work of an HR system. Gone for receivers once `isActive` is `FALSE`. */
export const HrisLocations = DataType.make({
  id: "hris_locations",
  category: "HRIS",
  title: "Locations",
  models: { info: siteInfo, rawValues: siteRawValues },
  core: ["info"],
  isActive: isNotOff,
  identifiers: (recordId) => ({ locationId: recordId })
})
