import type { Integration } from "../integration/Integration.ts"
import type { Fingerprinter } from "../vault/Crypto.ts"
import type { Job } from "./Job.ts"

/**
 * Fingerprint of everything that decides what a listing shows: whose credentials, which settings, filters and models.
 * Absence is evidence only between listings of one scope.
 */
export const of = (integration: Integration, job: Job, fingerprint: Fingerprinter): string =>
  fingerprint(
    JSON.stringify([
      integration.subject,
      Object.entries(integration.settings).sort(([a], [b]) => (a < b ? -1 : 1)),
      job.filters,
      job.includeInactive,
      job.models
    ])
  )
