import type { ArmedFault, Fault } from "../server/Fault.ts"
import type { BulkJob } from "./Bulk.ts"
import type { Consent } from "./OAuth.ts"
import type { Fields } from "./Org.ts"

/** A record as the control interface shows one: its id and all its fields. */
export interface SalesforceRecord {
  readonly id: string
  readonly object: string
  readonly fields: Fields
}

/** What the org refuses from now on; null: nothing. */
export type Limit = "daily" | "concurrent" | null

/** The ways to change the org and the server while they run. Every bad input is an `InvalidInput` naming its field. */
export interface SalesforceControl {
  /** Adds so many made-up records of an object, or records with the fields given. Gives their ids. */
  readonly add: (object: string, what?: number | Fields | ReadonlyArray<Fields>) => ReadonlyArray<string>
  readonly change: (id: string, fields: Fields) => SalesforceRecord
  /** Into the recycle bin; with `purge` out of it too, so that only `/deleted` still tells of it. */
  readonly remove: (
    id: string,
    options?: { readonly purge?: boolean }
  ) => { readonly id: string; readonly deleted: true }
  /** Out of the recycle bin. */
  readonly restore: (id: string) => SalesforceRecord
  /** Live records of an object in the order of their ids. */
  readonly list: (
    object: string,
    options?: { readonly offset?: number; readonly limit?: number }
  ) => ReadonlyArray<SalesforceRecord>
  readonly get: (id: string) => SalesforceRecord
  readonly count: (object: string) => number
  readonly fault: (fault: Fault) => ArmedFault
  readonly faults: () => ReadonlyArray<ArmedFault>
  readonly clearFaults: () => number
  /** Ends all sessions; with `refresh` the refresh tokens too, so that only a new consent helps. */
  readonly expireTokens: (options?: { readonly refresh?: boolean }) => number
  /** How people who sign in by the browser behave from now on: they approve, or refuse. */
  readonly consent: (consent: Consent) => void
  /** Answers REQUEST_LIMIT_EXCEEDED from now on: `daily` or `concurrent`; null ends it. */
  readonly exceedLimit: (limit: Limit) => void
  /** API_DISABLED_FOR_ORG for everything, until it is called with false. */
  readonly disableApi: (on: boolean) => void
  /** Refuses Bulk jobs, or lets those that are at work fail. */
  readonly breakBulk: (how: "refuse" | "fail" | null) => void
  /** Takes a field away from the user, or gives it back. */
  readonly hideField: (object: string, field: string, hidden?: boolean) => void
  /** The names of the objects that the user may see. */
  readonly objects: () => ReadonlyArray<string>
  /** Takes an object away from the user, as an org does that does not have the feature, or gives it back. */
  readonly hideObject: (object: string, hidden?: boolean) => void
  /** Makes a custom object without records: `Fabric__c`. Gives its name. */
  readonly defineObject: (object: string, label?: string) => string
  /** Deletes a custom object with its records. */
  readonly dropObject: (object: string) => void
  /** Gives an object another label. */
  readonly relabelObject: (object: string, label: string) => void
  /** Gives an object a custom field of a type of Salesforce (`string`, `currency`, `picklist`…), which is empty everywhere. */
  readonly defineField: (object: string, field: string, type: string, options?: ReadonlyArray<string>) => void
  /** Whether `/deleted` and `/updated` know an object. */
  readonly replicate: (object: string, on: boolean) => void
  /** Forgets open query cursors, and with `jobs` Bulk jobs and their results too. */
  readonly expireCursors: (options?: { readonly jobs?: boolean }) => number
  readonly jobs: () => ReadonlyArray<BulkJob>
  /** The instance URL that the next token answers tell. */
  readonly moveInstance: (url: string) => void
  /** How long changes are not seen by queries. */
  readonly delay: (millis: number) => void
  /** Writes JSON with keys in random order and random white space from now on. */
  readonly shuffleKeys: (on: boolean) => void
  readonly clearRequests: () => number
}
