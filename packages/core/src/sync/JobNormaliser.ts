import type { AnyResource } from "../connector/Resource.ts"
import * as Normaliser from "../diff/Normaliser.ts"
import * as VirtualFilter from "../filter/VirtualFilter.ts"
import type { Fingerprinter } from "../vault/Crypto.ts"
import type { Job } from "./Job.ts"

/** What a job's records are made with: its models, fields and filters. Says where its filter is wrong when it is. */
export const make = (
  job: Job,
  resource: AnyResource,
  fingerprint: Fingerprinter
): Normaliser.Normaliser | VirtualFilter.FilterFault => {
  const expression = job.filters.virtual
  const filter = expression === undefined ? null : VirtualFilter.compile(expression)
  if (filter !== null && typeof filter !== "function") return filter
  return Normaliser.make({
    resource,
    models: job.models,
    exclude: job.filters.fields?.exclude ?? [],
    watchFields: job.watchFields,
    includeInactive: job.includeInactive,
    filter,
    filterText: JSON.stringify(expression ?? null),
    fingerprint
  })
}
