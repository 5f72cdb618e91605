import type { ArmedFault, Fault } from "../server/Fault.ts"
import type { Fields } from "./Books.ts"
import type { Entity } from "./Entities.ts"
import type { Consent, Granted } from "./OAuth.ts"

/** An entity's row as the control interface shows one. */
export interface QuickBooksRow {
  readonly entity: Entity
  readonly id: string
  readonly active: boolean
  readonly fields: Fields
  readonly lastUpdated: string
}

/**
 * A refusal in the app's own words: `style` `Fault` (data layer), `fault` (gateway, lower case) or `xml`.
 * `{ code: "3001", status: 429 }` throttles; with status 403 as it was before, with 200 inside a success.
 */
export interface Refusal {
  readonly code: string
  readonly status?: number
  readonly style?: "Fault" | "fault" | "xml"
  readonly message?: string
  readonly type?: string
  /** How many requests it hits. Default 1. */
  readonly times?: number
  /** Only requests whose address contains this. */
  readonly path?: string
}

/** The ways to change the books and the server while they run. Every bad input is an `InvalidInput` naming its field. */
export interface QuickBooksControl {
  /** Adds a row with the given fields, in the API's own words; customers, vendors, invoices and bills are completed. */
  readonly add: (entity: Entity, fields?: Fields, count?: number) => ReadonlyArray<QuickBooksRow>
  readonly change: (entity: Entity, id: string | number, fields: Fields) => QuickBooksRow
  /** Sets `Active` of a row of a list; that is all that deleting does there. */
  readonly activate: (entity: Entity, id: string | number, active: boolean) => QuickBooksRow
  /** Voids a transaction: amounts zero, a note; an update and no deletion. */
  readonly void: (entity: Entity, id: string | number) => QuickBooksRow
  /** Deletes a row; `cdc` then says Deleted. */
  readonly remove: (entity: Entity, id: string | number) => { readonly id: string; readonly deleted: true }
  readonly list: (entity: Entity) => ReadonlyArray<QuickBooksRow>
  readonly get: (entity: Entity, id: string | number) => QuickBooksRow
  readonly count: () => Readonly<Record<string, number>>
  /** Closes the books up to a day (`2025-12-31`), or opens them all with null. */
  readonly closeBooks: (until: string | null) => void
  readonly fault: (fault: Fault) => ArmedFault
  readonly faults: () => ReadonlyArray<ArmedFault>
  readonly clearFaults: () => number
  /** Makes the next requests be refused in the app's own words. */
  readonly refuse: (refusal: Refusal) => void
  /** Tokens of another consent; with the id of another company, tokens that this one refuses. */
  readonly signIn: (realmId?: string) => Granted
  /** How people who sign in by the browser behave from now on: they approve, refuse, or choose another company. */
  readonly consent: (consent: Consent) => void
  /** Ends all access tokens; with `refresh` the refresh tokens too, so that only a new consent helps. */
  readonly expireTokens: (options?: { readonly refresh?: boolean }) => number
  readonly shuffleKeys: (on: boolean) => void
  readonly clearRequests: () => number
}
