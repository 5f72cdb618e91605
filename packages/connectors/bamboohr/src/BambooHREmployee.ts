import { Resource } from "@crochet/core"
import { Dates, Employee } from "@crochet/models"
import * as Changes from "./BambooHRChanges.ts"
import { read } from "./BambooHRFields.ts"
import * as Listing from "./BambooHRListing.ts"
import { toRecord } from "./BambooHRMapping.ts"
import type { filterFields } from "./BambooHRPlan.ts"
import { support } from "./BambooHRSupport.ts"
import type { EmployeeRow } from "./BambooHRWire.ts"

const filterHelp: { readonly [id in keyof typeof filterFields]: readonly [label: string, help: string] } = {
  department: ["Department", "Only employees of this department, by its name in BambooHR."],
  division: ["Division", "Only employees of this division, by its name in BambooHR."],
  location: ["Location", "Only employees of this location, by its name in BambooHR."],
  jobTitle: ["Job title", "Only employees with this job title."],
  employmentStatus: [
    "Employment status",
    "Only employees with this entry of the employment status list, e.g. Full-Time."
  ]
}

/** Employees of a BambooHR account, with what is known about them. */
export const employee: Resource.AnyResource = Resource.make<typeof Employee, EmployeeRow>({
  dataType: Employee,
  mapperVersion: 1,
  list: Listing.list,
  changes: { start: Changes.start, fetch: Changes.fetch },
  get: Changes.get,
  recordId: (row) => read(row.source, row.employee, "id") ?? "",
  toRecord,
  updatedAt: (row) => {
    const stamp = Dates.fromInstant(read(row.source, row.employee, "lastChanged"))
    return stamp === null ? undefined : Date.parse(stamp)
  },
  // The picture's address is signed anew on every call; the time of the last change moves with every field.
  volatile: { raw: ["photo"], record: ["employeeProfilePicture.url", "profile.updatedAt"] },
  support,
  filters: Object.entries(filterHelp).map(([id, [label, help]]) => ({ id, label, help }))
})
